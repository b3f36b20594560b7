//! Sessions in rows, as a database keeps them: sealed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use entra_sso::{
    StoreError,
    oidc::{ManualClock, Timestamp},
    session::{
        Mark, MemorySessions, Replaced, SessionBody, SessionKey, SessionQuery, SessionStore, SessionUpdate,
        StoredSession, UsedStates,
    },
};
use tokio::sync::watch;

/// Clones are the same rows.
#[derive(Clone)]
pub(super) struct Rows {
    by_key: Arc<Mutex<HashMap<SessionKey, StoredSession>>>,
    marks: Arc<MemorySessions>,
    /// How often a mark was there before.
    refused: Arc<watch::Sender<usize>>,
    /// By which marks expire.
    pub(super) clock: ManualClock,
}

impl Default for Rows {
    fn default() -> Self {
        let clock = ManualClock::at(Timestamp::from_unix(crate::app::NOW));
        Self {
            by_key: Arc::default(),
            marks: Arc::new(MemorySessions::with_clock(clock.clock())),
            refused: Arc::default(),
            clock,
        }
    }
}

impl Rows {
    /// The same rows, for a process that is looked at alone.
    pub(super) fn of_another(&self) -> Rows {
        Rows { refused: Arc::default(), ..self.clone() }
    }

    /// Waits until a mark was there before.
    pub(super) async fn refused(&self) {
        self.refused.subscribe().wait_for(|times| *times > 0).await.unwrap();
    }

    /// How often one was.
    pub(super) fn times_refused(&self) -> usize {
        *self.refused.borrow()
    }

    /// Everything that stands in them.
    pub(super) fn dump(&self) -> Vec<u8> {
        let rows = self.by_key.lock().unwrap();
        let mut dump = format!("{:?}", *rows).into_bytes();
        for row in rows.values() {
            let SessionBody::Sealed(body) = &row.body else { panic!("a store outside gets sealed bodies") };
            dump.extend_from_slice(body);
        }
        dump
    }
}

impl SessionStore for Rows {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        self.by_key.lock().unwrap().insert(key, session);
        Ok(())
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        Ok(self.by_key.lock().unwrap().get(key).cloned())
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        let mut rows = self.by_key.lock().unwrap();
        let Some(row) = rows.get_mut(key) else { return Ok(Replaced::Gone) };
        match update {
            SessionUpdate::Body(_) if row.version != seen => return Ok(Replaced::Conflict),
            SessionUpdate::Body(body) => (row.version, row.body) = (seen + 1, body),
            SessionUpdate::Touch(deadline) => row.idle_deadline = deadline,
            _ => row.rechecks += 1,
        }
        Ok(Replaced::Yes)
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        let mut rows = self.by_key.lock().unwrap();
        Ok(keys.iter().map(|key| u64::from(rows.remove(key).is_some())).sum())
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        let rows = self.by_key.lock().unwrap();
        let matches = |row: &StoredSession| matches!(&query, SessionQuery::OfUser(user) if *user == row.user);
        Ok(rows.iter().filter(|(_, row)| matches(row)).map(|(key, _)| *key).collect())
    }
}

impl UsedStates for Rows {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        let mark = self.marks.mark(state, until).await?;
        self.refused.send_modify(|times| *times += usize::from(mark == Mark::Again));
        Ok(mark)
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.marks.forget(state).await
    }
}
