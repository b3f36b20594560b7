//! Rows as users.

use bytes::Bytes;
use entra_sso::{
    StoreError,
    oidc::{AccountKey, AccountKind, Timestamp},
    users::{Grants, MicrosoftAccount, Picture, User, UserId},
};

use crate::backend::Columns;

/// A row with the columns of a user.
pub(super) fn user(row: &impl Columns) -> Result<User, StoreError> {
    let mut user = read_user(row).map_err(StoreError::corrupt)?;
    if let Some(kind) = row.optional_text("account_kind").map_err(StoreError::corrupt)? {
        let kind = AccountKind::parse(&kind).ok_or_else(|| StoreError::corrupt("an account of an unknown kind"))?;
        user.account = Some(read_account(kind, row).map_err(StoreError::corrupt)?);
    }
    Ok(user)
}

/// A row of [`PICTURE`](super::queries::PICTURE).
pub(super) fn picture(row: &impl Columns) -> Result<Picture, StoreError> {
    let content_type = row.text("content_type").map_err(StoreError::corrupt)?;
    let bytes = row.bytes("bytes").map_err(StoreError::corrupt)?;
    Picture::new(&content_type, Bytes::from(bytes)).ok_or_else(|| StoreError::corrupt("a picture of an unknown type"))
}

fn read_user(row: &impl Columns) -> Result<User, sqlx::Error> {
    let (id, username) = (UserId::from(row.text("id")?), row.text("username")?);
    let mut user = User::new(id, username, Timestamp::from_unix(row.number("date_joined")?));
    user.email = row.optional_text("email")?;
    user.first_name = row.text("first_name")?;
    user.last_name = row.text("last_name")?;
    user.is_active = row.flag("is_active")?;
    user.staff = grants(row.number("staff")?);
    user.superuser = grants(row.number("superuser")?);
    user.last_login = row.optional_number("last_login")?.map(Timestamp::from_unix);
    user.invitation = row.optional_text("invitation")?;
    Ok(user)
}

fn read_account(kind: AccountKind, row: &impl Columns) -> Result<MicrosoftAccount, sqlx::Error> {
    let key = AccountKey::new(kind, row.text("account_tenant")?, row.text("account_subject")?);
    let mut account = MicrosoftAccount::new(key);
    account.user_principal_name = row.optional_text("user_principal_name")?;
    account.locale = row.optional_text("locale")?;
    account.has_picture = row.flag("has_picture")?;
    Ok(account)
}

/// A number that a newer version wrote may have more bits than this one knows.
fn grants(bits: i64) -> Grants {
    Grants::from_bits(bits.to_le_bytes()[0])
}
