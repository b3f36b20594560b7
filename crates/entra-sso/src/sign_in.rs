//! From "sign in" to a session: `begin`, then at the callback `profile`, `admission`, `provision`, `establish`.

pub(crate) mod admission;
pub(crate) mod begin;
pub(crate) mod establish;
pub(crate) mod profile;
pub(crate) mod provision;
