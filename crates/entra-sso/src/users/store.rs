//! What a store of users promises.

use std::{future::Future, pin::Pin, sync::Arc};

use entra_oidc::AccountKey;

use super::{
    link::{Link, Linked},
    new_user::{Created, NewUser},
    trusted_address::TrustedAddress,
    update::{Updated, UserUpdate},
    user::{Picture, User, UserId},
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
