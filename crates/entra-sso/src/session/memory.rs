//! Sessions in this process's memory.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use entra_oidc::{Clock, Timestamp};

use super::{
    id::SessionKey,
    store::{Replaced, SessionQuery, SessionStore, SessionUpdate, StoredSession},
    used_states::{Mark, UsedStates},
};
use crate::{store_error::StoreError, users::UserId};

/// More used states than this at a time are refused: about 40 MiB, and far more than people sign in within a deadline.
const MOST_MARKS: usize = 300_000;
/// How many expired records one call may sweep away.
const SWEEP: usize = 32;
/// How many keys one answer to [`SessionQuery::ExpiredBefore`] holds at most.
const EXPIRED_AT_A_TIME: usize = 1_000;

/// Sessions and used-state marks in this process's memory: gone at a restart, unknown to other replicas.
///
/// Records are kept as they are, unsealed. Expired ones go a few at a time, whenever something new comes.
pub struct MemorySessions {
    clock: Clock,
    sessions: RwLock<Sessions>,
    marks: Mutex<Marks>,
}

impl MemorySessions {
    /// An empty store that lives by the system's clock.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// An empty store that lives by this clock.
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        Self { clock, sessions: RwLock::default(), marks: Mutex::default() }
    }

    fn read(&self) -> RwLockReadGuard<'_, Sessions> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Sessions> {
        self.sessions.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionStore for MemorySessions {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut sessions = self.write();
        sessions.sweep(now);
        if sessions.by_key.contains_key(&key) {
            return Err(StoreError::corrupt("a session with this key exists already"));
        }
        sessions.insert(key, session);
        Ok(())
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        Ok(self.read().by_key.get(key).cloned())
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        Ok(self.write().replace(*key, seen, update))
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        let mut sessions = self.write();
        Ok(keys.iter().map(|key| u64::from(sessions.remove(*key))).sum())
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        Ok(self.read().find(query))
    }

    fn in_process(&self) -> bool {
        true
    }
}

impl UsedStates for MemorySessions {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        let now = self.clock.now();
        let mut marks = self.marks();
        marks.sweep(now);
        if marks.used.len() >= MOST_MARKS {
            return Err(StoreError::new(
                "too many used sign-ins to remember; old ones are forgotten at their deadline",
            ));
        }
        Ok(marks.mark(state, until))
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.marks().forget(state);
        Ok(())
    }
}

impl Default for MemorySessions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemorySessions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MemorySessions").field("sessions", &self.read().by_key.len()).finish_non_exhaustive()
    }
}

/// The records and their indexes, which change together.
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "each says by what it finds")]
struct Sessions {
    by_key: HashMap<SessionKey, StoredSession>,
    by_user: HashMap<UserId, HashSet<SessionKey>>,
    by_sid: HashMap<(String, String), HashSet<SessionKey>>,
    by_subject: HashMap<(String, String), HashSet<SessionKey>>,
    by_deadline: BTreeSet<(Timestamp, SessionKey)>,
}

impl Sessions {
    fn insert(&mut self, key: SessionKey, session: StoredSession) {
        self.by_user.entry(session.user.clone()).or_default().insert(key);
        if let Some(index) = at_authority(&session, session.sid.as_deref()) {
            self.by_sid.entry(index).or_default().insert(key);
        }
        if let Some(index) = at_authority(&session, session.subject.as_deref()) {
            self.by_subject.entry(index).or_default().insert(key);
        }
        self.by_deadline.insert((session.deadline(), key));
        self.by_key.insert(key, session);
    }

    fn remove(&mut self, key: SessionKey) -> bool {
        let Some(session) = self.by_key.remove(&key) else {
            return false;
        };
        self.by_deadline.remove(&(session.deadline(), key));
        forget(&mut self.by_user, &session.user, key);
        if let Some(index) = at_authority(&session, session.sid.as_deref()) {
            forget(&mut self.by_sid, &index, key);
        }
        if let Some(index) = at_authority(&session, session.subject.as_deref()) {
            forget(&mut self.by_subject, &index, key);
        }
        true
    }

    fn replace(&mut self, key: SessionKey, seen: u64, update: SessionUpdate) -> Replaced {
        let Some(session) = self.by_key.get_mut(&key) else {
            return Replaced::Gone;
        };
        match update {
            SessionUpdate::Body(_) if session.version != seen => return Replaced::Conflict,
            SessionUpdate::Body(body) => {
                session.version += 1;
                session.body = body;
            }
            SessionUpdate::Touch(idle_deadline) => {
                self.by_deadline.remove(&(session.deadline(), key));
                session.idle_deadline = idle_deadline;
                self.by_deadline.insert((session.deadline(), key));
            }
            SessionUpdate::Recheck => session.rechecks += 1,
        }
        Replaced::Yes
    }

    fn find(&self, query: SessionQuery) -> Vec<SessionKey> {
        let found = match query {
            SessionQuery::OfUser(user) => self.by_user.get(&user),
            SessionQuery::OfMicrosoftSid { authority, sid } => self.by_sid.get(&(authority, sid)),
            SessionQuery::OfSubject { authority, subject } => self.by_subject.get(&(authority, subject)),
            SessionQuery::ExpiredBefore(moment) => return self.expired(moment).take(EXPIRED_AT_A_TIME).collect(),
        };
        found.map(|keys| keys.iter().copied().collect()).unwrap_or_default()
    }

    fn sweep(&mut self, now: Timestamp) {
        let expired: Vec<_> = self.expired(now).take(SWEEP).collect();
        for key in expired {
            self.remove(key);
        }
    }

    fn expired(&self, before: Timestamp) -> impl Iterator<Item = SessionKey> + '_ {
        self.by_deadline.iter().take_while(move |(deadline, _)| *deadline < before).map(|(_, key)| *key)
    }
}

/// What a session is found by at its authority: the name of the authority's session, or of the account.
fn at_authority(session: &StoredSession, name: Option<&str>) -> Option<(String, String)> {
    name.map(|name| (session.authority.to_string(), name.to_owned()))
}

/// Takes a key out of an index, and the index entry away with its last key.
fn forget<K: Eq + Hash>(index: &mut HashMap<K, HashSet<SessionKey>>, entry: &K, key: SessionKey) {
    if let Some(keys) = index.get_mut(entry) {
        keys.remove(&key);
        if keys.is_empty() {
            index.remove(entry);
        }
    }
}

/// The states that have been used, each until its deadline.
#[derive(Default)]
struct Marks {
    used: HashMap<[u8; 32], Timestamp>,
    by_deadline: BTreeSet<(Timestamp, [u8; 32])>,
}

impl Marks {
    fn mark(&mut self, state: [u8; 32], until: Timestamp) -> Mark {
        if self.used.contains_key(&state) {
            return Mark::Again;
        }
        self.used.insert(state, until);
        self.by_deadline.insert((until, state));
        Mark::First
    }

    fn forget(&mut self, state: [u8; 32]) {
        if let Some(until) = self.used.remove(&state) {
            self.by_deadline.remove(&(until, state));
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        for _ in 0..SWEEP {
            match self.by_deadline.first() {
                Some(&(until, state)) if until < now => {
                    self.by_deadline.pop_first();
                    self.used.remove(&state);
                }
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests;
