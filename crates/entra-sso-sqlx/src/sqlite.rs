//! Users in SQLite.

mod names;
mod open;

use std::sync::Arc;

use sqlx::{
    SqliteConnection, SqlitePool,
    sqlite::{Sqlite, SqliteRow},
};

use crate::{
    backend::{Backend, speak},
    open_error::OpenError,
    store::Store,
    users::user_store,
};

/// Users in an SQLite database. Cloning it shares the connections.
#[derive(Clone)]
pub struct SqliteStore {
    store: Arc<Store<Sqlite>>,
}

impl SqliteStore {
    /// Opens a file, which is made when it is not there, and brings its tables up to date.
    ///
    /// Takes a path (`users.db`), a URL (`sqlite://users.db`, `sqlite:///var/lib/app/users.db?mode=rwc`), or `:memory:`.
    ///
    /// # Errors
    /// When the file cannot be opened, made or written, is no database, or was written by a newer version.
    pub async fn open(database: &str) -> Result<Self, OpenError> {
        Ok(Self::new(open::open(database).await?))
    }

    /// A database in this process's memory: for tests, and gone with the store.
    ///
    /// # Errors
    /// When SQLite cannot be started.
    pub async fn in_memory() -> Result<Self, OpenError> {
        Ok(Self::new(open::open_in_memory().await?))
    }

    /// Uses the connections of an application that has its own tables in the same database, and brings ours up to date.
    /// Foreign keys should be on (sqlx's default), and a busy timeout set.
    ///
    /// # Errors
    /// When the database cannot be written, or was written by a newer version.
    pub async fn from_pool(pool: SqlitePool) -> Result<Self, OpenError> {
        open::migrate(&pool, "of the pool").await?;
        Ok(Self::new(pool))
    }

    /// Closes the connections; the file is complete then, without a write-ahead log beside it.
    pub async fn close(&self) {
        self.store.pool().close().await;
    }

    fn new(pool: SqlitePool) -> Self {
        Self { store: Arc::new(Store::new(pool)) }
    }
}

impl Backend for Sqlite {
    // SQLite has one writer at a time; this waits for its turn at once, and not only when it writes.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_ALONE: &'static str = Self::BEGIN;
}

user_store!(SqliteStore);
speak!(Sqlite, SqliteConnection, SqliteRow);
