//! The store itself.

use entra_sso::{
    StoreError,
    oidc::{AccountKey, Timestamp},
    users::{
        Change, Created, Link, Linked, MicrosoftAccount, NewUser, Picture, Updated, User, UserId, UserLookup,
        UserStore, UserUpdate,
    },
};
use sqlx::{SqliteConnection, SqlitePool};

use super::{
    open::{self, OpenError},
    queries, row,
};

/// Users in an SQLite database. Cloning it shares the connections.
#[derive(Clone, Debug)]
pub struct SqliteUsers {
    pub(super) pool: SqlitePool,
}

impl SqliteUsers {
    /// Opens a file, which is made when it is not there, and brings its tables up to date.
    ///
    /// Takes a path (`users.db`), a URL (`sqlite://users.db`, `sqlite:///var/lib/app/users.db?mode=rwc`), or `:memory:`.
    ///
    /// # Errors
    /// When the file cannot be opened, made or written, is no database, or was written by a newer version.
    pub async fn open(database: &str) -> Result<Self, OpenError> {
        Ok(Self { pool: open::open(database).await? })
    }

    /// A database in this process's memory: for tests, and gone with the store.
    ///
    /// # Errors
    /// When SQLite cannot be started.
    pub async fn in_memory() -> Result<Self, OpenError> {
        Ok(Self { pool: open::open_in_memory().await? })
    }

    /// Uses the connections of an application that has its own tables in the same database, and brings ours up to date.
    /// Foreign keys should be on (sqlx's default), and a busy timeout set.
    ///
    /// # Errors
    /// When the database cannot be written, or was written by a newer version.
    pub async fn from_pool(pool: SqlitePool) -> Result<Self, OpenError> {
        open::migrate(&pool, "the pool's database").await?;
        Ok(Self { pool })
    }

    /// Closes the connections; the file is complete then, without a write-ahead log beside it.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl UserStore for SqliteUsers {
    async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(StoreError::new)?;
        match lookup {
            UserLookup::Id(id) => by_id(&mut connection, &id).await,
            UserLookup::Account(key) => by_account(&mut connection, &key).await,
            UserLookup::Address(address) => only_one_with(&mut connection, address.as_str()).await,
            UserLookup::Invitation(address) => by_invitation(&mut connection, address.as_str()).await,
            _ => Err(StoreError::new("this store does not know how to look a user up this way")),
        }
    }

    async fn create(&self, user: NewUser) -> Result<Created, StoreError> {
        let mut transaction = self.pool.begin_with(queries::BEGIN).await.map_err(StoreError::new)?;
        if let Some(account) = &user.account
            && let Some(existing) = by_account(&mut transaction, &account.key).await?
        {
            return Ok(Created::Existing(existing));
        }
        let mut user = user;
        let nobody = UserId::new("");
        if let Some(email) = user.email.as_deref().filter(|_| user.unique_email)
            && is_taken(&mut transaction, email, &nobody).await?
        {
            return Ok(Created::AddressTaken);
        }
        if let Some(invitation) = &user.invitation
            && by_invitation(&mut transaction, invitation).await?.is_some()
        {
            user.invitation = None;
        }
        let username = free_username(&mut transaction, &user.username).await?;
        let picture = user.picture.clone().filter(|_| user.account.is_some());
        let user = user.into_user(UserId::random(), username);
        insert(&mut transaction, &user).await.map_err(StoreError::new)?;
        if let Some(picture) = &picture {
            put_picture(&mut transaction, &user.id, picture).await?;
        }
        transaction.commit().await.map_err(StoreError::new)?;
        Ok(Created::New(user))
    }

    async fn link(&self, link: Link) -> Result<Linked, StoreError> {
        let mut transaction = self.pool.begin_with(queries::BEGIN).await.map_err(StoreError::new)?;
        let Some(mut user) = by_id(&mut transaction, &link.user).await? else { return Ok(Linked::Gone) };
        if user.account.is_some() || by_account(&mut transaction, &link.account.key).await?.is_some() {
            return Ok(Linked::Taken);
        }
        insert_account(&mut transaction, &user.id, &link.account).await.map_err(StoreError::new)?;
        if let Some(picture) = &link.picture {
            put_picture(&mut transaction, &user.id, picture).await?;
        }
        user.invitation = None;
        write(&mut transaction, &user).await.map_err(StoreError::new)?;
        let user = by_id(&mut transaction, &link.user).await?;
        transaction.commit().await.map_err(StoreError::new)?;
        Ok(user.map_or(Linked::Gone, Linked::Yes))
    }

    async fn update(&self, mut update: UserUpdate) -> Result<Updated, StoreError> {
        let mut transaction = self.pool.begin_with(queries::BEGIN).await.map_err(StoreError::new)?;
        let Some(mut user) = by_id(&mut transaction, &update.id).await? else { return Ok(Updated::Gone) };
        if let Some(email) = update.email.value().filter(|_| update.unique_email)
            && is_taken(&mut transaction, email, &update.id).await?
        {
            update.email = Change::Keep;
        }
        let was_superuser = user.is_active && user.is_superuser();
        update.apply_to(&mut user);
        let is_superuser = user.is_active && user.is_superuser();
        if update.keep_last_superuser && was_superuser && !is_superuser {
            let query = sqlx::query_scalar(queries::OTHER_SUPERUSERS).bind(user.id.as_str());
            let others: bool = query.fetch_one(&mut *transaction).await.map_err(StoreError::new)?;
            if !others {
                return Ok(Updated::LastSuperuser);
            }
        }
        write(&mut transaction, &user).await.map_err(StoreError::new)?;
        match &update.picture {
            Change::Keep => {}
            Change::Set(picture) => put_picture(&mut transaction, &update.id, picture).await?,
            Change::Clear => {
                let query = sqlx::query(queries::DELETE_PICTURE).bind(update.id.as_str());
                query.execute(&mut *transaction).await.map_err(StoreError::new)?;
            }
        }
        let user = by_id(&mut transaction, &update.id).await?;
        transaction.commit().await.map_err(StoreError::new)?;
        Ok(user.map_or(Updated::Gone, Updated::Yes))
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        let found = sqlx::query(queries::PICTURE).bind(user.as_str()).fetch_optional(&self.pool).await;
        found.map_err(StoreError::new)?.as_ref().map(row::picture).transpose()
    }
}

