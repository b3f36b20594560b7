//! From "sign in" to a session: `begin`, then at the callback `profile`, `roles`, `provision`, `establish`; or `user_flow`,
//! which ends in none.

pub(crate) mod begin;
pub(crate) mod establish;
pub(crate) mod profile;
pub(crate) mod provision;
pub(crate) mod roles;
pub(crate) mod user_flow;
