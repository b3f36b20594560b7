//! The store itself.

use entra_sso::{
    StoreError,
    oidc::{AccountKey, Timestamp},
    users::{Created, NewUser, Picture, User, UserId, UserLookup, UserStore, UserUpdate},
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

    async fn update(&self, update: UserUpdate) -> Result<Option<User>, StoreError> {
        let mut transaction = self.pool.begin_with(queries::BEGIN).await.map_err(StoreError::new)?;
        apply(&mut transaction, &update).await.map_err(StoreError::new)?;
        if let Some(picture) = &update.picture {
            put_picture(&mut transaction, &update.id, picture).await?;
        }
        let user = by_id(&mut transaction, &update.id).await?;
        transaction.commit().await.map_err(StoreError::new)?;
        Ok(user)
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
        .bind(user.is_staff)
        .bind(user.is_superuser)
        .bind(user.date_joined.unix())
        .bind(user.last_login.map(Timestamp::unix))
        .execute(&mut *connection)
        .await?;
    let Some(account) = &user.account else {
        return Ok(());
    };
    sqlx::query(queries::INSERT_ACCOUNT)
        .bind(user.id.as_str())
        .bind(account.key.kind().as_str())
        .bind(account.key.tenant())
        .bind(account.key.subject())
        .bind(&account.user_principal_name)
        .bind(&account.locale)
        .execute(connection)
        .await?;
    Ok(())
}

async fn apply(connection: &mut SqliteConnection, update: &UserUpdate) -> Result<(), sqlx::Error> {
    sqlx::query(queries::UPDATE_USER)
        .bind(update.id.as_str())
        .bind(&update.email)
        .bind(&update.first_name)
        .bind(&update.last_name)
        .bind(update.is_active)
        .bind(update.is_staff)
        .bind(update.is_superuser)
        .bind(update.last_login.map(Timestamp::unix))
        .execute(&mut *connection)
        .await?;
    sqlx::query(queries::UPDATE_ACCOUNT)
        .bind(update.id.as_str())
        .bind(&update.user_principal_name)
        .bind(&update.locale)
        .execute(connection)
        .await?;
    Ok(())
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
