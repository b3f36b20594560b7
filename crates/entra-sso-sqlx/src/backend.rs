//! What the stores need of a database. Everything else is the same for SQLite and PostgreSQL, the texts of the statements among
//! it: both know `$1` and `RETURNING`.

use std::future::Future;

use sqlx::Database;

use crate::value::Value;

/// One of the two databases.
pub(crate) trait Backend: Database<Connection: Statements> {
    /// Begins several statements that are one step.
    const BEGIN: &'static str;
    /// Begins several statements that are one step, while nobody else does a step that was begun this way: what the first one
    /// reads is still true when the last one writes.
    const BEGIN_ALONE: &'static str;
}

/// A connection, inside a transaction or not.
pub(crate) trait Statements: Send {
    type Row: Columns + Send;

    /// The rows that a statement gives.
    fn rows(
        &mut self,
        sql: &'static str,
        values: Vec<Value<'_>>,
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;

    /// How many rows a statement changed.
    fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value<'_>>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;
}

/// A row.
pub(crate) trait Columns {
    fn text(&self, column: &str) -> Result<String, sqlx::Error>;
    fn optional_text(&self, column: &str) -> Result<Option<String>, sqlx::Error>;
    fn number(&self, column: &str) -> Result<i64, sqlx::Error>;
    fn optional_number(&self, column: &str) -> Result<Option<i64>, sqlx::Error>;
    fn flag(&self, column: &str) -> Result<bool, sqlx::Error>;
    fn bytes(&self, column: &str) -> Result<Vec<u8>, sqlx::Error>;
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

            async fn execute(
                &mut self,
                sql: &'static str,
                values: Vec<$crate::value::Value<'_>>,
            ) -> Result<u64, sqlx::Error> {
                bound(sql, values).execute(self).await.map(|done| done.rows_affected())
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
        }
    };
}

pub(crate) use speak;
