//! Opening a file and bringing its tables up to date.

use std::{path::Path, str::FromStr as _, time::Duration};

use sqlx::{
    Connection as _, SqliteConnection, SqlitePool,
    migrate::MigrateError,
    sqlite::{Sqlite, SqliteConnectOptions, SqlitePoolOptions},
};

use super::names;
use crate::{
    backend::Backend as _,
    connections::Connections,
    migrations,
    open_error::{OpenError, OpenErrorKind},
};

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call waits for a connection before the store is "not available": as long as for a few writers.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many read at the same time, beside the one that writes.
const READERS: u32 = 3;
/// Write-ahead log: readers do not wait for a writer.
const USE_WAL: &str = "PRAGMA journal_mode = WAL";

const MIGRATIONS: &[(&str, &str)] = &[
    ("users", include_str!("../../migrations/sqlite/0001_users.sql")),
    ("account in the user's row", include_str!("../../migrations/sqlite/0002_account_in_the_users_row.sql")),
    ("sessions", include_str!("../../migrations/sqlite/0003_sessions.sql")),
];

/// Opens a path, a URL or `:memory:`.
pub(super) async fn open(database: &str) -> Result<Connections<Sqlite>, OpenError> {
    if [":memory:", "sqlite::memory:"].contains(&database) {
        return Ok(Connections::of(open_in_memory().await?));
    }
    let options = options(database)?.create_if_missing(true).foreign_keys(true).busy_timeout(BUSY_TIMEOUT);
    let pool =
        |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(PATIENCE).test_before_acquire(false);
    let writer = pool(1).connect_with(options.clone()).await.map_err(|error| failure(database, error))?;
    use_wal(&writer, database).await?;
    migrate(&writer, database).await?;
    let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Connections::apart(readers, writer))
}

fn options(database: &str) -> Result<SqliteConnectOptions, OpenError> {
    if database.starts_with("sqlite:") {
        SqliteConnectOptions::from_str(database).map_err(|error| failure(database, error))
    } else {
        Ok(SqliteConnectOptions::new().filename(database))
    }
}

/// Looks into a file and leaves it as it is. One that is not there yet can be made when its directory is there.
pub(crate) async fn reach(database: &str) -> Result<(), OpenError> {
    if [":memory:", "sqlite::memory:"].contains(&database) {
        return Ok(());
    }
    let options = options(database)?;
    let directory = options.get_filename().parent().filter(|directory| !directory.as_os_str().is_empty());
    let can_be_made = directory.is_none_or(Path::is_dir);
    if can_be_made && !options.get_filename().exists() {
        return Ok(());
    }
    // Immutable: no lock is taken, and no file is made beside it.
    let options = options.read_only(true).immutable(true).busy_timeout(BUSY_TIMEOUT);
    let reached = async {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("SELECT count(*) FROM sqlite_schema").execute(&mut connection).await?;
        connection.close().await
    };
    reached.await.map_err(|error: sqlx::Error| failure(database, error))
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
        .map_err(|error| failure(database, error))?;
    migrate(&pool, database).await?;
    Ok(pool)
}

/// Brings the tables up to date. One writer at a time does so, as one step: whoever comes second finds it done.
pub(super) async fn migrate(pool: &SqlitePool, database: &str) -> Result<(), OpenError> {
    let begun = pool.begin_with(Sqlite::BEGIN_ALONE).await;
    let mut transaction = begun.map_err(|error| failure(database, error))?;
    let run = async {
        let without_keys = names::are_without_keys(&mut transaction).await?;
        migrations::run(MIGRATIONS, &mut *transaction).await?;
        if without_keys {
            names::make_keys(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok::<(), MigrateError>(())
    };
    run.await.map_err(|error| failure(database, error))
}

/// The mode stays with the file. SQLite changes it only when nobody else has the file open in that moment, and does not wait for
/// that; who cannot change it works on without, and the next one to open the file changes it.
async fn use_wal(pool: &SqlitePool, database: &str) -> Result<(), OpenError> {
    match sqlx::query(USE_WAL).execute(pool).await.map_err(|error| failure(database, error)) {
        Err(error) if error.kind() != OpenErrorKind::Busy => Err(error),
        _ => Ok(()),
    }
}

fn failure(database: &str, error: impl Into<MigrateError>) -> OpenError {
    OpenError::new(database, error, kind)
}

/// By SQLite's primary result code, the low byte of the extended one (<https://www.sqlite.org/rescode.html>).
fn kind(cause: &sqlx::Error) -> OpenErrorKind {
    let code = cause.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(3 | 14 | 23) => OpenErrorKind::CannotOpen,
        Some(8) => OpenErrorKind::ReadOnly,
        Some(11 | 26) => OpenErrorKind::NotADatabase,
        Some(5 | 6) => OpenErrorKind::Busy,
        _ => OpenErrorKind::Other,
    }
}
