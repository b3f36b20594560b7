//! A new database of every kind, and what somebody does who reads and writes its tables without us.

use entra_sso::{session::SessionKey, users::UserId};
use sqlx::{Connection as _, Row as _};

use crate::scratch::Scratch;

/// Addresses: a file, and with the feature `postgres` a database of bytes and one that sorts as German does. Keys are compared
/// byte by byte in all of them.
pub(crate) fn all(scratch: &Scratch) -> Vec<String> {
    #[cfg(feature = "postgres")]
    let servers = ["", "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'"]
        .map(|options| local_servers::Postgres::shared().database_with(options));
    #[cfg(not(feature = "postgres"))]
    let servers = Vec::new();
    let mut databases = vec![file(scratch)];
    databases.extend(servers);
    databases
}

/// One of each kind.
pub(crate) fn each(scratch: &Scratch) -> Vec<String> {
    let mut databases = all(scratch);
    databases.truncate(2);
    databases
}

fn file(scratch: &Scratch) -> String {
    scratch.file(&format!("{}.db", UserId::random()))
}

/// Runs statements. They are the tests' own, and no input is in them.
pub(crate) async fn execute(url: &str, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if is_postgres(url) {
        #[cfg(feature = "postgres")]
        {
            let mut connection = sqlx::PgConnection::connect(url).await.expect("connected");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("executed");
            connection.close().await.expect("closed");
        }
    } else {
        let mut connection = sqlx::SqliteConnection::connect(url).await.expect("connected");
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("executed");
        connection.close().await.expect("closed");
    }
}

/// The first column of each row, which must be text.
pub(crate) async fn texts(url: &str, sql: &str) -> Vec<String> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if is_postgres(url) {
        #[cfg(feature = "postgres")]
        {
            let mut connection = sqlx::PgConnection::connect(url).await.expect("connected");
            let rows = sqlx::query(sql).fetch_all(&mut connection).await.expect("read");
            return rows.iter().map(|row| row.get(0)).collect();
        }
    }
    let mut connection = sqlx::SqliteConnection::connect(url).await.expect("connected");
    let rows = sqlx::query(sql).fetch_all(&mut connection).await.expect("read");
    rows.iter().map(|row| row.get(0)).collect()
}

/// How many rows a table has.
pub(crate) async fn count(url: &str, table: &str) -> u64 {
    let counted = texts(url, &format!("SELECT CAST(count(*) AS text) FROM {table}")).await;
    counted[0].parse().expect("a number")
}

pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://")
}

/// Bytes as both databases write them.
pub(crate) fn literal(url: &str, bytes: &[u8]) -> String {
    let hexadecimal = hexadecimal(bytes);
    if is_postgres(url) { format!("'\\x{hexadecimal}'::bytea") } else { format!("x'{hexadecimal}'") }
}

pub(crate) fn key(url: &str, key: &SessionKey) -> String {
    literal(url, key.as_bytes())
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
