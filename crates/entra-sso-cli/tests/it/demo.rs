//! `entra-sso demo`.

mod database;
mod ending;
mod pages;
mod private;
mod which_microsoft;
