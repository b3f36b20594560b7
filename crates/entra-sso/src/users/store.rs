//! What a store of users promises.

use std::{future::Future, pin::Pin, sync::Arc};

use entra_oidc::{AccountKey, Timestamp};

use super::{
    change::Change,
    grants::{GrantChange, Grants},
    trusted_address::TrustedAddress,
    user::{MicrosoftAccount, Picture, User, UserId},
};
use crate::store_error::StoreError;

/// Keeps users and their Microsoft accounts.
///
/// Texts for showing (names, addresses, the UPN, the locale) are of any length and of any characters; a NUL character may be
/// left out, where a database has none. Ids and accounts are exact.
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

    /// Gives a user without an account this account, which no user has. Of any number of calls for one user or one
    /// account exactly one succeeds. The invitation is used up by it.
    fn link(&self, link: Link) -> impl Future<Output = Result<Linked, StoreError>> + Send;

    /// Changes a user and gives the changed one. What the update does not name stays.
    fn update(&self, update: UserUpdate) -> impl Future<Output = Result<Updated, StoreError>> + Send;

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

    async fn link(&self, link: Link) -> Result<Linked, StoreError> {
        T::link(self, link).await
    }

    async fn update(&self, update: UserUpdate) -> Result<Updated, StoreError> {
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
    /// By invitation: the user principal name that was prepared, for a user without an account.
    Invitation(TrustedAddress),
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

/// What became of a [`UserStore::create`].
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

/// An account for a user who has none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Whose it becomes.
    pub user: UserId,
    /// The Microsoft account. Its `has_picture` is ignored: `picture` says it.
    pub account: MicrosoftAccount,
    /// The picture.
    pub picture: Option<Picture>,
}

/// What became of a [`UserStore::link`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Linked {
    /// The user has the account now.
    Yes(User),
    /// The user has an account, or the account has a user.
    Taken,
    /// There is no such user.
    Gone,
}

/// What became of a [`UserStore::update`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Updated {
    /// The user as he is now.
    Yes(User),
    /// There is no such user.
    Gone,
    /// He is the last active superuser, and nothing was changed.
    LastSuperuser,
}

/// A change of a user. What is not named stays, so that a value that Microsoft did not send erases nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserUpdate {
    /// Whom to change.
    pub id: UserId,
    /// The address to show, lower-cased.
    pub email: Change<String>,
    /// A new first name.
    pub first_name: Option<String>,
    /// A new last name.
    pub last_name: Option<String>,
    /// Activates or deactivates.
    pub is_active: Option<bool>,
    /// Gives or takes staff.
    pub staff: GrantChange,
    /// Gives or takes superuser.
    pub superuser: GrantChange,
    /// Makes the user staff and superuser ([`Grant::First`](super::Grant::First)) if this store never had a superuser; it is
    /// asked and answered for ever in one step. Default `false`.
    pub first_superuser: bool,
    /// Changes nothing when no other active superuser would be there afterwards ([`Updated::LastSuperuser`]); one atomic
    /// step. Default `false`.
    pub keep_last_superuser: bool,
    /// The address stays when another user has the new one. Default `false`.
    pub unique_email: bool,
    /// The moment of a sign-in.
    pub last_login: Option<Timestamp>,
    /// The UPN of the account. Nothing happens when the user has no account.
    pub user_principal_name: Change<String>,
    /// The locale of the account. Nothing happens when the user has no account.
    pub locale: Change<String>,
    /// The picture. Nothing happens when the user has no account.
    pub picture: Change<Picture>,
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

impl Link {
    /// This account for this user, without a picture.
    #[must_use]
    pub const fn new(user: UserId, account: MicrosoftAccount) -> Self {
        Self { user, account, picture: None }
    }
}

impl Updated {
    /// The changed user, if he was changed.
    #[must_use]
    pub fn into_user(self) -> Option<User> {
        match self {
            Self::Yes(user) => Some(user),
            Self::Gone | Self::LastSuperuser => None,
        }
    }
}

impl UserUpdate {
    /// A change of this user that changes nothing yet.
    #[must_use]
    pub const fn of(id: UserId) -> Self {
        Self {
            id,
            email: Change::Keep,
            first_name: None,
            last_name: None,
            is_active: None,
            staff: GrantChange::NONE,
            superuser: GrantChange::NONE,
            first_superuser: false,
            keep_last_superuser: false,
            unique_email: false,
            last_login: None,
            user_principal_name: Change::Keep,
            locale: Change::Keep,
            picture: Change::Keep,
        }
    }

    /// Makes the changes to a user that a store holds in memory. Left to the store: the picture itself, and what depends
    /// on other users (`first_superuser`, `keep_last_superuser`, `unique_email`).
    pub fn apply_to(&self, user: &mut User) {
        set(&mut user.first_name, self.first_name.as_ref());
        set(&mut user.last_name, self.last_name.as_ref());
        set(&mut user.is_active, self.is_active.as_ref());
        user.staff = self.staff.apply_to(user.staff);
        user.superuser = self.superuser.apply_to(user.superuser);
        self.email.apply_to(&mut user.email);
        user.last_login = self.last_login.or(user.last_login);
        if let Some(account) = &mut user.account {
            self.user_principal_name.apply_to(&mut account.user_principal_name);
            self.locale.apply_to(&mut account.locale);
            account.has_picture = match self.picture {
                Change::Keep => account.has_picture,
                Change::Set(_) => true,
                Change::Clear => false,
            };
        }
    }
}

fn set<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`UserStore`] behind a pointer.
pub(crate) trait DynUserStore: Send + Sync + 'static {
    fn find(&self, lookup: UserLookup) -> Answer<'_, Option<User>>;
    fn create(&self, user: NewUser) -> Answer<'_, Created>;
    fn link(&self, link: Link) -> Answer<'_, Linked>;
    fn update(&self, update: UserUpdate) -> Answer<'_, Updated>;
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

    fn link(&self, link: Link) -> Answer<'_, Linked> {
        Box::pin(UserStore::link(self, link))
    }

    fn update(&self, update: UserUpdate) -> Answer<'_, Updated> {
        Box::pin(UserStore::update(self, update))
    }

    fn picture<'a>(&'a self, user: &'a UserId) -> Answer<'a, Option<Picture>> {
        Box::pin(UserStore::picture(self, user))
    }
}
