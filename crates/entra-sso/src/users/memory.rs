//! Users in this process's memory.

use std::{
    collections::HashMap,
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use entra_oidc::AccountKey;

use super::{
    store::{Created, NewUser, UserLookup, UserStore, UserUpdate},
    trusted_address::TrustedAddress,
    user::{Picture, User, UserId},
};
use crate::store_error::StoreError;

/// Users in this process's memory: gone at a restart, unknown to other replicas.
#[derive(Default)]
pub struct MemoryUsers(RwLock<Users>);

#[derive(Default)]
struct Users {
    by_id: HashMap<UserId, User>,
    by_account: HashMap<AccountKey, UserId>,
    /// Usernames in ASCII lower case.
    by_username: HashMap<String, UserId>,
    pictures: HashMap<UserId, Picture>,
}

impl MemoryUsers {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Users> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Users> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UserStore for MemoryUsers {
    async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        let users = self.read();
        let found = match lookup {
            UserLookup::Id(id) => users.by_id.get(&id),
            UserLookup::Account(key) => users.by_account.get(&key).and_then(|id| users.by_id.get(id)),
            UserLookup::Address(address) => users.only_one_with(&address),
        };
        Ok(found.cloned())
    }

    async fn create(&self, user: NewUser) -> Result<Created, StoreError> {
        Ok(self.write().create(user))
    }

    async fn update(&self, update: UserUpdate) -> Result<Option<User>, StoreError> {
        Ok(self.write().update(update))
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        Ok(self.read().pictures.get(user).cloned())
    }
}

impl fmt::Debug for MemoryUsers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MemoryUsers").field("users", &self.read().by_id.len()).finish_non_exhaustive()
    }
}

impl Users {
    fn create(&mut self, mut new: NewUser) -> Created {
        let existing = new.account.as_ref().and_then(|account| self.by_account.get(&account.key));
        if let Some(user) = existing.and_then(|id| self.by_id.get(id)) {
            return Created::Existing(user.clone());
        }
        let id = UserId::random();
        let username = self.free_username(&new.username);
        if new.account.is_none() {
            new.picture = None;
        }
        if let Some(picture) = &new.picture {
            self.pictures.insert(id.clone(), picture.clone());
        }
        let user = new.into_user(id.clone(), username);
        if let Some(account) = &user.account {
            self.by_account.insert(account.key.clone(), id.clone());
        }
        self.by_username.insert(user.username.to_ascii_lowercase(), id.clone());
        self.by_id.insert(id, user.clone());
        Created::New(user)
    }

    fn update(&mut self, update: UserUpdate) -> Option<User> {
        let user = self.by_id.get_mut(&update.id)?;
        update.apply_to(user);
        if let (Some(picture), true) = (update.picture, user.account.is_some()) {
            self.pictures.insert(update.id, picture);
        }
        Some(user.clone())
    }

    fn only_one_with(&self, address: &TrustedAddress) -> Option<&User> {
        let mut matching = self
            .by_id
            .values()
            .filter(|user| user.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address.as_str())));
        matching.next().filter(|_| matching.next().is_none())
    }

    fn free_username(&self, wanted: &str) -> String {
        let is_free = |name: &String| !self.by_username.contains_key(&name.to_ascii_lowercase());
        let mut username = wanted.to_owned();
        for number in 2_u64.. {
            if is_free(&username) {
                break;
            }
            username = format!("{wanted}-{number}");
        }
        username
    }
}
