//! Sessions and keys for tests.

use std::time::Duration;

use entra_sso::{
    oidc::{Timestamp, random_bytes},
    session::{SessionBody, SessionKey, StoredSession},
    users::UserId,
};

pub(crate) fn key() -> SessionKey {
    SessionKey::from_bytes(random_bytes())
}

/// A session that lasts from this moment for so many seconds, whatever is done in it for ten times as long.
pub(crate) fn session(user: &UserId, now: Timestamp, seconds: u64) -> StoredSession {
    let until = |seconds| now.plus(Duration::from_secs(seconds));
    let body = SessionBody::Sealed("a body".into());
    StoredSession::new(user.clone(), "authority", until(seconds), until(10 * seconds), body)
}
