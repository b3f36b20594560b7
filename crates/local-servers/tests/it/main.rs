//! Integration tests of `local-servers`.

mod postgres;
mod redis;
mod tcp_proxy;
