//! From "sign in" to a session: `begin`, then at the callback `accept`, which has the order of the steps (`profile`,
//! `roles`, `provision`, `renewal`, `permissions`, `update`, with the application's `hooks` between them), and `establish`; or
//! `user_flow`, which ends in no session.

pub(crate) mod accept;
mod arrival;
pub(crate) mod begin;
pub(crate) mod establish;
pub(crate) mod hooks;
mod permissions;
mod prepared;
mod profile;
mod provision;
mod renewal;
pub(crate) mod roles;
mod update;
pub(crate) mod user_flow;
