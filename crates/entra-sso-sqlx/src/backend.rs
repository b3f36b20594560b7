//! What the stores need of a database. Everything else is the same for SQLite and PostgreSQL, the texts of the statements among
//! it: both know `$1` and `RETURNING`.

use std::{future::Future, time::Duration};

use sqlx::Database;

use crate::value::Value;

/// One of the two databases.
pub(crate) trait Backend: Database<Connection: Statements> {
    /// Whether there is a network between us and it, or another process that can end.
    const IS_REMOTE: bool;
    /// How long it may take to answer, whatever it is asked. Without a network the database itself knows.
    const PATIENCE: Option<Duration>;
    /// Begins several statements that are one step.
    const BEGIN: &'static str;
    /// Begins several statements that are one step, while nobody else does a step that was begun this way: what the first one
    /// reads is still true when the last one writes.
    const BEGIN_ALONE: &'static str;
    /// What takes a few expired sessions away, and never waits for somebody who does the same.
    const SWEEP_SESSIONS: &'static str;
    /// The same for marks.
    const SWEEP_MARKS: &'static str;

    /// Whether the statement may do better on another connection, or a moment later: not for anything that it says.
    fn is_worth_another_try(error: &sqlx::Error) -> bool;
}

/// Who runs statements: a connection, inside a transaction or not.
pub(crate) trait Statements: Send {
    type Row: Columns + Send;

    /// The rows that a statement gives.
    fn rows(
        &mut self,
        sql: &'static str,
        values: Vec<Value<'_>>,
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;
}

/// A row.
pub(crate) trait Columns {
    fn text(&self, column: &str) -> Result<String, sqlx::Error>;
    fn optional_text(&self, column: &str) -> Result<Option<String>, sqlx::Error>;
    fn number(&self, column: &str) -> Result<i64, sqlx::Error>;
    fn optional_number(&self, column: &str) -> Result<Option<i64>, sqlx::Error>;
    fn flag(&self, column: &str) -> Result<bool, sqlx::Error>;
    fn bytes(&self, column: &str) -> Result<Vec<u8>, sqlx::Error>;
    fn optional_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error>;
}

/// Both databases are spoken to in the same words, which sqlx has in different types.
macro_rules! speak {
    ($database:ty, $connection:ty, $row:ty) => {
        impl $crate::backend::Statements for $connection {
            type Row = $row;

            async fn rows(
                &mut self,
                sql: &'static str,
                values: Vec<$crate::value::Value<'_>>,
            ) -> Result<Vec<$row>, sqlx::Error> {
                bound(sql, values).fetch_all(self).await
            }
        }

        fn bound<'a>(
            sql: &'static str,
            values: Vec<$crate::value::Value<'a>>,
        ) -> sqlx::query::Query<'a, $database, <$database as sqlx::Database>::Arguments> {
            use $crate::value::Value;

            values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
                Value::Flag(flag) => query.bind(flag),
                Value::Bytes(bytes) => query.bind(bytes),
            })
        }

        impl $crate::backend::Columns for $row {
            fn text(&self, column: &str) -> Result<String, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn optional_text(&self, column: &str) -> Result<Option<String>, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn number(&self, column: &str) -> Result<i64, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn optional_number(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn flag(&self, column: &str) -> Result<bool, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn bytes(&self, column: &str) -> Result<Vec<u8>, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn optional_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }
        }
    };
}

pub(crate) use speak;
