//! A user as this application knows him.

use std::{fmt, fmt::Write as _, sync::Arc};

use bytes::Bytes;
use entra_oidc::{AccountKey, Timestamp, random_bytes};
use serde::{Deserialize, Serialize};

use super::grants::Grants;

/// The name of a user in a store: opaque text that never names another user, also not after this one is deleted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct UserId(Arc<str>);

/// A user.
///
/// Built with [`User::new`]; the fields that it does not ask for are set afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The store's name for the user.
    pub id: UserId,
    /// For showing only. Unique in the store, without regard to ASCII case.
    pub username: String,
    /// For showing only, lower-cased. Several users may have the same one.
    pub email: Option<String>,
    /// Empty when unknown.
    pub first_name: String,
    /// Empty when unknown.
    pub last_name: String,
    /// A user who is not active cannot sign in.
    pub is_active: bool,
    /// What makes the user staff, who may enter the admin.
    pub staff: Grants,
    /// What makes the user superuser, who may do everything.
    pub superuser: Grants,
    /// When the user was created.
    pub date_joined: Timestamp,
    /// When the user last signed in.
    pub last_login: Option<Timestamp>,
    /// The user principal name, lower-cased, with which a member of the pinned tenant claims this prepared user, once.
    pub invitation: Option<String>,
    /// The Microsoft account that signs this user in; `None` for a user who was prepared and has not come yet.
    pub account: Option<MicrosoftAccount>,
}

/// The Microsoft account of a user, one to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MicrosoftAccount {
    /// What identifies the account. Compared byte by byte.
    pub key: AccountKey,
    /// For showing only.
    pub user_principal_name: Option<String>,
    /// The preferred language, as Microsoft writes it (`en-US`). Of any length.
    pub locale: Option<String>,
    /// Whether the store has a [`Picture`].
    pub has_picture: bool,
}

/// A user's picture.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// `image/jpeg`, `image/png`, `image/gif` or `image/webp`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
}

impl UserId {
    /// The id that this text is.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// A new id: 32 hexadecimal digits that nobody had before.
    #[must_use]
    pub fn random() -> Self {
        let bytes: [u8; 16] = random_bytes();
        let mut id = String::with_capacity(32);
        for byte in bytes {
            // Writing into a `String` cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        Self(id.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for UserId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        (*id.0).to_owned()
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "UserId({})", self.0)
    }
}

impl User {
    /// An active user without names, address, permissions or account.
    #[must_use]
    pub fn new(id: UserId, username: impl Into<String>, date_joined: Timestamp) -> Self {
        Self {
            id,
            username: username.into(),
            email: None,
            first_name: String::new(),
            last_name: String::new(),
            is_active: true,
            staff: Grants::NONE,
            superuser: Grants::NONE,
            date_joined,
            last_login: None,
            invitation: None,
            account: None,
        }
    }

    /// Whether the user may enter the admin: staff, or superuser.
    #[must_use]
    pub const fn is_staff(&self) -> bool {
        self.is_superuser() || !self.staff.is_empty()
    }

    /// Whether the user may do everything.
    #[must_use]
    pub const fn is_superuser(&self) -> bool {
        !self.superuser.is_empty()
    }

    /// First and last name, or the username when there are none.
    #[must_use]
    pub fn full_name(&self) -> String {
        match (self.first_name.trim(), self.last_name.trim()) {
            ("", "") => self.username.clone(),
            (first, "") => first.to_owned(),
            ("", last) => last.to_owned(),
            (first, last) => format!("{first} {last}"),
        }
    }
}

impl MicrosoftAccount {
    /// An account of which only the key is known.
    #[must_use]
    pub fn new(key: AccountKey) -> Self {
        Self { key, user_principal_name: None, locale: None, has_picture: false }
    }
}

impl Picture {
    /// A picture of one of the four types that are served; `None` for any other type.
    #[must_use]
    pub fn new(content_type: &str, bytes: impl Into<Bytes>) -> Option<Self> {
        let content_type =
            ["image/jpeg", "image/png", "image/gif", "image/webp"].into_iter().find(|known| *known == content_type)?;
        Some(Self { content_type, bytes: bytes.into() })
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Picture({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_of_a_type_that_is_served() {
        for (content_type, accepted) in
            [("image/jpeg", true), ("image/webp", true), ("text/html", false), ("image/svg+xml", false), ("", false)]
        {
            assert_eq!(Picture::new(content_type, &b"x"[..]).is_some(), accepted, "{content_type}");
        }
    }

    #[test]
    fn a_name_to_show_is_never_empty() {
        let mut user = User::new(UserId::new("1"), "adele@contoso.example", Timestamp::from_unix(0));
        assert_eq!(user.full_name(), "adele@contoso.example");
        user.last_name = "Vance".to_owned();
        assert_eq!(user.full_name(), "Vance");
        user.first_name = "Adele".to_owned();
        assert_eq!(user.full_name(), "Adele Vance");
    }

    #[test]
    fn ids_are_32_hexadecimal_digits_and_differ() {
        let (one, two) = (UserId::random(), UserId::random());
        assert_ne!(one, two);
        assert!(one.as_str().len() == 32 && one.as_str().chars().all(|c| c.is_ascii_hexdigit()));
    }
}
