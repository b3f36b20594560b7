//! Connections of a pool, and what is done when one of them turns out to be dead.
//!
//! A server that was restarted leaves dead connections in the pool. To ask each one whether it lives before each call would cost
//! a round trip a call, so what may be done twice is not asked for: it is done again on the next connection. What may be done
//! once only asks first. Nobody is told "not found" because a connection had died.
//!
//! Where one writes at a time, as in a file of SQLite's, whoever writes has a connection of his own and waits for it in line: those who would
//! wait inside the database look there again and again, and each one that wrote makes the others read their pages anew.

use std::future::Future;

use entra_sso::StoreError;
use sqlx::{Connection as _, Pool, SqlStr, Transaction, pool::PoolConnection};

use crate::{
    backend::{Backend, Statements},
    value::Value,
};

/// The connections to one database.
pub(crate) struct Connections<B: Backend> {
    readers: Pool<B>,
    writers: Pool<B>,
}

/// Some of the connections, for statements that may run twice: that only read, or leave the same behind the second time.
pub(crate) struct Line<'a, B: Backend>(&'a Pool<B>);

/// A connection that has just answered, for what must not be done twice. Whoever is done with it gives it back; one that is
/// given up in the middle is closed, since nobody knows what it would answer next.
pub(crate) struct Lent<B: Backend> {
    connection: PoolConnection<B>,
    is_sound: bool,
}

impl<B: Backend> Connections<B> {
    /// Those of a pool whose database has our tables, each for everything.
    pub(crate) fn of(pool: Pool<B>) -> Self {
        Self { readers: pool.clone(), writers: pool }
    }

    /// Some that only read, and others.
    pub(crate) const fn apart(readers: Pool<B>, writers: Pool<B>) -> Self {
        Self { readers, writers }
    }

    /// For statements that only read.
    pub(crate) const fn reading(&self) -> Line<'_, B> {
        Line(&self.readers)
    }

    /// For statements that write, and may run twice.
    pub(crate) const fn writing(&self) -> Line<'_, B> {
        Line(&self.writers)
    }

    /// To write.
    pub(crate) async fn lend(&self) -> Result<Lent<B>, StoreError> {
        let line = self.writing();
        for _ in 0..line.most() {
            let mut lent = line.any().await.map_err(away)?;
            if !B::IS_REMOTE || lent.connection.ping().await.is_ok() {
                return Ok(lent);
            }
        }
        line.any().await.map_err(away)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl<B: Backend> Line<'_, B> {
    /// As many can be dead at the same time.
    fn most(&self) -> u32 {
        self.0.options().get_max_connections()
    }

    async fn any(&self) -> Result<Lent<B>, sqlx::Error> {
        Ok(Lent { connection: self.0.acquire().await?, is_sound: false })
    }
}

impl<B: Backend> Statements for Line<'_, B> {
    type Row = <B::Connection as Statements>::Row;

    async fn rows(&mut self, sql: &'static str, values: Vec<Value<'_>>) -> Result<Vec<Self::Row>, sqlx::Error> {
        let mut tries = self.most();
        loop {
            let mut lent = self.any().await?;
            match lent.connection.rows(sql, values.clone()).await {
                Err(error) if tries > 0 && B::is_worth_another_try(&error) => tries -= 1,
                answer => {
                    lent.give_back();
                    return answer;
                }
            }
        }
    }
}

impl<B: Backend> Lent<B> {
    /// Several statements that are one step; how it begins is one of [`Backend`]'s texts.
    pub(crate) async fn begin(&mut self, how: &'static str) -> Result<Transaction<'_, B>, StoreError> {
        self.connection.begin_with(SqlStr::from_static(how)).await.map_err(away)
    }

    /// The last answer has been read.
    pub(crate) fn give_back(mut self) {
        self.is_sound = true;
    }
}

impl<B: Backend> Statements for Lent<B> {
    type Row = <B::Connection as Statements>::Row;

    fn rows(
        &mut self,
        sql: &'static str,
        values: Vec<Value<'_>>,
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send {
        self.connection.rows(sql, values)
    }
}

impl<B: Backend> Drop for Lent<B> {
    fn drop(&mut self) {
        // A database in memory is gone with its connection, and one in a file has no network to wait for.
        if B::IS_REMOTE && !self.is_sound {
            self.connection.close_on_drop();
        }
    }
}

/// The database did not do it. Its own words stay, which name no value.
pub(crate) fn away(error: sqlx::Error) -> StoreError {
    StoreError::new(error)
}
