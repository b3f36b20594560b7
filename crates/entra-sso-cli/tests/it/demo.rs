//! `entra-sso demo`.

mod authority;
mod database;
mod ending;
mod pages;
mod private;
mod which_microsoft;
