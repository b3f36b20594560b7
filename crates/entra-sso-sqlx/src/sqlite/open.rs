//! Opening a database and bringing its tables up to date.

use std::{error::Error, fmt, str::FromStr, time::Duration};

use sqlx::{
    SqlStr, SqlitePool,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::queries;

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// SQLite has one writer at a time; more connections than this only wait for each other.
const CONNECTIONS: u32 = 4;
/// Where the migrations that have run are recorded; an application's own stand in `_sqlx_migrations`.
const MIGRATIONS_TABLE: &str = "entra_sso_migration";

/// A database cannot be used. The text names it, what is wrong, and the cure; `Debug` shows the same, and the cause, since that is
/// what a `main` that ends with this error prints.
pub struct OpenError {
    kind: OpenErrorKind,
    database: String,
    source: Box<dyn Error + Send + Sync>,
}

/// Why a database cannot be used.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenErrorKind {
    /// The file cannot be opened or made: its directory is missing, it is a directory, or permission is.
    CannotOpen,
    /// The file can be read but not written.
    ReadOnly,
    /// The file is something else than an SQLite database, or is damaged.
    NotADatabase,
    /// A newer version of this crate has changed the tables.
    Newer,
    /// Another process has kept the file locked for more than five seconds.
    Busy,
    /// Anything else; the source says what.
    Other,
}

/// Opens a path, a URL or `:memory:`.
pub(super) async fn open(database: &str) -> Result<SqlitePool, OpenError> {
    if [":memory:", "sqlite::memory:"].contains(&database) {
        return open_in_memory().await;
    }
    let options = if database.starts_with("sqlite:") {
        SqliteConnectOptions::from_str(database).map_err(|error| OpenError::of(database, error))?
    } else {
        SqliteConnectOptions::new().filename(database)
    };
    let options = options.create_if_missing(true).foreign_keys(true).busy_timeout(BUSY_TIMEOUT);
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .connect_with(options)
        .await
        .map_err(|error| OpenError::of(database, error))?;
    use_wal(&pool, database).await?;
    migrate(&pool, database).await?;
    Ok(pool)
}

/// Opens a database that lives as long as the pool's only connection.
pub(super) async fn open_in_memory() -> Result<SqlitePool, OpenError> {
    let database = ":memory:";
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(SqliteConnectOptions::new().in_memory(true).foreign_keys(true))
        .await
        .map_err(|error| OpenError::of(database, error))?;
    migrate(&pool, database).await?;
    Ok(pool)
}

/// Brings the tables up to date. One writer at a time does so, as one step: whoever comes second finds it done.
pub(super) async fn migrate(pool: &SqlitePool, database: &str) -> Result<(), OpenError> {
    let mut transaction = pool.begin_with(queries::BEGIN).await.map_err(|error| OpenError::of(database, error))?;
    run(&migrator(), &mut *transaction).await.map_err(|error| OpenError::of(database, error))?;
    transaction.commit().await.map_err(|error| OpenError::of(database, error))
}

/// The mode stays with the file. SQLite changes it only when nobody else has the file open in that moment, and does not wait for
/// that; who cannot change it works on without, and the next one to open the file changes it.
async fn use_wal(pool: &SqlitePool, database: &str) -> Result<(), OpenError> {
    match sqlx::query(queries::USE_WAL).execute(pool).await.map_err(|error| OpenError::of(database, error)) {
        Err(error) if error.kind != OpenErrorKind::Busy => Err(error),
        _ => Ok(()),
    }
}

async fn run(migrator: &Migrator, connection: &mut impl Migrate) -> Result<(), MigrateError> {
    migrator.run_direct(None, connection, false).await
}

fn migrator() -> Migrator {
    let users = SqlStr::from_static(include_str!("../../migrations/sqlite/0001_users.sql"));
    let grants = SqlStr::from_static(include_str!("../../migrations/sqlite/0002_grants.sql"));
    let mut migrator = Migrator::with_migrations(vec![
        Migration::new(1, "users".into(), MigrationType::Simple, users, false),
        Migration::new(2, "grants".into(), MigrationType::Simple, grants, false),
    ]);
    migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
    migrator
}

impl OpenError {
    /// Why the database cannot be used.
    #[must_use]
    pub fn kind(&self) -> OpenErrorKind {
        self.kind
    }

    fn of(database: &str, error: impl Into<MigrateError>) -> Self {
        let error = error.into();
        Self { kind: OpenErrorKind::of(&error), database: database.to_owned(), source: error.into() }
    }
}

impl OpenErrorKind {
    fn of(error: &MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => Self::Newer,
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => Self::of_cause(cause),
            _ => Self::Other,
        }
    }

    /// By SQLite's primary result code, the low byte of the extended one (<https://www.sqlite.org/rescode.html>).
    fn of_cause(cause: &sqlx::Error) -> Self {
        let code = cause.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
        match code.map(|code| code & 0xff) {
            Some(3 | 14 | 23) => Self::CannotOpen,
            Some(8) => Self::ReadOnly,
            Some(11 | 26) => Self::NotADatabase,
            Some(5 | 6) => Self::Busy,
            _ => Self::Other,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::CannotOpen => {
                "cannot be opened or made; its directory must exist, and this user must be allowed to write there"
            }
            Self::ReadOnly => "cannot be written; this user must be allowed to write to it and to its directory",
            Self::NotADatabase => "is not an SQLite database, or is damaged; name another file, or restore a copy",
            Self::Newer => "was written by another version of this program; use that version, or name another file",
            Self::Busy => "is locked by another process; end that process, or name another file",
            Self::Other => "cannot be used",
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the database {} {}", self.database, self.kind.text())
    }
}

impl fmt::Debug for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self} ({:?}: {})", self.kind, self.source)
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
