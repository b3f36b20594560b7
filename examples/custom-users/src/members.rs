//! The club's table.

mod row;
mod store;

use entra_sso::{StoreError, users::UserId};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};

/// One row a member. What `entra-sso` needs beside the club's own columns: the account, compared byte by byte and unique;
/// grants as numbers; an invitation.
///
/// `AUTOINCREMENT` never gives a number twice, so that a session never meets another member than the one it was made for.
/// `NOCASE` is what "without regard to ASCII case" means; the account's columns have no such thing.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS member (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    nickname TEXT NOT NULL COLLATE NOCASE UNIQUE,
    email TEXT COLLATE NOCASE,
    given_name TEXT NOT NULL DEFAULT '',
    family_name TEXT NOT NULL DEFAULT '',
    birthday TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    staff INTEGER NOT NULL DEFAULT 0,
    superuser INTEGER NOT NULL DEFAULT 0,
    joined INTEGER NOT NULL,
    last_login INTEGER,
    invitation TEXT UNIQUE,
    account_kind TEXT,
    account_tenant TEXT,
    account_subject TEXT,
    upn TEXT,
    locale TEXT,
    picture_type TEXT,
    picture BLOB,
    UNIQUE (account_kind, account_tenant, account_subject)
);
CREATE INDEX IF NOT EXISTS member_email ON member (email);
-- Has a row once there has been a superuser, for ever.
CREATE TABLE IF NOT EXISTS first_superuser (is_gone INTEGER PRIMARY KEY CHECK (is_gone = 1));
";

/// The members of the club, in an SQLite file. Cloning it shares the connections.
#[derive(Clone, Debug)]
pub struct Members {
    pool: SqlitePool,
}

impl Members {
    /// Opens the file, and makes it when it is not there.
    ///
    /// # Errors
    /// When it cannot be opened or is no database.
    pub async fn open(file: &str) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(std::time::Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        sqlx::raw_sql(TABLES).execute(&pool).await?;
        Ok(Self { pool })
    }

    /// When the member was born, `1988-04-01`.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn birthday(&self, member: &UserId) -> Result<Option<String>, StoreError> {
        let Some(number) = row::number(member) else { return Ok(None) };
        let found = sqlx::query_scalar("SELECT birthday FROM member WHERE number = ?1").bind(number);
        Ok(found.fetch_optional(&self.pool).await.map_err(StoreError::new)?.flatten())
    }

    /// Writes down when the member was born.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn set_birthday(&self, member: &UserId, date: &str) -> Result<(), StoreError> {
        let query =
            sqlx::query("UPDATE member SET birthday = ?2 WHERE number = ?1").bind(row::number(member)).bind(date);
        query.execute(&self.pool).await.map_err(StoreError::new)?;
        Ok(())
    }

    /// Enters a member as the club always did, before he has ever signed in.
    ///
    /// # Errors
    /// When the table cannot be written, or somebody has the nickname.
    pub async fn enter_by_hand(&self, nickname: &str, email: &str) -> Result<UserId, StoreError> {
        let query =
            sqlx::query_scalar("INSERT INTO member (nickname, email, joined) VALUES (?1, ?2, 0) RETURNING number");
        let number: i64 = query.bind(nickname).bind(email).fetch_one(&self.pool).await.map_err(StoreError::new)?;
        Ok(row::id(number))
    }
}
