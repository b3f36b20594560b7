//! A row of the table as a user, and back.

use entra_sso::{
    StoreError,
    oidc::{AccountKey, AccountKind, Timestamp},
    users::{Grants, MicrosoftAccount, Picture, User, UserId},
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

/// Everything but the picture, which is large and seldom wanted.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT number, nickname, email, given_name, family_name, active, staff, superuser, joined, last_login, \
             invitation, account_kind, account_tenant, account_subject, upn, locale, \
             picture IS NOT NULL AS has_picture FROM member ",
            $rest
        )
    };
}
pub(super) use select;

const WRITE: &str = "UPDATE member SET email = ?2, given_name = ?3, family_name = ?4, active = ?5, staff = ?6, \
    superuser = ?7, last_login = ?8, invitation = ?9, account_kind = ?10, account_tenant = ?11, account_subject = ?12, \
    upn = ?13, locale = ?14 WHERE number = ?1";

/// A member's number is his id; other text names nobody.
pub(super) fn number(id: &UserId) -> Option<i64> {
    id.as_str().parse().ok()
}

pub(super) fn id(number: i64) -> UserId {
    UserId::from(number.to_string())
}

/// Reads a row.
pub(super) fn read(row: &SqliteRow) -> Result<User, StoreError> {
    let account = account(row)?;
    let user = || -> Result<User, sqlx::Error> {
        let joined = Timestamp::from_unix(row.try_get("joined")?);
        let mut user = User::new(id(row.try_get("number")?), row.try_get::<String, _>("nickname")?, joined);
        user.email = row.try_get("email")?;
        user.first_name = row.try_get("given_name")?;
        user.last_name = row.try_get("family_name")?;
        user.is_active = row.try_get("active")?;
        user.staff = Grants::from_bits(row.try_get("staff")?);
        user.superuser = Grants::from_bits(row.try_get("superuser")?);
        user.last_login = row.try_get::<Option<i64>, _>("last_login")?.map(Timestamp::from_unix);
        user.invitation = row.try_get("invitation")?;
        user.account = account;
        Ok(user)
    };
    user().map_err(StoreError::corrupt)
}

fn account(row: &SqliteRow) -> Result<Option<MicrosoftAccount>, StoreError> {
    let Some(kind) = row.try_get::<Option<String>, _>("account_kind").map_err(StoreError::corrupt)? else {
        return Ok(None);
    };
    let kind = AccountKind::parse(&kind).ok_or_else(|| StoreError::corrupt("an account of an unknown kind"))?;
    let account = || -> Result<MicrosoftAccount, sqlx::Error> {
        let (tenant, subject): (String, String) = (row.try_get("account_tenant")?, row.try_get("account_subject")?);
        let mut account = MicrosoftAccount::new(AccountKey::new(kind, tenant, subject));
        account.user_principal_name = row.try_get("upn")?;
        account.locale = row.try_get("locale")?;
        account.has_picture = row.try_get("has_picture")?;
        Ok(account)
    };
    account().map(Some).map_err(StoreError::corrupt)
}

/// Writes everything but the nickname, which stays, and the picture.
pub(super) async fn write(connection: &mut SqliteConnection, user: &User) -> Result<(), sqlx::Error> {
    let account = user.account.as_ref();
    let key = account.map(|account| &account.key);
    sqlx::query(WRITE)
        .bind(number(&user.id))
        .bind(&user.email)
        .bind(&user.first_name)
        .bind(&user.last_name)
        .bind(user.is_active)
        .bind(user.staff.bits())
        .bind(user.superuser.bits())
        .bind(user.last_login.map(Timestamp::unix))
        .bind(&user.invitation)
        .bind(key.map(|key| key.kind().as_str()))
        .bind(key.map(AccountKey::tenant))
        .bind(key.map(AccountKey::subject))
        .bind(account.and_then(|account| account.user_principal_name.as_ref()))
        .bind(account.and_then(|account| account.locale.as_ref()))
        .execute(&mut *connection)
        .await?;
    if user.is_superuser() {
        let query = sqlx::query("INSERT INTO first_superuser (is_gone) VALUES (1) ON CONFLICT DO NOTHING");
        query.execute(connection).await?;
    }
    Ok(())
}

/// Keeps a picture, or none; only for a member with an account.
pub(super) async fn write_picture(
    connection: &mut SqliteConnection,
    member: &UserId,
    picture: Option<&Picture>,
) -> Result<(), sqlx::Error> {
    let query = "UPDATE member SET picture_type = ?2, picture = ?3 WHERE number = ?1 AND account_kind IS NOT NULL";
    let query = sqlx::query(query).bind(number(member)).bind(picture.map(|picture| picture.content_type));
    query.bind(picture.map(|picture| &*picture.bytes)).execute(connection).await?;
    Ok(())
}

/// The picture in a row, if there is one.
pub(super) fn picture(row: &SqliteRow) -> Result<Option<Picture>, StoreError> {
    let content_type: Option<String> = row.try_get("picture_type").map_err(StoreError::corrupt)?;
    let bytes: Option<Vec<u8>> = row.try_get("picture").map_err(StoreError::corrupt)?;
    Ok(content_type.zip(bytes).and_then(|(content_type, bytes)| Picture::new(&content_type, bytes)))
}
