//! Changes of users, and their end.

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    users::{Change, Deleted, Updated, User, UserId, UserUpdate},
};

use super::{Users, by_id, name_key, put_picture, queries, user};
use crate::{
    backend::{Backend, Statements},
    connections::{Lent, away},
    value::Value,
};

impl<B: Backend> Users<B> {
    /// One statement, unless there is a picture, or other users have a say in it.
    pub(crate) async fn update(&self, update: UserUpdate) -> Result<Updated, StoreError> {
        let begin = match (depends_on_others(&update), &update.picture) {
            (true, _) => B::BEGIN_ALONE,
            (false, Change::Keep) => {
                let changed = apply(&mut self.connections.writing(), &update).await?;
                return Ok(changed.map_or(Updated::Gone, Updated::Yes));
            }
            (false, _) => B::BEGIN,
        };
        let mut lent = self.connections.lend().await?;
        let updated = update_in_steps(&mut lent, begin, &update).await;
        lent.give_back();
        updated
    }

    pub(crate) async fn delete(&self, id: &UserId, keep_last_superuser: bool) -> Result<Deleted, StoreError> {
        let mut lent = self.connections.lend().await?;
        let deleted = delete(&mut lent, id, keep_last_superuser).await;
        lent.give_back();
        deleted
    }
}

async fn update_in_steps<B: Backend>(
    lent: &mut Lent<B>,
    begin: &'static str,
    update: &UserUpdate,
) -> Result<Updated, StoreError> {
    let mut transaction = lent.begin(begin).await?;
    let Some(changed) = apply(&mut *transaction, update).await? else {
        let found = by_id(&mut *transaction, &update.id).await?;
        return Ok(found.map_or(Updated::Gone, |_| Updated::LastSuperuser));
    };
    if changed.account.is_some() {
        change_picture(&mut *transaction, update).await?;
    }
    transaction.commit().await.map_err(away)?;
    Ok(Updated::Yes(changed))
}

async fn delete<B: Backend>(lent: &mut Lent<B>, id: &UserId, keep_last_superuser: bool) -> Result<Deleted, StoreError> {
    let mut transaction = lent.begin(B::BEGIN_ALONE).await?;
    let values = vec![Value::exact(id.as_str()), keep_last_superuser.into()];
    if transaction.rows(queries::DELETE_USER, values).await.map_err(away)?.is_empty() {
        let found = by_id(&mut *transaction, id).await?;
        return Ok(found.map_or(Deleted::Gone, |_| Deleted::LastSuperuser));
    }
    transaction.commit().await.map_err(away)?;
    Ok(Deleted::Yes)
}

/// Whether the answer is another one when somebody else is changed at the same time.
fn depends_on_others(update: &UserUpdate) -> bool {
    update.first_superuser || update.keep_last_superuser || (update.unique_email && update.email.value().is_some())
}

async fn apply(statements: &mut impl Statements, update: &UserUpdate) -> Result<Option<User>, StoreError> {
    user(statements, queries::UPDATE_USER, values(update)).await
}

/// The values of [`UPDATE_USER`](queries::UPDATE_USER).
fn values(update: &UserUpdate) -> Vec<Value<'_>> {
    let key = |name: &Option<String>| Value::Text(name.as_ref().map(|name| name_key(name).into()));
    let email = update.email.value();
    vec![
        Value::exact(update.id.as_str()),
        (!update.email.is_keep()).into(),
        update.unique_email.into(),
        Value::Text(email.map(|email| email.replace('\0', "").to_ascii_lowercase().into())),
        Value::optional(email.map(String::as_str)),
        Value::optional(update.first_name.as_deref()),
        key(&update.first_name),
        Value::optional(update.last_name.as_deref()),
        key(&update.last_name),
        update.is_active.into(),
        i64::from(update.staff.take.bits()).into(),
        i64::from(update.staff.give.bits()).into(),
        i64::from(update.superuser.take.bits()).into(),
        update.first_superuser.into(),
        i64::from(update.superuser.give.bits()).into(),
        update.last_login.map(Timestamp::unix).into(),
        (!update.user_principal_name.is_keep()).into(),
        Value::optional(update.user_principal_name.value().map(String::as_str)),
        (!update.locale.is_keep()).into(),
        Value::optional(update.locale.value().map(String::as_str)),
        has_picture(&update.picture).into(),
        update.keep_last_superuser.into(),
    ]
}

/// What a change of the picture makes of the column; none leaves it as it is.
fn has_picture<T>(change: &Change<T>) -> Option<bool> {
    match change {
        Change::Keep => None,
        Change::Set(_) => Some(true),
        Change::Clear => Some(false),
    }
}

async fn change_picture(statements: &mut impl Statements, update: &UserUpdate) -> Result<(), StoreError> {
    match &update.picture {
        Change::Keep => Ok(()),
        Change::Set(picture) => put_picture(statements, &update.id, picture).await,
        Change::Clear => {
            let values = vec![Value::exact(update.id.as_str())];
            statements.rows(queries::DELETE_PICTURE, values).await.map(drop).map_err(away)
        }
    }
}
