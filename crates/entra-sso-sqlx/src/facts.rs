//! Facts about the database itself, such as whose users are in it.

use std::sync::Arc;

use entra_sso::StoreError;

use crate::{
    backend::{Backend, Columns as _, Statements as _},
    connections::{Connections, away},
    value::Value,
};

/// Under which key the mark stands: whose users these are.
pub(crate) const MARK: &str = "mark";

const FACT: &str = "SELECT value FROM entra_sso_meta WHERE key = $1";
const SET_FACT: &str = "INSERT INTO entra_sso_meta (key, value) VALUES ($1, $2) \
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
/// Only where there is no user, and no value yet.
const CLAIM_FACT: &str = "INSERT INTO entra_sso_meta (key, value) \
    SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM entra_sso_user) ON CONFLICT (key) DO NOTHING";
const HAS_USERS: &str = "SELECT EXISTS (SELECT 1 FROM entra_sso_user) AS has_users";

/// The table of facts.
pub(crate) struct Facts<B: Backend> {
    connections: Arc<Connections<B>>,
}

impl<B: Backend> Facts<B> {
    pub(crate) const fn new(connections: Arc<Connections<B>>) -> Self {
        Self { connections }
    }

    pub(crate) async fn read(&self, key: &str) -> Result<Option<String>, StoreError> {
        let rows = self.connections.reading().rows(FACT, vec![Value::text(key)]).await.map_err(away)?;
        rows.first().map(|row| row.text("value").map_err(StoreError::corrupt)).transpose()
    }

    /// Writes a fact, in place of an earlier one.
    pub(crate) async fn write(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let values = vec![Value::text(key), Value::text(value)];
        self.connections.writing().rows(SET_FACT, values).await.map(drop).map_err(away)
    }

    /// Writes a fact if the database is new; gives the one that stands afterwards.
    pub(crate) async fn claim(&self, key: &str, value: &str) -> Result<Option<String>, StoreError> {
        let values = vec![Value::text(key), Value::text(value)];
        self.connections.writing().rows(CLAIM_FACT, values).await.map_err(away)?;
        self.read(key).await
    }

    /// Whether there is no user.
    pub(crate) async fn is_without_users(&self) -> Result<bool, StoreError> {
        let rows = self.connections.reading().rows(HAS_USERS, vec![]).await.map_err(away)?;
        let row = rows.first().ok_or_else(|| StoreError::corrupt("no answer"))?;
        Ok(!row.flag("has_users").map_err(StoreError::corrupt)?)
    }
}
