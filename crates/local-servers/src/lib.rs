//! Throw-away servers for tests and benchmarks.
//!
//! Each server has a file with its name, and its parts in the folder of that name; `directory` and `ports` are what servers need to
//! be apart from each other. A process starts at most one of a kind, when it is first asked for; one that a test kills is that
//! test's own. Everything of a server is gone when the process is, however that ends. A server that is not installed is a panic that
//! names the cure: no test is skipped. [`TcpProxy`] is a bad network in front of any server, [`RoundRobin`] what stands in front of
//! several processes of one application.

#![forbid(unsafe_code)]

mod directory;
mod ports;
mod postgres;
mod redis;
mod round_robin;
mod tcp_proxy;

pub use self::{
    postgres::{DurablePostgres, Postgres},
    redis::{Redis, RedisOptions},
    round_robin::RoundRobin,
    tcp_proxy::{Line, Target, TcpProxy},
};
