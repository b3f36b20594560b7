//! Integration tests of `entra-sso-sqlx`.

mod contract;
mod mark;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod scratch;
