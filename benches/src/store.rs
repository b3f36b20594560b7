//! Where an application keeps its sessions.

use std::{env, fs, path::PathBuf};

use entra_sso::{EntraSso, Settings};
use entra_sso_redis::RedisStore;
use entra_sso_sqlx::{PostgresStore, SqliteStore};
use local_servers::{Postgres, Redis};

/// One place for sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The application's own memory.
    Memory,
    /// A file, as `SqliteStore::open` opens it.
    Sqlite,
    /// A server on this machine, at a Unix socket.
    Postgres,
    /// A server on this machine, at a port of loopback.
    Redis,
}

impl Store {
    /// All there are.
    pub const ALL: [Store; 4] = [Store::Memory, Store::Sqlite, Store::Postgres, Store::Redis];

    /// What it is called in a table.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Store::Memory => "memory",
            Store::Sqlite => "SQLite",
            Store::Postgres => "PostgreSQL",
            Store::Redis => "Redis",
        }
    }

    /// What it is called in an argument.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Store::Memory => "memory",
            Store::Sqlite => "sqlite",
            Store::Postgres => "postgres",
            Store::Redis => "redis",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Store> {
        Self::ALL.into_iter().find(|store| store.name() == name)
    }

    /// A new, empty one for this process's children. Memory has no address.
    ///
    /// # Panics
    /// When its server is not installed.
    #[must_use]
    pub fn address(self) -> String {
        match self {
            Store::Memory => String::new(),
            Store::Sqlite => directory().join("sessions.db").to_str().expect("UTF-8").to_owned(),
            Store::Postgres => Postgres::shared().database(),
            Store::Redis => Redis::shared().database(),
        }
    }

    /// An application that keeps its sessions there, and its users in its memory.
    ///
    /// # Panics
    /// When the store does not open.
    pub async fn application(self, settings: Settings, address: &str) -> EntraSso {
        let builder = EntraSso::builder(settings);
        let builder = match self {
            Store::Memory => builder,
            Store::Sqlite => builder.sessions(SqliteStore::open(address).await.expect("SQLite")),
            Store::Postgres => builder.sessions(PostgresStore::open(address).await.expect("PostgreSQL")),
            Store::Redis => builder.sessions(RedisStore::open(address).await.expect("Redis")),
        };
        builder.build().expect("sound settings")
    }
}

/// Removes what [`Store::address`] made in files.
pub fn remove_files() {
    let _ = fs::remove_dir_all(directory());
}

fn directory() -> PathBuf {
    let directory = env::temp_dir().join(format!("entra-sso-load-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory for the database");
    directory
}
