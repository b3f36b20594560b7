//! What a store of users promises.

use std::{future::Future, pin::Pin, sync::Arc};

use entra_oidc::{AccountKey, Timestamp};

use super::{
    trusted_address::TrustedAddress,
    user::{MicrosoftAccount, Picture, User, UserId},
};
use crate::store_error::StoreError;

/// Keeps users and their Microsoft accounts.
///
/// All methods may run at the same time. Each is one step: it happens as a whole or not at all, also when the caller goes
/// away in between.
pub trait UserStore: Send + Sync + 'static {
    /// The user who matches, with his account.
    fn find(&self, lookup: UserLookup) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;

    /// Creates a user, or finds the one that has this account already.
    ///
    /// Of any number of calls for one account at the same time exactly one creates. Nothing about an existing user
    /// changes. A username that another user has gets a suffix (`-2`, `-3`, …); it is never an error and never a match.
    fn create(&self, user: NewUser) -> impl Future<Output = Result<Created, StoreError>> + Send;

    /// Changes a user and gives the changed one; `None` when there is no such user. What the update does not name stays.
    fn update(&self, update: UserUpdate) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;

    /// A user's picture; `None` when there is no such user or he has none.
    fn picture(&self, user: &UserId) -> impl Future<Output = Result<Option<Picture>, StoreError>> + Send;
}

/// A store that its application keeps a hand on.
impl<T: UserStore> UserStore for Arc<T> {
    async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        T::find(self, lookup).await
    }

    async fn create(&self, user: NewUser) -> Result<Created, StoreError> {
        T::create(self, user).await
    }

    async fn update(&self, update: UserUpdate) -> Result<Option<User>, StoreError> {
        T::update(self, update).await
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        T::picture(self, user).await
    }
}

/// How to find a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserLookup {
    /// By the store's id.
    Id(UserId),
    /// By Microsoft account, each part compared byte by byte.
    Account(AccountKey),
    /// By address, if exactly one user has it, without regard to ASCII case. Two users with it: nobody is found.
    Address(TrustedAddress),
}

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
    /// Default `false`.
    pub is_staff: bool,
    /// Default `false`.
    pub is_superuser: bool,
    /// When the user is created.
    pub date_joined: Timestamp,
    /// When the user last signed in.
    pub last_login: Option<Timestamp>,
    /// The Microsoft account. Its `has_picture` is ignored: `picture` says it.
    pub account: Option<MicrosoftAccount>,
    /// The picture; kept only together with an account.
    pub picture: Option<Picture>,
}

/// What became of a [`UserStore::create`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Created {
    /// The user did not exist before.
    New(User),
    /// The account had a user already, who stays as he is.
    Existing(User),
}

/// A change of a user. `None` leaves a field as it is, so that a value that Microsoft did not send erases nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserUpdate {
    /// Whom to change.
    pub id: UserId,
    /// A new address.
    pub email: Option<String>,
    /// A new first name.
    pub first_name: Option<String>,
    /// A new last name.
    pub last_name: Option<String>,
    /// Activates or deactivates.
    pub is_active: Option<bool>,
    /// Gives or takes staff.
    pub is_staff: Option<bool>,
    /// Gives or takes superuser.
    pub is_superuser: Option<bool>,
    /// The moment of a sign-in.
    pub last_login: Option<Timestamp>,
    /// A new UPN of the account. Nothing happens when the user has no account.
    pub user_principal_name: Option<String>,
    /// A new locale of the account. Nothing happens when the user has no account.
    pub locale: Option<String>,
    /// A new picture. Nothing happens when the user has no account.
    pub picture: Option<Picture>,
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
            is_staff: false,
            is_superuser: false,
            date_joined,
            last_login: None,
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
            is_staff: self.is_staff,
            is_superuser: self.is_superuser,
            date_joined: self.date_joined,
            last_login: self.last_login,
            account: self.account.map(|account| MicrosoftAccount { has_picture, ..account }),
        }
    }
}

impl Created {
    /// The user, new or not.
    #[must_use]
    pub fn into_user(self) -> User {
        match self {
            Self::New(user) | Self::Existing(user) => user,
        }
    }
}

impl UserUpdate {
    /// A change of this user that changes nothing yet.
    #[must_use]
    pub fn of(id: UserId) -> Self {
        Self {
            id,
            email: None,
            first_name: None,
            last_name: None,
            is_active: None,
            is_staff: None,
            is_superuser: None,
            last_login: None,
            user_principal_name: None,
            locale: None,
            picture: None,
        }
    }

    /// Makes the changes to a user that a store holds in memory. The picture itself is the store's to keep.
    pub fn apply_to(&self, user: &mut User) {
        set(&mut user.first_name, self.first_name.as_ref());
        set(&mut user.last_name, self.last_name.as_ref());
        set(&mut user.is_active, self.is_active.as_ref());
        set(&mut user.is_staff, self.is_staff.as_ref());
        set(&mut user.is_superuser, self.is_superuser.as_ref());
        set_some(&mut user.email, self.email.as_ref());
        set_some(&mut user.last_login, self.last_login.as_ref());
        if let Some(account) = &mut user.account {
            set_some(&mut account.user_principal_name, self.user_principal_name.as_ref());
            set_some(&mut account.locale, self.locale.as_ref());
            account.has_picture |= self.picture.is_some();
        }
    }
}

fn set<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}

fn set_some<T: Clone>(field: &mut Option<T>, value: Option<&T>) {
    if value.is_some() {
        *field = value.cloned();
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`UserStore`] behind a pointer.
pub(crate) trait DynUserStore: Send + Sync + 'static {
    fn find(&self, lookup: UserLookup) -> Answer<'_, Option<User>>;
    fn create(&self, user: NewUser) -> Answer<'_, Created>;
    fn update(&self, update: UserUpdate) -> Answer<'_, Option<User>>;
    fn picture<'a>(&'a self, user: &'a UserId) -> Answer<'a, Option<Picture>>;
}

/// Any store of users.
pub(crate) type SharedUserStore = Arc<dyn DynUserStore>;

impl<T: UserStore> DynUserStore for T {
    fn find(&self, lookup: UserLookup) -> Answer<'_, Option<User>> {
        Box::pin(UserStore::find(self, lookup))
    }

    fn create(&self, user: NewUser) -> Answer<'_, Created> {
        Box::pin(UserStore::create(self, user))
    }

    fn update(&self, update: UserUpdate) -> Answer<'_, Option<User>> {
        Box::pin(UserStore::update(self, update))
    }

    fn picture<'a>(&'a self, user: &'a UserId) -> Answer<'a, Option<Picture>> {
        Box::pin(UserStore::picture(self, user))
    }
}
