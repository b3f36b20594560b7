//! A user's sessions as somebody else may see them: no id, no token, no claim.

use std::{cmp::Reverse, fmt::Write as _, sync::Arc};

use entra_oidc::Timestamp;

use super::{id::SessionKey, sessions::Sessions, store::StoredSession};
use crate::{store_error::StoreError, users::UserId};

/// More sessions of one user than this are not listed.
const MOST_LISTED: usize = 200;

/// One session of a user.
pub(crate) struct ListedSession {
    pub(crate) key: SessionKey,
    /// The authority that signed the user in.
    pub(crate) authority: Arc<str>,
    /// When it began.
    pub(crate) started_at: Option<Timestamp>,
    /// It ends at this moment when it is not used.
    pub(crate) idle_deadline: Timestamp,
    /// It ends at this moment in any case.
    pub(crate) absolute_deadline: Timestamp,
}

impl Sessions {
    /// The sessions of a user that are not over, the latest first.
    pub(crate) async fn list_of_user(&self, user: &UserId, now: Timestamp) -> Result<Vec<ListedSession>, StoreError> {
        let mut listed = Vec::new();
        for key in self.of_user(user).await?.into_iter().take(MOST_LISTED) {
            let row = self.stored(&key, now).await?.filter(|row| row.user == *user && now < row.deadline());
            listed.extend(row.map(|row| ListedSession::of(key, row)));
        }
        listed.sort_by_key(|session| Reverse((session.absolute_deadline, session.key)));
        Ok(listed)
    }
}

impl ListedSession {
    fn of(key: SessionKey, row: StoredSession) -> ListedSession {
        ListedSession {
            key,
            authority: row.authority,
            started_at: row.started_at,
            idle_deadline: row.idle_deadline,
            absolute_deadline: row.absolute_deadline,
        }
    }
}

impl SessionKey {
    /// What a page names a session by: the first half of the key, in hexadecimal digits. It opens nothing, and leads to
    /// nothing outside the sessions of one user.
    pub(crate) fn handle(&self) -> String {
        let mut handle = String::with_capacity(32);
        for byte in self.as_bytes().iter().take(16) {
            // Writing into a `String` cannot fail.
            let _ = write!(handle, "{byte:02x}");
        }
        handle
    }
}