async fn by_id(connection: &mut SqliteConnection, id: &UserId) -> Result<Option<User>, StoreError> {
    let found = sqlx::query(queries::USER_BY_ID).bind(id.as_str()).fetch_optional(connection).await;
    found.map_err(StoreError::new)?.as_ref().map(row::user).transpose()
}

async fn by_account(connection: &mut SqliteConnection, key: &AccountKey) -> Result<Option<User>, StoreError> {
    let query = sqlx::query(queries::USER_BY_ACCOUNT).bind(key.kind().as_str()).bind(key.tenant()).bind(key.subject());
    let found = query.fetch_optional(connection).await;
    found.map_err(StoreError::new)?.as_ref().map(row::user).transpose()
}

async fn only_one_with(connection: &mut SqliteConnection, address: &str) -> Result<Option<User>, StoreError> {
    let found = sqlx::query(queries::USERS_BY_ADDRESS).bind(address).fetch_all(connection).await;
    match found.map_err(StoreError::new)?.as_slice() {
        [only] => row::user(only).map(Some),
        _ => Ok(None),
    }
}

async fn free_username(connection: &mut SqliteConnection, wanted: &str) -> Result<String, StoreError> {
    let mut username = wanted.to_owned();
    for number in 2_u64.. {
        let query = sqlx::query_scalar(queries::USERNAME_IS_TAKEN).bind(&username);
        let is_taken: bool = query.fetch_one(&mut *connection).await.map_err(StoreError::new)?;
        if !is_taken {
            break;
        }
        username = format!("{wanted}-{number}");
    }
    Ok(username)
}

async fn insert(connection: &mut SqliteConnection, user: &User) -> Result<(), sqlx::Error> {
    sqlx::query(queries::INSERT_USER)
        .bind(user.id.as_str())
        .bind(&user.username)
        .bind(&user.email)
        .bind(&user.first_name)
        .bind(&user.last_name)
        .bind(user.is_active)
        .bind(user.staff.bits())
        .bind(user.superuser.bits())
        .bind(user.date_joined.unix())
        .bind(user.last_login.map(Timestamp::unix))
        .bind(&user.invitation)
        .execute(&mut *connection)
        .await?;
    match &user.account {
        Some(account) => insert_account(connection, &user.id, account).await,
        None => Ok(()),
    }
}

async fn insert_account(
    connection: &mut SqliteConnection,
    user: &UserId,
    account: &MicrosoftAccount,
) -> Result<(), sqlx::Error> {
    sqlx::query(queries::INSERT_ACCOUNT)
        .bind(user.as_str())
        .bind(account.key.kind().as_str())
        .bind(account.key.tenant())
        .bind(account.key.subject())
        .bind(&account.user_principal_name)
        .bind(&account.locale)
        .execute(connection)
        .await?;
    Ok(())
}

async fn write(connection: &mut SqliteConnection, user: &User) -> Result<(), sqlx::Error> {
    sqlx::query(queries::UPDATE_USER)
        .bind(user.id.as_str())
        .bind(&user.email)
        .bind(&user.first_name)
        .bind(&user.last_name)
        .bind(user.is_active)
        .bind(user.staff.bits())
        .bind(user.superuser.bits())
        .bind(user.last_login.map(Timestamp::unix))
        .bind(&user.invitation)
        .execute(&mut *connection)
        .await?;
    let Some(account) = &user.account else { return Ok(()) };
    sqlx::query(queries::UPDATE_ACCOUNT)
        .bind(user.id.as_str())
        .bind(&account.user_principal_name)
        .bind(&account.locale)
        .execute(connection)
        .await?;
    Ok(())
}

async fn by_invitation(connection: &mut SqliteConnection, upn: &str) -> Result<Option<User>, StoreError> {
    let found = sqlx::query(queries::USER_BY_INVITATION).bind(upn).fetch_optional(connection).await;
    found.map_err(StoreError::new)?.as_ref().map(row::user).transpose()
}

async fn is_taken(connection: &mut SqliteConnection, address: &str, but_by: &UserId) -> Result<bool, StoreError> {
    let query = sqlx::query_scalar(queries::OTHERS_WITH_ADDRESS).bind(address).bind(but_by.as_str());
    query.fetch_one(connection).await.map_err(StoreError::new)
}

async fn put_picture(connection: &mut SqliteConnection, user: &UserId, picture: &Picture) -> Result<(), StoreError> {
    sqlx::query(queries::PUT_PICTURE)
        .bind(user.as_str())
        .bind(picture.content_type)
        .bind(&*picture.bytes)
        .execute(connection)
        .await
        .map_err(StoreError::new)?;
    Ok(())
}
