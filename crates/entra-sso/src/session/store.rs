//! What a store of sessions promises.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use entra_oidc::Timestamp;

use super::{
    data::SessionData,
    id::SessionKey,
    used_states::{DynUsedStates, UsedStates},
};
use crate::{store_error::StoreError, users::UserId};

/// Keeps sessions by the hash of their id.
///
/// A store moves records and compares versions; it knows nothing of cookies, deadlines or what a body means. It may drop
/// a session whose idle or absolute deadline is over, and need not. All methods may run at the same time.
pub trait SessionStore: UsedStates + Send + Sync + 'static {
    /// Keeps a new session. A key that is already there is an error, never a replacement.
    fn create(&self, key: SessionKey, session: StoredSession) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The session with this key; `None` when there is none.
    fn load(&self, key: &SessionKey) -> impl Future<Output = Result<Option<StoredSession>, StoreError>> + Send;

    /// Changes a session.
    ///
    /// [`SessionUpdate::Body`] happens only when the stored version is `seen`, and makes it `seen + 1`.
    /// [`SessionUpdate::Touch`] and [`SessionUpdate::Recheck`] happen whatever the version is, and leave it as it is. Compare and change are one step.
    /// A session that is not there stays away: the answer is [`Replaced::Gone`].
    fn replace(
        &self,
        key: &SessionKey,
        seen: u64,
        update: SessionUpdate,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send;

    /// Ends these sessions and says how many of them there were. Keys that are not there are passed over.
    fn delete(&self, keys: &[SessionKey]) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// The keys of the sessions that match.
    fn find(&self, query: SessionQuery) -> impl Future<Output = Result<Vec<SessionKey>, StoreError>> + Send;

    /// Whether the records never leave this process's memory.
    ///
    /// A store that says `true` is handed [`SessionBody::Live`] and must hand the same value back. Any other store is
    /// handed [`SessionBody::Sealed`]. The default is `false`.
    fn in_process(&self) -> bool {
        false
    }
}

/// A store that its application keeps a hand on.
impl<T: SessionStore> SessionStore for Arc<T> {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        T::create(self, key, session).await
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        T::load(self, key).await
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        T::replace(self, key, seen, update).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        T::delete(self, keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        T::find(self, query).await
    }

    fn in_process(&self) -> bool {
        T::in_process(self)
    }
}

/// A session as a store keeps it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredSession {
    /// Counts the replacements of the body, from 0.
    pub version: u64,
    /// Whose session it is, for [`SessionQuery::OfUser`].
    pub user: UserId,
    /// The authority that signed the user in, for [`SessionQuery::OfMicrosoftSid`].
    pub authority: Arc<str>,
    /// Microsoft's id of its own session, for [`SessionQuery::OfMicrosoftSid`].
    pub sid: Option<Arc<str>>,
    /// The account's `sub` there, for [`SessionQuery::OfSubject`]. Only standard providers tell of a sign-out by it.
    pub subject: Option<Arc<str>>,
    /// When it began, for who looks at a user's sessions.
    pub started_at: Option<Timestamp>,
    /// The session is over at this moment, unless a touch moves it.
    pub idle_deadline: Timestamp,
    /// The session is over at this moment in any case.
    pub absolute_deadline: Timestamp,
    /// Counts the [`SessionUpdate::Recheck`]s, from 0: how often the user was said to have changed.
    pub rechecks: u64,
    /// What the session knows.
    pub body: SessionBody,
}

/// What a session knows, in the form that its store can keep.
#[derive(Clone)]
#[non_exhaustive]
pub enum SessionBody {
    /// Opaque bytes. Nobody can read or make them without the session id and the server's key.
    Sealed(Bytes),
    /// The value itself, for stores that are [in this process](SessionStore::in_process).
    Live(LiveSession),
}

/// A session's contents inside this process. Cloning it copies a pointer.
#[derive(Clone)]
pub struct LiveSession(Arc<SessionData>);

/// A change of a stored session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionUpdate {
    /// Replaces the body, if nobody else did so first.
    Body(SessionBody),
    /// Moves the idle deadline.
    Touch(Timestamp),
    /// Adds one to [`StoredSession::rechecks`]: the user has changed, and is read again before the session counts.
    Recheck,
}

/// What became of a [`SessionStore::replace`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Replaced {
    /// Done.
    Yes,
    /// Another replacement came first: load and try again.
    Conflict,
    /// The session has ended.
    Gone,
}

