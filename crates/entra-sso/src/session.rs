//! Sessions: who is signed in, until when, and where that is kept.
//!
//! A session has a random 256-bit id that only the browser's cookie holds. Everybody else knows it by its
//! SHA-256, the [`SessionKey`]. What a session knows is either kept as it is, in this process ([`MemorySessions`]), or
//! sealed with a key that needs both the session id and the server's key, so that who reads a shared store gets no token
//! and who writes to it makes no session.
//!
//! 1. A new id at every sign-in; an id is never taken from a request.
//! 2. Two deadlines: one that activity moves (idle) and one that nothing moves (absolute).
//! 3. A replacement names the version that it saw; replacing a session that has ended fails.
//!
//! To keep sessions elsewhere, implement [`SessionStore`] and [`UsedStates`], and let
//! `entra_sso::testing::session_store_contract` (feature `testing`) judge the result.

pub(crate) mod body;
pub(crate) mod data;
mod id;
#[cfg(feature = "admin")]
pub(crate) mod listing;
mod memory;
pub(crate) mod once;
mod opened;
mod others;
pub(crate) mod proof;
mod refused_records;
pub(crate) mod sessions;
pub(crate) mod store;
pub(crate) mod tokens;
pub(crate) mod used_states;

pub(crate) use self::id::SessionId;
pub use self::{
    id::SessionKey,
    memory::MemorySessions,
    store::{LiveSession, Replaced, SessionBody, SessionQuery, SessionStore, SessionUpdate, StoredSession},
    used_states::{Mark, UsedStates},
};
