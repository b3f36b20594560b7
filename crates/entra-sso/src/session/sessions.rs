//! The one front to a session store: deadlines, sealing, versions.

use std::{error::Error as _, fmt, sync::Arc, time::Duration};

use entra_oidc::Timestamp;

use super::{
    body,
    data::SessionData,
    id::{SessionId, SessionKey},
    opened::Opened,
    refused_records::RefusedRecords,
    store::{DynSessionStore, LiveSession, Replaced, SessionBody, SessionQuery, SessionUpdate, StoredSession},
};
use crate::{
    metrics::{
        labels::{StoreOperation, StoreOutcome},
        record,
    },
    sealing::Sealer,
    set_back::was_set_back,
    store_error::{StoreError, StoreErrorKind},
    users::UserId,
};

/// An idle deadline moves at most this often.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// Begins, finds, changes and ends sessions. Everything in this crate that concerns a session goes through here.
#[derive(Clone)]
pub(crate) struct Sessions {
    store: Arc<dyn DynSessionStore>,
    sealer: Sealer,
    refused: Arc<RefusedRecords>,
    opened: Opened,
}

/// A session that was found and is not over.
#[derive(Clone)]
pub(crate) struct Loaded {
    id: SessionId,
    version: u64,
    idle_deadline: Timestamp,
    rechecks: u64,
    data: Arc<SessionData>,
}

impl Sessions {
    /// Sessions in this store; the sealer's keys are used when the store is not in this process.
    pub(crate) fn new(store: Arc<dyn DynSessionStore>, sealer: Sealer) -> Self {
        Self { store, sealer, refused: Arc::default(), opened: Opened::default() }
    }

    /// Whether the sessions end with this process.
    pub(crate) fn in_process(&self) -> bool {
        self.store.in_process()
    }

    /// Begins a session under a new id, which goes into the browser's cookie.
    pub(crate) async fn begin(&self, data: SessionData, now: Timestamp) -> Result<SessionId, StoreError> {
        let id = SessionId::random();
        let row = StoredSession::new(
            data.user.id.clone(),
            data.owner.authority.clone(),
            data.idle_deadline(now),
            data.absolute_deadline,
            SessionBody::Sealed(bytes::Bytes::new()),
        )
        .with_sid(data.sid.clone())
        .with_subject(data.subject.clone())
        .with_start(Some(data.created_at));
        let body = self.body(&id, row.version, Arc::new(data))?;
        let created = self.store.create(id.key(), StoredSession { body, ..row });
        record::store(StoreOperation::Create, created, |()| StoreOutcome::Ok).await?;
        record::session_begun();
        Ok(id)
    }

    /// The session with this id, unless it is over. A record that was not made by us, or was changed behind our back, is no
    /// session (K14).
    pub(crate) async fn load(&self, id: &SessionId, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        let key = id.key();
        let Some(row) = self.stored(&key, now).await? else {
            return Ok(None);
        };
        if now >= row.deadline() {
            return Ok(None);
        }
        let Some(data) = self.open(id, key, &row, now) else {
            return Ok(None);
        };
        // The row's idle deadline is not sealed, since a touch seals nothing: the sealed deadline bounds it. One that began in
        // the future would live for as long as the clock was set back.
        if now >= data.absolute_deadline || was_set_back(data.created_at, now) {
            return Ok(None);
        }
        Ok(Some(Loaded {
            id: id.clone(),
            version: row.version,
            idle_deadline: row.idle_deadline,
            rechecks: row.rechecks,
            data,
        }))
    }

