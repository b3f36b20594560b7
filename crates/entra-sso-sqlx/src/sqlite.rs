//! SQLite.

mod names;
mod open;

use std::{sync::Arc, time::Duration};

use entra_sso::oidc::Clock;
use sqlx::{
    SqliteConnection, SqlitePool,
    sqlite::{Sqlite, SqliteRow},
};

use crate::{
    backend::{Backend, speak},
    connections::Connections,
    open_error::OpenError,
    sessions::{sweep_marks, sweep_sessions},
    store::Store,
    traits::{ask_one, store},
};

pub(crate) use self::open::reach;

/// Users, sessions and used sign-ins in an SQLite database. Cloning it shares the connections.
#[derive(Clone)]
pub struct SqliteStore {
    pub(crate) store: Arc<Store<Sqlite>>,
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
        Ok(Self::new(Connections::of(open::open_in_memory().await?)))
    }

    /// Uses the connections of an application that has its own tables in the same database, and brings ours up to date.
    /// Foreign keys should be on (sqlx's default), and a busy timeout set.
    ///
    /// # Errors
    /// When the database cannot be written, or was written by a newer version.
    pub async fn from_pool(pool: SqlitePool) -> Result<Self, OpenError> {
        open::migrate(&pool, "of the pool").await?;
        Ok(Self::new(Connections::of(pool)))
    }

    /// The same, and sessions expire by this clock; otherwise by the system's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { store: Arc::new(self.store.with_clock(clock)) }
    }

    /// Closes the connections; the file is complete then, without a write-ahead log beside it.
    pub async fn close(&self) {
        self.store.close().await;
    }

    fn new(connections: Connections<Sqlite>) -> Self {
        Self { store: Arc::new(Store::new(connections)) }
    }
}

impl Backend for Sqlite {
    const IS_REMOTE: bool = false;
    const PATIENCE: Option<Duration> = None;
    // SQLite has one writer at a time; this waits for its turn at once, and not only when it writes.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_ALONE: &'static str = Self::BEGIN;
    const SWEEP_SESSIONS: &'static str = sweep_sessions!("");
    const SWEEP_MARKS: &'static str = sweep_marks!("");

    /// Who was locked out has waited already.
    fn is_worth_another_try(_: &sqlx::Error) -> bool {
        false
    }
}

store!(SqliteStore, ask_one);
speak!(Sqlite, SqliteConnection, SqliteRow);
