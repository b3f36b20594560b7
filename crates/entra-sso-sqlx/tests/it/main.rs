//! Integration tests of `entra-sso-sqlx`.

mod application;
mod contract;
mod databases;
mod mark;
mod migration;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod scratch;
mod secrets;
mod sessions;
mod statements;
mod together;
