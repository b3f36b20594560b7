//! The table as `entra-sso` wants to see it.
//!
//! Each change takes SQLite's write lock first (`BEGIN IMMEDIATE`), reads, decides, and writes: what was read is still true
//! when it is acted upon, and a change happens as a whole or not at all, because a transaction that is dropped rolls back.

use entra_sso::{
    StoreError,
    users::{
        Change, Created, Grant, GrantChange, Link, Linked, NewUser, Picture, Updated, User, UserId, UserLookup,
        UserStore, UserUpdate,
    },
};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{
    Members,
    row::{self, select},
};

impl UserStore for Members {
    async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(StoreError::new)?;
        find(&mut connection, &lookup).await
    }

    async fn create(&self, mut new: NewUser) -> Result<Created, StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(account) = &new.account
            && let Some(member) = find(&mut transaction, &UserLookup::Account(account.key.clone())).await?
        {
            return Ok(Created::Existing(member));
        }
        if let Some(email) = new.email.as_deref().filter(|_| new.unique_email)
            && has_another(&mut transaction, email, None).await?
        {
            return Ok(Created::AddressTaken);
        }
        if let Some(invitation) = &new.invitation
            && (new.account.is_some() || is_invited(&mut transaction, invitation).await?)
        {
            new.invitation = None;
        }
        let picture = new.picture.take();
        let (number, nickname) = enter(&mut transaction, &new).await?;
        let member = new.into_user(row::id(number), nickname);
        let member = finish(transaction, &member, &Change::sent(picture)).await?;
        Ok(Created::New(member))
    }

    async fn link(&self, link: Link) -> Result<Linked, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(mut member) = find(&mut transaction, &UserLookup::Id(link.user)).await? else {
            return Ok(Linked::Gone);
        };
        let owner = find(&mut transaction, &UserLookup::Account(link.account.key.clone())).await?;
        if member.account.is_some() || owner.is_some() {
            return Ok(Linked::Taken);
        }
        member.account = Some(link.account);
        member.invitation = None;
        finish(transaction, &member, &Change::sent(link.picture)).await.map(Linked::Yes)
    }

    async fn update(&self, mut update: UserUpdate) -> Result<Updated, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(before) = find(&mut transaction, &UserLookup::Id(update.id.clone())).await? else {
            return Ok(Updated::Gone);
        };
        if let Some(email) = update.email.value().filter(|_| update.unique_email)
            && has_another(&mut transaction, email, row::number(&update.id)).await?
        {
            update.email = Change::Keep;
        }
        let mut after = before.clone();
        update.apply_to(&mut after);
        if update.first_superuser && never_had_a_superuser(&mut transaction).await? {
            after.staff = GrantChange::set(Grant::First, true).apply_to(after.staff);
            after.superuser = GrantChange::set(Grant::First, true).apply_to(after.superuser);
        }
        let leads = |member: &User| member.is_active && member.is_superuser();
        if update.keep_last_superuser
            && leads(&before)
            && !leads(&after)
            && !has_another_superuser(&mut transaction, &update.id).await?
        {
            return Ok(Updated::LastSuperuser);
        }
        finish(transaction, &after, &update.picture).await.map(Updated::Yes)
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        let query = sqlx::query("SELECT picture_type, picture FROM member WHERE number = ?1").bind(row::number(user));
        match query.fetch_optional(&self.pool).await.map_err(StoreError::new)? {
            Some(found) => row::picture(&found),
            None => Ok(None),
        }
    }
}

impl Members {
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::new)
    }
}

async fn find(connection: &mut SqliteConnection, lookup: &UserLookup) -> Result<Option<User>, StoreError> {
    let query = match lookup {
        UserLookup::Id(id) => sqlx::query(select!("WHERE number = ?1")).bind(row::number(id)),
        UserLookup::Account(key) => {
            let query = select!("WHERE account_kind = ?1 AND account_tenant = ?2 AND account_subject = ?3");
            sqlx::query(query).bind(key.kind().as_str()).bind(key.tenant()).bind(key.subject())
        }
        UserLookup::Address(address) => sqlx::query(select!("WHERE email = ?1 LIMIT 2")).bind(address.as_str()),
        UserLookup::Invitation(address) => {
            sqlx::query(select!("WHERE invitation = ?1 AND account_kind IS NULL")).bind(address.as_str())
        }
        _ => return Err(StoreError::new("the club's table cannot be searched this way")),
    };
    match query.fetch_all(connection).await.map_err(StoreError::new)?.as_slice() {
        [only] => row::read(only).map(Some),
        // An address that two members share is nobody's.
        _ => Ok(None),
    }
}

/// A new row with the first nickname that is free: the wanted one, or it with `-2`, `-3`, …
async fn enter(connection: &mut SqliteConnection, new: &NewUser) -> Result<(i64, String), StoreError> {
    let mut nickname = new.username.clone();
    for suffix in 2_u64.. {
        let query =
            "INSERT INTO member (nickname, joined) VALUES (?1, ?2) ON CONFLICT (nickname) DO NOTHING RETURNING number";
        let query = sqlx::query_scalar(query).bind(&nickname).bind(new.date_joined.unix());
        if let Some(number) = query.fetch_optional(&mut *connection).await.map_err(StoreError::new)? {
            return Ok((number, nickname));
        }
        nickname = format!("{}-{suffix}", new.username);
    }
    Err(StoreError::new("every nickname is taken"))
}

/// Writes a member and his picture, and reads back what stands in the table then.
async fn finish(
    mut transaction: Transaction<'static, Sqlite>,
    member: &User,
    picture: &Change<Picture>,
) -> Result<User, StoreError> {
    row::write(&mut transaction, member).await.map_err(StoreError::new)?;
    if !picture.is_keep() {
        row::write_picture(&mut transaction, &member.id, picture.value()).await.map_err(StoreError::new)?;
    }
    let member = find(&mut transaction, &UserLookup::Id(member.id.clone())).await?;
    transaction.commit().await.map_err(StoreError::new)?;
    member.ok_or_else(|| StoreError::corrupt("a member who was just written is not there"))
}

async fn has_another(connection: &mut SqliteConnection, email: &str, but: Option<i64>) -> Result<bool, StoreError> {
    let query = "SELECT EXISTS (SELECT 1 FROM member WHERE email = ?1 AND number IS NOT ?2)";
    sqlx::query_scalar(query).bind(email).bind(but).fetch_one(connection).await.map_err(StoreError::new)
}

async fn is_invited(connection: &mut SqliteConnection, upn: &str) -> Result<bool, StoreError> {
    let query = "SELECT EXISTS (SELECT 1 FROM member WHERE invitation = ?1)";
    sqlx::query_scalar(query).bind(upn).fetch_one(connection).await.map_err(StoreError::new)
}

async fn never_had_a_superuser(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let query = "SELECT NOT EXISTS (SELECT 1 FROM first_superuser)";
    sqlx::query_scalar(query).fetch_one(connection).await.map_err(StoreError::new)
}

async fn has_another_superuser(connection: &mut SqliteConnection, but: &UserId) -> Result<bool, StoreError> {
    let query = "SELECT EXISTS (SELECT 1 FROM member WHERE superuser <> 0 AND active AND number <> ?1)";
    sqlx::query_scalar(query).bind(row::number(but)).fetch_one(connection).await.map_err(StoreError::new)
}
