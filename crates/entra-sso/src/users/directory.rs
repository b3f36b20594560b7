//! Looking through all users: the second trait of a store, for the admin and the command.

use std::{future::Future, pin::Pin, sync::Arc};

use super::{
    store::{DynUserStore, UserStore},
    user::{User, UserId},
};
use crate::store_error::StoreError;

/// A store of users that can be looked through, and that users can be deleted from. A sign-in needs none of it.
pub trait UserDirectory: UserStore {
    /// One page of users, in the order of their usernames (ASCII letters without case).
    fn search(&self, query: UserQuery) -> impl Future<Output = Result<UserPage, StoreError>> + Send;

    /// Deletes a user with account and picture.
    ///
    /// With `keep_last_superuser` one atomic step refuses to delete the last active superuser.
    fn delete(
        &self,
        user: &UserId,
        keep_last_superuser: bool,
    ) -> impl Future<Output = Result<Deleted, StoreError>> + Send;
}

/// A store that its application keeps a hand on.
impl<T: UserDirectory> UserDirectory for Arc<T> {
    async fn search(&self, query: UserQuery) -> Result<UserPage, StoreError> {
        T::search(self, query).await
    }

    async fn delete(&self, user: &UserId, keep_last_superuser: bool) -> Result<Deleted, StoreError> {
        T::delete(self, user, keep_last_superuser).await
    }
}

/// Which users to list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserQuery {
    /// The beginning of a username, an address, a first or a last name, without case. `None` or blank: everybody.
    pub text: Option<String>,
    /// Only these. Default: everybody.
    pub only: Option<UserFilter>,
    /// Only who comes after this username: the page before said so. Default: from the beginning.
    pub after: Option<String>,
    /// At most this many, 1 to 500. Default 50.
    pub limit: u32,
}

/// A part of the users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserFilter {
    /// Who is staff or superuser.
    Staff,
    /// Who is superuser.
    Superusers,
    /// Who cannot sign in.
    Inactive,
    /// Who was prepared and has not come yet.
    WithoutAccount,
}

/// One page of users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserPage {
    /// In the order of their usernames.
    pub users: Vec<User>,
    /// [`UserQuery::after`] of the next page; `None` on the last.
    pub next: Option<String>,
    /// How many there are on all pages, where the store can tell that quickly.
    pub total: Option<u64>,
}

/// What became of a [`UserDirectory::delete`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Deleted {
    /// The user is gone.
    Yes,
    /// There is no such user.
    Gone,
    /// He is the last active superuser, and stays.
    LastSuperuser,
}

impl UserQuery {
    /// The first 50 of all users.
    #[must_use]
    pub const fn new() -> Self {
        Self { text: None, only: None, after: None, limit: 50 }
    }
}

impl Default for UserQuery {
    fn default() -> Self {
        Self::new()
    }
}

impl UserPage {
    /// A page with these users, of which `next` names the following one.
    #[must_use]
    pub const fn new(users: Vec<User>, next: Option<String>, total: Option<u64>) -> Self {
        Self { users, next, total }
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`UserDirectory`] behind a pointer.
pub(crate) trait DynUserDirectory: DynUserStore {
    #[cfg_attr(not(feature = "admin"), expect(dead_code, reason = "the admin's"))]
    fn search(&self, query: UserQuery) -> Answer<'_, UserPage>;
    fn delete<'a>(&'a self, user: &'a UserId, keep_last_superuser: bool) -> Answer<'a, Deleted>;
}

/// Any store that can be looked through.
pub(crate) type SharedUserDirectory = Arc<dyn DynUserDirectory>;

impl<T: UserDirectory> DynUserDirectory for T {
    fn search(&self, query: UserQuery) -> Answer<'_, UserPage> {
        Box::pin(UserDirectory::search(self, query))
    }

    fn delete<'a>(&'a self, user: &'a UserId, keep_last_superuser: bool) -> Answer<'a, Deleted> {
        Box::pin(UserDirectory::delete(self, user, keep_last_superuser))
    }
}
