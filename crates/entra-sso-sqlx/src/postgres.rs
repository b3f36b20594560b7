//! PostgreSQL.

mod open;

use std::{sync::Arc, time::Duration};

use entra_sso::oidc::Clock;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgRow, Postgres},
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

/// Users, sessions and used sign-ins in a PostgreSQL database, 13 or newer. Cloning it shares the connections.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) store: Arc<Store<Postgres>>,
}

impl PostgresStore {
    /// Connects to a database, which must be there, and brings its tables up to date. They are made in the first schema of
    /// the user's `search_path`, mostly `public`.
    ///
    /// Takes a URL: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`. At most ten connections are open.
    ///
    /// # Errors
    /// When the server does not answer, does not let the user in, has no such database or lets the user make no tables,
    /// or when the tables were made by a newer version.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Ok(Self::new(Connections::of(open::open(url).await?)))
    }

    /// Uses the connections of an application that has its own tables in the same database, and brings ours up to date.
    ///
    /// # Errors
    /// When the database cannot be written, or was written by a newer version.
    pub async fn from_pool(pool: PgPool) -> Result<Self, OpenError> {
        open::migrate(&pool, "of the pool").await?;
        Ok(Self::new(Connections::of(pool)))
    }

    /// The same, and sessions expire by this clock; otherwise by the system's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { store: Arc::new(self.store.with_clock(clock)) }
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.store.close().await;
    }

    fn new(connections: Connections<Postgres>) -> Self {
        Self { store: Arc::new(Store::new(connections)) }
    }
}

/// Each statement sees what was committed before it, whatever the server's default is; who waits longer than five seconds gives up.
macro_rules! begin {
    ($then:literal) => {
        concat!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '5s'", $then)
    };
}

impl Backend for Postgres {
    const IS_REMOTE: bool = true;
    /// Longer than everything that may take its time: a connection, a lock, a statement.
    const PATIENCE: Option<Duration> = Some(Duration::from_secs(8));
    const BEGIN: &'static str = begin!("");
    /// A lock of the database's, under a number of our own, until the transaction ends.
    const BEGIN_ALONE: &'static str = begin!("; SELECT pg_advisory_xact_lock(7310033113129967731)");
    const SWEEP_SESSIONS: &'static str = sweep_sessions!("FOR UPDATE SKIP LOCKED");
    const SWEEP_MARKS: &'static str = sweep_marks!("FOR UPDATE SKIP LOCKED");

    /// By SQLSTATE where the server has spoken: its connections end, it ends, or two have waited for each other.
    fn is_worth_another_try(error: &sqlx::Error) -> bool {
        match error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                code.starts_with("08") || ["57P01", "57P02", "57P03", "40001", "40P01"].contains(&&*code)
            }),
            _ => false,
        }
    }
}

store!(PostgresStore, ask_one);
speak!(Postgres, PgConnection, PgRow);
