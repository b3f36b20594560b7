//! From "sign in" to a session: `begin`, then at the callback `profile`, `provision`, `establish`.

pub(crate) mod begin;
pub(crate) mod establish;
pub(crate) mod profile;
pub(crate) mod provision;
