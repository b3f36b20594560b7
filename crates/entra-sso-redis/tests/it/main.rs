//! Integration tests of `entra-sso-redis`, on a Redis of their own.

mod contract;