    /// The record of a session. Who wrote one that cannot be read wanted no answer either, and whoever has its cookie would get no
    /// other for as long as it is there.
    pub(super) async fn stored(&self, key: &SessionKey, now: Timestamp) -> Result<Option<StoredSession>, StoreError> {
        match record::store(StoreOperation::Load, self.store.load(key), |row| told(row.is_some())).await {
            Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                let cause = error.source().map(ToString::to_string).unwrap_or_default();
                self.refused.tell(&cause, now);
                Ok(None)
            }
            answer => answer,
        }
    }

    /// Notes that the session is in use. Says whether the store was asked: the idle deadline moves at most every 60 seconds,
    /// or every tenth of the idle age where that is shorter.
    pub(crate) async fn touch(&self, session: &Loaded, now: Timestamp) -> Result<bool, StoreError> {
        let idle_deadline = session.data.idle_deadline(now);
        let step = TOUCH_EVERY.min(session.data.idle_age / 10).max(Duration::from_secs(1));
        let due = idle_deadline.since(session.idle_deadline) >= step
            || (idle_deadline > session.idle_deadline && idle_deadline == session.data.absolute_deadline)
            || was_set_back(session.idle_deadline, idle_deadline);
        if !due {
            return Ok(false);
        }
        let key = session.id.key();
        let touched = self.store.replace(&key, session.version, SessionUpdate::Touch(idle_deadline));
        let touched = record::store(StoreOperation::Touch, touched, |replaced| told_of(*replaced)).await?;
        Ok(touched == Replaced::Yes)
    }

    /// Replaces what the session knows, if it is still there and nobody else replaced it since it was loaded.
    pub(crate) async fn replace(&self, session: &Loaded, data: SessionData) -> Result<Replaced, StoreError> {
        let body = self.body(&session.id, session.version.saturating_add(1), Arc::new(data))?;
        let key = session.id.key();
        let replacing = self.store.replace(&key, session.version, SessionUpdate::Body(body));
        record::store(StoreOperation::Replace, replacing, |replaced| told_of(*replaced)).await
    }

    /// Ends a session. Says whether there was one.
    pub(crate) async fn end(&self, id: &SessionId) -> Result<bool, StoreError> {
        Ok(self.delete(&[id.key()]).await? > 0)
    }

    /// Ends a session and all others of its user, in one step: when the store fails, it may be asked for again. Says how
    /// many there were.
    pub(crate) async fn end_with_all_of_user(&self, id: &SessionId, user: &UserId) -> Result<u64, StoreError> {
        let mut keys = self.of_user(user).await?;
        if !keys.contains(&id.key()) {
            keys.push(id.key());
        }
        self.end_all(&keys).await
    }

    /// Ends all sessions of a user.
    pub(crate) async fn end_of_user(&self, user: &UserId) -> Result<u64, StoreError> {
        self.end_all(&self.of_user(user).await?).await
    }

    /// Lets the next request of each session of a user read him again. Says how many sessions there are. One that cannot be
    /// told keeps no other from it; the first error is the answer.
    pub(crate) async fn recheck_user(&self, user: &UserId) -> Result<u64, StoreError> {
        let (mut sessions, mut failed) = (0, None);
        for key in self.of_user(user).await? {
            match self.recheck_at(&key).await {
                Ok(rechecked) => sessions += u64::from(rechecked == Replaced::Yes),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(sessions), Err)
    }

    /// Lets the next request of this session read its user again.
    pub(crate) async fn recheck(&self, id: &SessionId) -> Result<(), StoreError> {
        self.recheck_at(&id.key()).await.map(drop)
    }

    async fn recheck_at(&self, key: &SessionKey) -> Result<Replaced, StoreError> {
        let rechecked = self.store.replace(key, 0, SessionUpdate::Recheck);
        record::store(StoreOperation::Recheck, rechecked, |replaced| told_of(*replaced)).await
    }

    /// Ends the sessions that began from one session at the authority.
    pub(crate) async fn end_of_sid(&self, authority: &str, sid: &str) -> Result<u64, StoreError> {
        self.end_all(&self.of_sid(authority, sid).await?).await
    }

    /// The sessions of one account of a standard provider, whoever the user is here.
    pub(crate) async fn of_subject(&self, authority: &str, subject: &str) -> Result<Vec<SessionKey>, StoreError> {
        let query = SessionQuery::OfSubject { authority: authority.to_owned(), subject: subject.to_owned() };
        self.find(query).await
    }

    /// The sessions that began from one session at the authority.
    pub(crate) async fn of_sid(&self, authority: &str, sid: &str) -> Result<Vec<SessionKey>, StoreError> {
        let query = SessionQuery::OfMicrosoftSid { authority: authority.to_owned(), sid: sid.to_owned() };
        self.find(query).await
    }

    /// All sessions of a user.
    pub(crate) async fn of_user(&self, user: &UserId) -> Result<Vec<SessionKey>, StoreError> {
        self.find(SessionQuery::OfUser(user.clone())).await
    }

    /// Those of these sessions that are there and began before this moment.
    pub(crate) async fn begun_before(
        &self,
        keys: &[SessionKey],
        moment: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<SessionKey>, StoreError> {
        let mut earlier = Vec::new();
        for key in keys {
            let started_at = self.stored(key, now).await?.and_then(|row| row.started_at);
            earlier.extend(started_at.filter(|started_at| *started_at < moment).map(|_| *key));
        }
        Ok(earlier)
    }

    /// Ends these sessions. Says how many there were.
    pub(crate) async fn end_all(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        if keys.is_empty() {
            return Ok(0);
        }
        self.delete(keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        record::store(StoreOperation::Find, self.store.find(query), |_| StoreOutcome::Ok).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        self.opened.forget(keys);
        record::store(StoreOperation::Delete, self.store.delete(keys), |ended| told(*ended > 0)).await
    }

    fn body(&self, id: &SessionId, version: u64, data: Arc<SessionData>) -> Result<SessionBody, StoreError> {
        if self.store.in_process() {
            return Ok(SessionBody::Live(LiveSession::new(data)));
        }
        let sealed = body::seal(&self.sealer, id, version, &data).map_err(StoreError::new)?;
        Ok(SessionBody::Sealed(sealed))
    }

    fn open(&self, id: &SessionId, key: SessionKey, row: &StoredSession, now: Timestamp) -> Option<Arc<SessionData>> {
        let opened = match &row.body {
            // Only a store in this process can hold a live value; one that claims otherwise made it up.
            SessionBody::Live(live) if self.store.in_process() => return Some(live.clone().into_data()),
            SessionBody::Live(_) => Err(body::BodyFault::NotOurs),
            SessionBody::Sealed(sealed) => match self.opened.find(&key, row.version, sealed, now) {
                Some(data) if body::row_agrees(row, &data) => Ok(data),
                _ => body::open(&self.sealer, id, row, sealed).map(|data| {
                    let data = Arc::new(data);
                    self.opened.keep(key, row.version, sealed, &data);
                    data
                }),
            },
        };
        opened.inspect_err(|fault| self.refused.tell(fault, now)).ok()
    }
}

fn told(is_there: bool) -> StoreOutcome {
    if is_there { StoreOutcome::Ok } else { StoreOutcome::Absent }
}

fn told_of(replaced: Replaced) -> StoreOutcome {
    match replaced {
        Replaced::Yes => StoreOutcome::Ok,
        Replaced::Conflict => StoreOutcome::Conflict,
        Replaced::Gone => StoreOutcome::Absent,
    }
}

impl Loaded {
    /// What the session knows.
    pub(crate) fn data(&self) -> &Arc<SessionData> {
        &self.data
    }

    /// How often the user was said to have changed.
    pub(crate) fn rechecks(&self) -> u64 {
        self.rechecks
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Sessions").field("in_process", &self.in_process()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Loaded").field("version", &self.version).field("data", &self.data).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests;
