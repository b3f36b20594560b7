//! From "sign in" to a session: `begin`, then at the callback `graph_profile`, `provision`, `establish`.

pub(crate) mod begin;
pub(crate) mod establish;
pub(crate) mod graph_profile;
pub(crate) mod provision;
