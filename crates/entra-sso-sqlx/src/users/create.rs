//! New users, and accounts for those who have none.

use std::collections::HashSet;

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    users::{Created, Link, Linked, NewUser, User, UserId},
};

use super::{Users, account, by_account, by_id, name_key, put_picture, queries, user};
use crate::{
    backend::{Backend, Columns as _, Statements},
    connections::{Lent, away},
    value::Value,
};

impl<B: Backend> Users<B> {
    pub(crate) async fn create(&self, new: NewUser) -> Result<Created, StoreError> {
        let mut lent = self.connections.lend().await?;
        let created = create(&mut lent, new).await;
        lent.give_back();
        created
    }

    pub(crate) async fn link(&self, new: Link) -> Result<Linked, StoreError> {
        let mut lent = self.connections.lend().await?;
        let linked = link(&mut lent, new).await;
        lent.give_back();
        linked
    }
}

async fn create<B: Backend>(lent: &mut Lent<B>, new: NewUser) -> Result<Created, StoreError> {
    let mut transaction = lent.begin(B::BEGIN_ALONE).await?;
    if let Some(account) = &new.account
        && let Some(existing) = by_account(&mut *transaction, &account.key).await?
    {
        return Ok(Created::Existing(existing));
    }
    if new.unique_email
        && let Some(email) = &new.email
        && is_taken(&mut *transaction, queries::USERS_BY_ADDRESS, email.to_ascii_lowercase()).await?
    {
        return Ok(Created::AddressTaken);
    }
    let user = insert(&mut *transaction, new).await?;
    transaction.commit().await.map_err(away)?;
    Ok(Created::New(user))
}

async fn link<B: Backend>(lent: &mut Lent<B>, link: Link) -> Result<Linked, StoreError> {
    let mut transaction = lent.begin(B::BEGIN_ALONE).await?;
    let [kind, tenant, subject] = account(&link.account.key);
    let values = vec![
        Value::exact(link.user.as_str()),
        kind,
        tenant,
        subject,
        Value::optional(link.account.user_principal_name.as_deref()),
        Value::optional(link.account.locale.as_deref()),
        link.picture.is_some().into(),
    ];
    let Some(linked) = user(&mut *transaction, queries::LINK, values).await? else {
        let found = by_id(&mut *transaction, &link.user).await?;
        return Ok(found.map_or(Linked::Gone, |_| Linked::Taken));
    };
    if let Some(picture) = &link.picture {
        put_picture(&mut *transaction, &link.user, picture).await?;
    }
    transaction.commit().await.map_err(away)?;
    Ok(Linked::Yes(linked))
}

async fn insert(statements: &mut impl Statements, mut new: NewUser) -> Result<User, StoreError> {
    if let Some(invitation) = new.invitation.take().filter(|_| new.account.is_none())
        && !is_taken(statements, queries::USER_BY_INVITATION, invitation.clone()).await?
    {
        new.invitation = Some(invitation);
    }
    let username = free_username(statements, &new.username).await?;
    let picture = new.picture.take().filter(|_| new.account.is_some());
    let id = UserId::random();
    let created = user(statements, queries::INSERT_USER, row(&id, username, &new, picture.is_some())).await?;
    if let Some(picture) = &picture {
        put_picture(statements, &id, picture).await?;
    }
    created.ok_or_else(|| StoreError::corrupt("a user who was made is not there"))
}

/// The values of [`INSERT_USER`](queries::INSERT_USER).
fn row<'a>(id: &'a UserId, username: String, new: &'a NewUser, has_picture: bool) -> Vec<Value<'a>> {
    let account_of = new.account.as_ref();
    let [kind, tenant, subject] =
        account_of.map_or([Value::Text(None), Value::Text(None), Value::Text(None)], |of| account(&of.key));
    vec![
        Value::exact(id.as_str()),
        Value::owned(username),
        Value::optional(new.email.as_deref()),
        Value::text(&new.first_name),
        Value::text(&new.last_name),
        new.is_active.into(),
        i64::from(new.staff.bits()).into(),
        i64::from(new.superuser.bits()).into(),
        new.date_joined.unix().into(),
        new.last_login.map(Timestamp::unix).into(),
        Value::optional(new.invitation.as_deref()),
        kind,
        tenant,
        subject,
        Value::optional(account_of.and_then(|of| of.user_principal_name.as_deref())),
        Value::optional(account_of.and_then(|of| of.locale.as_deref())),
        has_picture.into(),
        Value::owned(name_key(&new.first_name)),
        Value::owned(name_key(&new.last_name)),
    ]
}

async fn is_taken(statements: &mut impl Statements, sql: &'static str, text: String) -> Result<bool, StoreError> {
    statements.rows(sql, vec![Value::owned(text)]).await.map(|rows| !rows.is_empty()).map_err(away)
}

/// The wanted username, or the first with a suffix that nobody has.
async fn free_username(statements: &mut impl Statements, wanted: &str) -> Result<String, StoreError> {
    let key = wanted.replace('\0', "").to_ascii_lowercase();
    let values = vec![Value::text(&key), Value::owned(format!("{key}-")), Value::owned(format!("{key}."))];
    let rows = statements.rows(queries::SIMILAR_USERNAMES, values).await.map_err(away)?;
    let taken: Result<HashSet<String>, _> = rows.iter().map(|row| row.text("username")).collect();
    let taken = taken.map_err(StoreError::corrupt)?;
    if !taken.contains(&key) {
        return Ok(wanted.to_owned());
    }
    let number = (2..=u64::MAX).find(|number| !taken.contains(&format!("{key}-{number}"))).unwrap_or_default();
    Ok(format!("{wanted}-{number}"))
}
