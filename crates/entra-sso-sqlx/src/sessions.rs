//! Sessions, and the marks of used sign-ins.

mod queries;
mod row;
mod sweep;
mod used_states;

use std::sync::Arc;

use entra_sso::{
    StoreError,
    oidc::Clock,
    session::{Replaced, SessionBody, SessionKey, SessionQuery, SessionUpdate, StoredSession},
};
use sqlx::Database;

pub(crate) use self::queries::{sweep_marks, sweep_sessions};
use self::sweep::Sweep;
use crate::{
    backend::{Backend, Statements},
    connections::{Connections, away},
    value::Value,
};

type Row<B> = <<B as Database>::Connection as Statements>::Row;

/// The tables of sessions and of marks.
pub(crate) struct Sessions<B: Backend> {
    connections: Arc<Connections<B>>,
    clock: Clock,
    row_sweep: Sweep,
    mark_sweep: Sweep,
}

impl<B: Backend> Sessions<B> {
    /// Expiry is judged by this clock.
    pub(crate) fn new(connections: Arc<Connections<B>>, clock: Clock) -> Self {
        Self { connections, clock, row_sweep: Sweep::default(), mark_sweep: Sweep::default() }
    }

    pub(crate) async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        let values = row::values(&key, &session)?;
        let mut lent = self.connections.lend().await?;
        let created = lent.rows(queries::INSERT, values).await;
        if created.is_ok() {
            self.row_sweep.go_on(&mut lent, B::SWEEP_SESSIONS, self.clock.now()).await;
        }
        lent.give_back();
        match created {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Err(StoreError::corrupt("a session with this key exists already"))
            }
            created => created.map(drop).map_err(away),
        }
    }

    /// One statement, without a transaction: every signed-in request waits for it.
    pub(crate) async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        let rows = self.read(queries::LOAD, vec![key.as_bytes().as_slice().into()]).await?;
        Ok(rows.first().map(row::session).transpose()?.flatten())
    }

    pub(crate) async fn replace(
        &self,
        key: &SessionKey,
        seen: u64,
        update: SessionUpdate,
    ) -> Result<Replaced, StoreError> {
        let key: Value<'_> = key.as_bytes().as_slice().into();
        let replaced = match update {
            SessionUpdate::Body(SessionBody::Sealed(body)) => return self.replace_body(key, seen, &body).await,
            SessionUpdate::Touch(deadline) => self.write(queries::TOUCH, vec![key, deadline.unix().into()]).await?,
            SessionUpdate::Recheck => self.write(queries::RECHECK, vec![key]).await?,
            _ => return Err(StoreError::new("this store does not know how to change a session this way")),
        };
        Ok(if replaced.is_empty() { Replaced::Gone } else { Replaced::Yes })
    }

    pub(crate) async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        let mut keys = keys.to_vec();
        // In one order, so that nobody waits for somebody who waits for him.
        keys.sort_unstable();
        let mut ended = 0;
        for some in keys.chunks(queries::AT_A_TIME) {
            let one_key = |place: usize| some.get(place).or(some.last()).map(|key| key.as_bytes().as_slice());
            let rows = match some {
                [key] => self.write(queries::DELETE, vec![key.as_bytes().as_slice().into()]).await?,
                _ => {
                    self.write(
                        queries::DELETE_SOME,
                        (0..queries::AT_A_TIME).map(|n| Value::Bytes(one_key(n))).collect(),
                    )
                    .await?
                }
            };
            ended += rows.len() as u64;
        }
        Ok(ended)
    }

    pub(crate) async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        let rows = match &query {
            SessionQuery::OfUser(user) => self.read(queries::OF_USER, vec![user.as_str().as_bytes().into()]).await?,
            SessionQuery::OfMicrosoftSid { authority, sid } => {
                self.read(queries::OF_SID, vec![authority.as_bytes().into(), sid.as_bytes().into()]).await?
            }
            SessionQuery::OfSubject { authority, subject } => {
                self.read(queries::OF_SUBJECT, vec![authority.as_bytes().into(), subject.as_bytes().into()]).await?
            }
            SessionQuery::ExpiredBefore(moment) => self.read(queries::EXPIRED, vec![moment.unix().into()]).await?,
            _ => return Err(StoreError::new("this store does not know how to find sessions this way")),
        };
        rows.iter().filter_map(|row| row::key(row).transpose()).collect()
    }

    /// Versions only grow, and a key is never used again: who finds another version, or nobody, afterwards knows why the
    /// first statement did nothing. Run a second time it finds its own version, which is a conflict: whoever asked loads again.
    async fn replace_body(&self, key: Value<'_>, seen: u64, body: &[u8]) -> Result<Replaced, StoreError> {
        if let Some(next) = seen.checked_add(1) {
            let values = vec![key.clone(), row::number(seen), row::number(next), body.into()];
            if !self.write(queries::REPLACE, values).await?.is_empty() {
                return Ok(Replaced::Yes);
            }
        }
        let found = self.read(queries::VERSION, vec![key]).await?;
        Ok(if found.is_empty() { Replaced::Gone } else { Replaced::Conflict })
    }

    async fn read(&self, sql: &'static str, values: Vec<Value<'_>>) -> Result<Vec<Row<B>>, StoreError> {
        self.connections.reading().rows(sql, values).await.map_err(away)
    }

    /// A statement that may run twice.
    async fn write(&self, sql: &'static str, values: Vec<Value<'_>>) -> Result<Vec<Row<B>>, StoreError> {
        self.connections.writing().rows(sql, values).await.map_err(away)
    }
}
