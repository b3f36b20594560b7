//! What a session knows.

use std::{fmt, time::Duration};

use entra_oidc::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::tokens::SessionTokens;
use crate::{owner::Owner, roles::Roles, users::User};

/// What a session knows. Written as JSON inside a sealed body; the format's number stands in front of it
/// (`session::body`). New fields get `#[serde(default)]`; a change that this cannot carry gets a new number.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SessionData {
    /// Who made it. It counts for no other (K13).
    #[serde(flatten)]
    pub(crate) owner: Owner,
    /// The user as he was when last looked up, without the picture.
    pub(crate) user: User,
    /// Staff in this session alone, by the staff list of its site.
    #[serde(default)]
    pub(crate) site_staff: bool,
    /// The authentication backend that chose the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<String>,
    /// The user's app roles and groups.
    #[serde(default)]
    pub(crate) roles: Roles,
    /// Of how many rechecks of its row the session knows.
    #[serde(default)]
    pub(crate) rechecks: u64,
    /// When the user was last looked up.
    pub(crate) user_checked_at: Timestamp,
    /// Microsoft's id of its own session.
    pub(crate) sid: Option<String>,
    /// When the user signed in.
    pub(crate) created_at: Timestamp,
    /// Without a request for this long the session is over.
    pub(crate) idle_age: Duration,
    /// Nothing moves this deadline.
    pub(crate) absolute_deadline: Timestamp,
    /// The verified claims of the newest ID token.
    pub(crate) claims: Map<String, Value>,
    /// The tokens, where they are saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tokens: Option<SessionTokens>,
}

impl SessionData {
    /// The idle deadline of a session that is used now.
    pub(crate) fn idle_deadline(&self, now: Timestamp) -> Timestamp {
        now.plus(self.idle_age).min(self.absolute_deadline)
    }
}

impl fmt::Debug for SessionData {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SessionData").field("owner", &self.owner).field("user", &self.user.id).finish_non_exhaustive()
    }
}
