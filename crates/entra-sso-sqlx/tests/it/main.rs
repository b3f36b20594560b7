//! Integration tests of `entra-sso-sqlx`.

mod contract;
mod mark;
mod open;
mod scratch;
