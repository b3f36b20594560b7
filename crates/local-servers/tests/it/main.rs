//! Integration tests of `local-servers`.

mod postgres;
mod tcp_proxy;
