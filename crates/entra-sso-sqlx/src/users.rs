//! Users, step by step.

mod create;
mod listing;
mod queries;
mod row;
mod update;

use std::sync::Arc;

use entra_sso::{
    StoreError,
    oidc::AccountKey,
    users::{Picture, User, UserId, UserLookup},
};

use crate::{
    backend::{Backend, Statements},
    connections::{Connections, away},
    value::Value,
};

/// The tables of users.
pub(crate) struct Users<B: Backend> {
    connections: Arc<Connections<B>>,
}

impl<B: Backend> Users<B> {
    pub(crate) const fn new(connections: Arc<Connections<B>>) -> Self {
        Self { connections }
    }

    pub(crate) async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        let mut line = self.connections.reading();
        match lookup {
            UserLookup::Id(id) => by_id(&mut line, &id).await,
            UserLookup::Account(key) => by_account(&mut line, &key).await,
            UserLookup::Address(address) => only_one_with(&mut line, address.as_str()).await,
            UserLookup::Invitation(address) => {
                user(&mut line, queries::USER_BY_INVITATION, vec![Value::exact(address.as_str())]).await
            }
            _ => Err(StoreError::new("this store does not know how to look a user up this way")),
        }
    }

    pub(crate) async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        let values = vec![Value::exact(user.as_str())];
        let rows = self.connections.reading().rows(queries::PICTURE, values).await.map_err(away)?;
        rows.first().map(row::picture).transpose()
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
    let values = vec![Value::exact(user.as_str()), Value::text(picture.content_type), picture.bytes.as_ref().into()];
    statements.rows(queries::PUT_PICTURE, values).await.map(drop).map_err(away)
}

/// The three parts that identify an account.
fn account(key: &AccountKey) -> [Value<'_>; 3] {
    [Value::text(key.kind().as_str()), Value::exact(key.tenant()), Value::exact(key.subject())]
}

/// What a name is searched by: its first hundred letters, since an index takes no long texts.
pub(crate) fn name_key(name: &str) -> String {
    name.chars().filter(|letter| *letter != '\0').take(100).flat_map(char::to_lowercase).collect()
}
