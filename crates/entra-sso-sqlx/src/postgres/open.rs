//! Connecting to a server and bringing the tables up to date.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    Executor as _, PgPool,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions, Postgres},
};

use crate::{
    backend::Backend as _,
    migrations,
    open_error::{OpenError, OpenErrorKind},
};

/// sqlx's own default, said aloud.
const CONNECTIONS: u32 = 10;
/// How long a request waits for a connection before the store is "not available".
const PATIENCE: Duration = Duration::from_secs(2);

/// Limits of each connection, unless the URL or the server has set others: no statement of ours takes long, and whoever goes
/// away in the middle of a transaction must not keep the others waiting.
const LIMITS: &str = "SELECT set_config(name, value, false) FROM (VALUES ('statement_timeout', '5s'), \
    ('lock_timeout', '5s'), ('idle_in_transaction_session_timeout', '10s')) AS ours (name, value) \
    WHERE current_setting(name) = '0'";

const MIGRATIONS: &[(&str, &str)] = &[
    ("users", include_str!("../../migrations/postgres/0001_users.sql")),
    ("sessions", include_str!("../../migrations/postgres/0002_sessions.sql")),
];

pub(super) async fn open(url: &str) -> Result<PgPool, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::bad_url())?;
    let database = name(&options);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // A connection that died in the pool is found when it is used.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(LIMITS).await.map(drop) }))
        .connect_with(options)
        .await
        .map_err(|error| failure(&database, error))?;
    migrate(&pool, &database).await?;
    Ok(pool)
}

/// Connects and leaves: nothing is made or changed.
pub(crate) async fn reach(url: &str) -> Result<(), OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::bad_url())?;
    let database = name(&options);
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await;
    pool.map_err(|error| failure(&database, error))?.close().await;
    Ok(())
}

/// Brings the tables up to date as one step. Whoever comes at the same time waits, and finds it done.
pub(super) async fn migrate(pool: &PgPool, database: &str) -> Result<(), OpenError> {
    let begun = pool.begin_with(Postgres::BEGIN_ALONE).await;
    let mut transaction = begun.map_err(|error| failure(database, error))?;
    let run = async {
        migrations::run(MIGRATIONS, &mut *transaction).await?;
        transaction.commit().await?;
        Ok::<(), MigrateError>(())
    };
    run.await.map_err(|error| failure(database, error))
}

/// Where it is, without the password.
fn name(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or(options.get_username());
    match options.get_socket() {
        Some(socket) => format!("{database} at {}", socket.display()),
        None => format!("{database} at {}:{}", options.get_host(), options.get_port()),
    }
}

fn failure(database: &str, error: impl Into<MigrateError>) -> OpenError {
    OpenError::new(database, error, kind)
}

/// By SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>), where the server has answered.
fn kind(cause: &sqlx::Error) -> OpenErrorKind {
    match cause {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => OpenErrorKind::Unreachable,
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("28000" | "28P01" | "3D000") => OpenErrorKind::Refused,
            Some("42501" | "25006" | "3F000") => OpenErrorKind::NotAllowed,
            Some("55P03") => OpenErrorKind::Busy,
            _ => OpenErrorKind::Other,
        },
        _ => OpenErrorKind::Other,
    }
}
