//! Whichever database an address names.

#[cfg(feature = "postgres")]
use crate::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
use crate::sqlite::SqliteStore;
use crate::{open_error::OpenError, traits::store};

use entra_sso::oidc::Clock;

/// Users, sessions and used sign-ins in the database that an address names. Cloning it shares the connections.
#[derive(Clone)]
pub struct Database {
    of: Kind,
}

#[derive(Clone)]
enum Kind {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteStore),
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

/// Which one an address names.
enum Named {
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

impl Named {
    fn by(url: &str) -> Result<Self, OpenError> {
        match url.split_once("://").map(|(scheme, _)| scheme) {
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            #[cfg(feature = "sqlite")]
            None | Some("sqlite") => Ok(Self::Sqlite),
            #[cfg(not(feature = "postgres"))]
            Some("postgres" | "postgresql") => Err(OpenError::not_built_in()),
            #[cfg(not(feature = "sqlite"))]
            None | Some("sqlite") => Err(OpenError::not_built_in()),
            Some(_) => Err(OpenError::unknown()),
        }
    }
}

impl Database {
    /// Opens `postgres://…` or `postgresql://…` as [`PostgresStore`] does, and everything else as [`SqliteStore`] does: a path,
    /// `sqlite://…`, or `:memory:`.
    ///
    /// # Errors
    /// As theirs; and when it is the address of some other database, or of one that was not built in.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let of = match Named::by(url)? {
            #[cfg(feature = "postgres")]
            Named::Postgres => Kind::Postgres(PostgresStore::open(url).await?),
            #[cfg(feature = "sqlite")]
            Named::Sqlite => Kind::Sqlite(SqliteStore::open(url).await?),
        };
        Ok(Self { of })
    }

    /// Whether the database can be reached: it is connected to as [`open`](Self::open) does, and nothing in it is made or changed.
    ///
    /// # Errors
    /// As those of [`open`](Self::open), as far as they show without a change.
    pub async fn reach(url: &str) -> Result<(), OpenError> {
        match Named::by(url)? {
            #[cfg(feature = "postgres")]
            Named::Postgres => crate::postgres::reach(url).await,
            #[cfg(feature = "sqlite")]
            Named::Sqlite => crate::sqlite::reach(url).await,
        }
    }

    /// The same, and sessions expire by this clock; otherwise by the system's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        let of = match self.of {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(store) => Kind::Sqlite(store.with_clock(clock)),
            #[cfg(feature = "postgres")]
            Kind::Postgres(store) => Kind::Postgres(store.with_clock(clock)),
        };
        Self { of }
    }

    /// Closes the connections.
    pub async fn close(&self) {
        match &self.of {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(store) => store.close().await,
            #[cfg(feature = "postgres")]
            Kind::Postgres(store) => store.close().await,
        }
    }
}

/// Asks the one that it is.
macro_rules! ask {
    ($this:expr, $tables:ident, $method:ident($($argument:expr),*)) => {
        match &$this.of {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(store) => crate::traits::ask_one!(store, $tables, $method($($argument),*)),
            #[cfg(feature = "postgres")]
            Kind::Postgres(store) => crate::traits::ask_one!(store, $tables, $method($($argument),*)),
        }
    };
}

store!(Database, ask);
