//! What both stores do, step by step.

mod create;
mod listing;
mod update;

use std::error::Error;

use entra_sso::{
    StoreError,
    oidc::AccountKey,
    users::{Picture, User, UserId, UserLookup},
};
use sqlx::{Pool, pool::PoolConnection};

use crate::{
    backend::{Backend, Statements},
    queries, row,
    value::Value,
};

/// Users in one of the two databases.
pub(crate) struct Store<B: Backend> {
    pool: Pool<B>,
}

impl<B: Backend> Store<B> {
    /// Through these connections; the tables are there already.
    pub(crate) const fn new(pool: Pool<B>) -> Self {
        Self { pool }
    }

    pub(crate) const fn pool(&self) -> &Pool<B> {
        &self.pool
    }

    pub(crate) async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        let mut connection = self.connection().await?;
        match lookup {
            UserLookup::Id(id) => by_id(&mut *connection, &id).await,
            UserLookup::Account(key) => by_account(&mut *connection, &key).await,
            UserLookup::Address(address) => only_one_with(&mut *connection, address.as_str()).await,
            UserLookup::Invitation(address) => {
                user(&mut *connection, queries::USER_BY_INVITATION, vec![Value::exact(address.as_str())]).await
            }
            _ => Err(StoreError::new("this store does not know how to look a user up this way")),
        }
    }

    pub(crate) async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        let mut connection = self.connection().await?;
        let rows = connection.rows(queries::PICTURE, vec![Value::exact(user.as_str())]).await.map_err(away)?;
        rows.first().map(row::picture).transpose()
    }

    /// A fact about the database.
    pub(crate) async fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        use crate::backend::Columns as _;

        let rows = self.connection().await?.rows(queries::META, vec![Value::text(key)]).await.map_err(away)?;
        rows.first().map(|row| row.text("value").map_err(StoreError::corrupt)).transpose()
    }

    /// Writes a fact, in place of an earlier one.
    pub(crate) async fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.change(queries::SET_META, vec![Value::text(key), Value::text(value)]).await
    }

    /// Writes a fact if the database is new; gives the one that stands afterwards.
    pub(crate) async fn claim_meta(&self, key: &str, value: &str) -> Result<Option<String>, StoreError> {
        self.change(queries::CLAIM_META, vec![Value::text(key), Value::text(value)]).await?;
        self.meta(key).await
    }

    pub(crate) async fn is_empty(&self) -> Result<bool, StoreError> {
        use crate::backend::Columns as _;

        let rows = self.connection().await?.rows(queries::HAS_USERS, vec![]).await.map_err(away)?;
        let row = rows.first().ok_or_else(|| StoreError::corrupt("no answer"))?;
        Ok(!row.flag("has_users").map_err(StoreError::corrupt)?)
    }

    async fn change(&self, sql: &'static str, values: Vec<Value<'_>>) -> Result<(), StoreError> {
        self.connection().await?.execute(sql, values).await.map(drop).map_err(away)
    }

    async fn connection(&self) -> Result<PoolConnection<B>, StoreError> {
        self.pool.acquire().await.map_err(away)
    }
}

async fn by_id(statements: &mut impl Statements, id: &UserId) -> Result<Option<User>, StoreError> {
    user(statements, queries::USER_BY_ID, vec![Value::exact(id.as_str())]).await
}

async fn by_account(statements: &mut impl Statements, key: &AccountKey) -> Result<Option<User>, StoreError> {
    user(statements, queries::USER_BY_ACCOUNT, account(key).into()).await
}

async fn only_one_with(statements: &mut impl Statements, address: &str) -> Result<Option<User>, StoreError> {
    let rows = statements.rows(queries::USERS_BY_ADDRESS, vec![Value::exact(address)]).await.map_err(away)?;
    match rows.as_slice() {
        [only] => row::user(only).map(Some),
        _ => Ok(None),
    }
}

/// The user that a statement gives.
async fn user(
    statements: &mut impl Statements,
    sql: &'static str,
    values: Vec<Value<'_>>,
) -> Result<Option<User>, StoreError> {
    statements.rows(sql, values).await.map_err(away)?.first().map(row::user).transpose()
}

async fn put_picture(statements: &mut impl Statements, user: &UserId, picture: &Picture) -> Result<(), StoreError> {
    let values = vec![Value::exact(user.as_str()), Value::text(picture.content_type), Value::Bytes(&picture.bytes)];
    statements.execute(queries::PUT_PICTURE, values).await.map(drop).map_err(away)
}

/// The three parts that identify an account.
fn account(key: &AccountKey) -> [Value<'_>; 3] {
    [Value::text(key.kind().as_str()), Value::exact(key.tenant()), Value::exact(key.subject())]
}

/// The database did not do it. Its own words stay, which name no value.
fn away(error: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError::new(error)
}

/// What a name is searched by: its first hundred letters, since an index takes no long texts.
pub(crate) fn name_key(name: &str) -> String {
    name.chars().filter(|letter| *letter != '\0').take(100).flat_map(char::to_lowercase).collect()
}