/// Which sessions to find.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionQuery {
    /// All sessions of a user.
    OfUser(UserId),
    /// The sessions that began from one session at Microsoft.
    OfMicrosoftSid {
        /// The authority, as in [`StoredSession::authority`].
        authority: String,
        /// Microsoft's session id, as in [`StoredSession::sid`], compared byte by byte.
        sid: String,
    },
    /// The sessions of one account of a standard provider, whoever the user is here.
    OfSubject {
        /// The authority, as in [`StoredSession::authority`].
        authority: String,
        /// The account's `sub`, as in [`StoredSession::subject`], compared byte by byte.
        subject: String,
    },
    /// Sessions with a deadline, idle or absolute, before this moment. A store may answer with a part of them at a time.
    ExpiredBefore(Timestamp),
}

impl StoredSession {
    /// A session of version 0 without a Microsoft session id.
    #[must_use]
    pub fn new(
        user: UserId,
        authority: impl Into<Arc<str>>,
        idle_deadline: Timestamp,
        absolute_deadline: Timestamp,
        body: SessionBody,
    ) -> Self {
        Self {
            version: 0,
            user,
            authority: authority.into(),
            sid: None,
            subject: None,
            started_at: None,
            idle_deadline,
            absolute_deadline,
            rechecks: 0,
            body,
        }
    }

    /// The same with a version, for a store that reads a session back.
    #[must_use]
    pub fn with_version(self, version: u64) -> Self {
        Self { version, ..self }
    }

    /// The same with a count of rechecks, for a store that reads a session back.
    #[must_use]
    pub fn with_rechecks(self, rechecks: u64) -> Self {
        Self { rechecks, ..self }
    }

    /// The same with Microsoft's session id.
    #[must_use]
    pub fn with_sid(self, sid: Option<String>) -> Self {
        Self { sid: sid.map(Into::into), ..self }
    }

    /// The same with the account's `sub`.
    #[must_use]
    pub fn with_subject(self, subject: Option<String>) -> Self {
        Self { subject: subject.map(Into::into), ..self }
    }

    /// The same with the moment at which it began.
    #[must_use]
    pub fn with_start(self, started_at: Option<Timestamp>) -> Self {
        Self { started_at, ..self }
    }

    /// The moment at which the session is over if nothing touches it.
    #[must_use]
    pub fn deadline(&self) -> Timestamp {
        self.idle_deadline.min(self.absolute_deadline)
    }
}

impl LiveSession {
    pub(crate) fn new(data: Arc<SessionData>) -> Self {
        Self(data)
    }

    pub(crate) fn into_data(self) -> Arc<SessionData> {
        self.0
    }
}

impl fmt::Debug for SessionBody {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sealed(bytes) => write!(out, "Sealed({} bytes)", bytes.len()),
            Self::Live(live) => live.fmt(out),
        }
    }
}

impl fmt::Debug for LiveSession {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LiveSession(…)")
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`SessionStore`] behind a pointer.
pub(crate) trait DynSessionStore: DynUsedStates {
    fn create(&self, key: SessionKey, session: StoredSession) -> Answer<'_, ()>;
    fn load<'a>(&'a self, key: &'a SessionKey) -> Answer<'a, Option<StoredSession>>;
    fn replace<'a>(&'a self, key: &'a SessionKey, seen: u64, update: SessionUpdate) -> Answer<'a, Replaced>;
    fn delete<'a>(&'a self, keys: &'a [SessionKey]) -> Answer<'a, u64>;
    fn find(&self, query: SessionQuery) -> Answer<'_, Vec<SessionKey>>;
    fn in_process(&self) -> bool;
}

impl<T: SessionStore> DynSessionStore for T {
    fn create(&self, key: SessionKey, session: StoredSession) -> Answer<'_, ()> {
        Box::pin(SessionStore::create(self, key, session))
    }

    fn load<'a>(&'a self, key: &'a SessionKey) -> Answer<'a, Option<StoredSession>> {
        Box::pin(SessionStore::load(self, key))
    }

    fn replace<'a>(&'a self, key: &'a SessionKey, seen: u64, update: SessionUpdate) -> Answer<'a, Replaced> {
        Box::pin(SessionStore::replace(self, key, seen, update))
    }

    fn delete<'a>(&'a self, keys: &'a [SessionKey]) -> Answer<'a, u64> {
        Box::pin(SessionStore::delete(self, keys))
    }

    fn find(&self, query: SessionQuery) -> Answer<'_, Vec<SessionKey>> {
        Box::pin(SessionStore::find(self, query))
    }

    fn in_process(&self) -> bool {
        SessionStore::in_process(self)
    }
}
