//! Rows as users.

use bytes::Bytes;
use entra_sso::{
    StoreError,
    oidc::{AccountKey, AccountKind, Timestamp},
    users::{Grants, MicrosoftAccount, Picture, User, UserId},
};
use sqlx::{Row, sqlite::SqliteRow};

/// A row of a query that `select_user!` wrote.
pub(super) fn user(row: &SqliteRow) -> Result<User, StoreError> {
    read_user(row).map_err(StoreError::corrupt)?.with_account(row)
}

/// A row of [`PICTURE`](super::queries::PICTURE).
pub(super) fn picture(row: &SqliteRow) -> Result<Picture, StoreError> {
    let content_type: String = row.try_get("content_type").map_err(StoreError::corrupt)?;
    let bytes: Vec<u8> = row.try_get("bytes").map_err(StoreError::corrupt)?;
    Picture::new(&content_type, Bytes::from(bytes)).ok_or_else(|| StoreError::corrupt("a picture of an unknown type"))
}

struct WithoutAccount(User);

fn read_user(row: &SqliteRow) -> Result<WithoutAccount, sqlx::Error> {
    let id: String = row.try_get("id")?;
    let username: String = row.try_get("username")?;
    let mut user = User::new(UserId::from(id), username, Timestamp::from_unix(row.try_get("date_joined")?));
    user.email = row.try_get("email")?;
    user.first_name = row.try_get("first_name")?;
    user.last_name = row.try_get("last_name")?;
    user.is_active = row.try_get("is_active")?;
    user.staff = Grants::from_bits(row.try_get("staff_grants")?);
    user.superuser = Grants::from_bits(row.try_get("superuser_grants")?);
    user.invitation = row.try_get("invitation")?;
    user.last_login = row.try_get::<Option<i64>, _>("last_login")?.map(Timestamp::from_unix);
    Ok(WithoutAccount(user))
}

impl WithoutAccount {
    fn with_account(self, row: &SqliteRow) -> Result<User, StoreError> {
        let Self(mut user) = self;
        let kind: Option<String> = row.try_get("kind").map_err(StoreError::corrupt)?;
        if let Some(kind) = kind {
            let kind = AccountKind::parse(&kind).ok_or_else(|| StoreError::corrupt("an account of an unknown kind"))?;
            user.account = Some(read_account(kind, row).map_err(StoreError::corrupt)?);
        }
        Ok(user)
    }
}

fn read_account(kind: AccountKind, row: &SqliteRow) -> Result<MicrosoftAccount, sqlx::Error> {
    let (tenant, subject): (String, String) = (row.try_get("tenant")?, row.try_get("subject")?);
    let mut account = MicrosoftAccount::new(AccountKey::new(kind, tenant, subject));
    account.user_principal_name = row.try_get("user_principal_name")?;
    account.locale = row.try_get("locale")?;
    account.has_picture = row.try_get("has_picture")?;
    Ok(account)
}
