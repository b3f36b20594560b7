//! Integration tests of `local-servers`.

mod postgres;
mod redis;
mod round_robin;
mod tcp_proxy;
