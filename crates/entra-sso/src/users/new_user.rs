//! A user to be created.

use entra_oidc::Timestamp;

use super::{
    grants::Grants,
    user::{MicrosoftAccount, Picture, User, UserId},
};

/// A user to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewUser {
    /// The wanted username.
    pub username: String,
    /// The address to show, lower-cased.
    pub email: Option<String>,
    /// Empty when unknown.
    pub first_name: String,
    /// Empty when unknown.
    pub last_name: String,
    /// Default `true`.
    pub is_active: bool,
    /// Default: none.
    pub staff: Grants,
    /// Default: none.
    pub superuser: Grants,
    /// When the user is created.
    pub date_joined: Timestamp,
    /// When the user last signed in.
    pub last_login: Option<Timestamp>,
    /// The user principal name that may claim this user, lower-cased. Another user's is never taken over: who comes second
    /// is created without. Kept only without an account.
    pub invitation: Option<String>,
    /// Nobody else may have the address: then the answer is [`Created::AddressTaken`]. Default `false`.
    pub unique_email: bool,
    /// The Microsoft account. Its `has_picture` is ignored: `picture` says it.
    pub account: Option<MicrosoftAccount>,
    /// The picture; kept only together with an account.
    pub picture: Option<Picture>,
}

/// What became of a [`UserStore::create`](super::UserStore::create).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Created {
    /// The user did not exist before.
    New(User),
    /// The account had a user already, who stays as he is.
    Existing(User),
    /// Somebody has the address, which was to be unique; nothing was created.
    AddressTaken,
}

impl NewUser {
    /// An active user without names, address, permissions or account.
    #[must_use]
    pub fn new(username: impl Into<String>, date_joined: Timestamp) -> Self {
        Self {
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
            unique_email: false,
            account: None,
            picture: None,
        }
    }

    /// The user that this becomes in a store that gives him this id and username.
    #[must_use]
    pub fn into_user(self, id: UserId, username: String) -> User {
        let has_picture = self.picture.is_some();
        User {
            id,
            username,
            email: self.email,
            first_name: self.first_name,
            last_name: self.last_name,
            is_active: self.is_active,
            staff: self.staff,
            superuser: self.superuser,
            date_joined: self.date_joined,
            last_login: self.last_login,
            invitation: self.invitation,
            account: self.account.map(|account| MicrosoftAccount { has_picture, ..account }),
        }
    }
}

impl Created {
    /// The user, new or not; none when the address was taken.
    #[must_use]
    pub fn into_user(self) -> Option<User> {
        match self {
            Self::New(user) | Self::Existing(user) => Some(user),
            Self::AddressTaken => None,
        }
    }
}
