//! Users in this process's memory.

use std::{
    collections::HashMap,
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use entra_oidc::AccountKey;

use super::{
    change::Change,
    directory::{Deleted, UserDirectory, UserFilter, UserPage, UserQuery},
    grants::Grant,
    link::{Link, Linked},
    new_user::{Created, NewUser},
    store::{UserLookup, UserStore},
    trusted_address::TrustedAddress,
    update::{Updated, UserUpdate},
    user::{MicrosoftAccount, Picture, User, UserId},
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
    /// Whether there ever was a superuser.
    had_superuser: bool,
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
            UserLookup::Invitation(address) => users.invited(address.as_str()),
        };
        Ok(found.cloned())
    }

    async fn create(&self, user: NewUser) -> Result<Created, StoreError> {
        Ok(self.write().create(user))
    }

    async fn link(&self, link: Link) -> Result<Linked, StoreError> {
        Ok(self.write().link(link))
    }

    async fn update(&self, update: UserUpdate) -> Result<Updated, StoreError> {
        Ok(self.write().update(update))
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        Ok(self.read().pictures.get(user).cloned())
    }
}

impl UserDirectory for MemoryUsers {
    async fn search(&self, query: UserQuery) -> Result<UserPage, StoreError> {
        Ok(self.read().search(&query))
    }

    async fn delete(&self, user: &UserId, keep_last_superuser: bool) -> Result<Deleted, StoreError> {
        Ok(self.write().delete(user, keep_last_superuser))
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
        if new.unique_email && new.email.as_deref().is_some_and(|email| self.with_address(email).next().is_some()) {
            return Created::AddressTaken;
        }
        let is_taken = |invitation: &String| self.invited(invitation).is_some();
        if new.account.is_some() || new.invitation.as_ref().is_some_and(is_taken) {
            new.invitation = None;
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
        self.had_superuser |= user.is_superuser();
        if let Some(account) = &user.account {
            self.by_account.insert(account.key.clone(), id.clone());
        }
        self.by_username.insert(user.username.to_ascii_lowercase(), id.clone());
        self.by_id.insert(id, user.clone());
        Created::New(user)
    }

    fn link(&mut self, link: Link) -> Linked {
        if self.by_account.contains_key(&link.account.key) {
            return Linked::Taken;
        }
        let Some(user) = self.by_id.get_mut(&link.user) else { return Linked::Gone };
        if user.account.is_some() {
            return Linked::Taken;
        }
        self.by_account.insert(link.account.key.clone(), link.user.clone());
        user.account = Some(MicrosoftAccount { has_picture: link.picture.is_some(), ..link.account });
        user.invitation = None;
        if let Some(picture) = link.picture {
            self.pictures.insert(link.user, picture);
        }
        Linked::Yes(user.clone())
    }

    fn update(&mut self, mut update: UserUpdate) -> Updated {
        let Some(user) = self.by_id.get(&update.id) else { return Updated::Gone };
        let mut changed = user.clone();
        let is_taken = |email: &String| self.with_address(email).any(|other| other.id != update.id);
        if update.unique_email && update.email.value().is_some_and(is_taken) {
            update.email = Change::Keep;
        }
        update.apply_to(&mut changed);
        if update.keep_last_superuser && self.is_last_superuser(&update.id) && !is_active_superuser(&changed) {
            return Updated::LastSuperuser;
        }
        if update.first_superuser && !self.had_superuser {
            changed.staff = changed.staff.with(Grant::First);
            changed.superuser = changed.superuser.with(Grant::First);
        }
        self.had_superuser |= changed.is_superuser();
        if changed.account.is_some() {
            match update.picture {
                Change::Keep => {}
                Change::Set(picture) => drop(self.pictures.insert(update.id.clone(), picture)),
                Change::Clear => drop(self.pictures.remove(&update.id)),
            }
        }
        self.by_id.insert(update.id, changed.clone());
        Updated::Yes(changed)
    }

    fn delete(&mut self, id: &UserId, keep_last_superuser: bool) -> Deleted {
        if keep_last_superuser && self.is_last_superuser(id) {
            return Deleted::LastSuperuser;
        }
        let Some(user) = self.by_id.remove(id) else { return Deleted::Gone };
        self.by_username.remove(&user.username.to_ascii_lowercase());
        self.pictures.remove(id);
        if let Some(account) = user.account {
            self.by_account.remove(&account.key);
        }
        Deleted::Yes
    }

    fn search(&self, query: &UserQuery) -> UserPage {
        let text = query.text.as_deref().map(|text| text.trim().to_lowercase()).unwrap_or_default();
        let begins = |value: &str| value.to_lowercase().starts_with(&text);
        let matches = |user: &&User| {
            let found = begins(&user.username)
                || begins(&user.first_name)
                || begins(&user.last_name)
                || user.email.as_deref().is_some_and(begins);
            found && query.only.is_none_or(|only| is_among(only, user))
        };
        let mut found: Vec<&User> = self.by_id.values().filter(matches).collect();
        found.sort_by_key(|user| user.username.to_ascii_lowercase());
        let total = found.len() as u64;
        let after = query.after.as_deref().map(str::to_ascii_lowercase);
        let first = after.map_or(0, |after| found.partition_point(|user| user.username.to_ascii_lowercase() <= after));
        let limit = query.limit.clamp(1, 500) as usize;
        let users: Vec<User> = found[first..].iter().take(limit).map(|user| (*user).clone()).collect();
        let has_more = found.len() > first + users.len();
        let next = users.last().filter(|_| has_more).map(|user| user.username.clone());
        UserPage::new(users, next, Some(total))
    }

    /// Whether nobody else is an active superuser, and this user is.
    fn is_last_superuser(&self, id: &UserId) -> bool {
        let mut superusers = self.by_id.values().filter(|user| is_active_superuser(user));
        superusers.next().is_some_and(|user| user.id == *id) && superusers.next().is_none()
    }

    fn invited(&self, upn: &str) -> Option<&User> {
        self.by_id.values().find(|user| user.account.is_none() && user.invitation.as_deref() == Some(upn))
    }

    fn with_address(&self, address: &str) -> impl Iterator<Item = &User> {
        let has = move |user: &&User| user.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(address));
        self.by_id.values().filter(has)
    }

    fn only_one_with(&self, address: &TrustedAddress) -> Option<&User> {
        let mut matching = self.with_address(address.as_str());
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

fn is_active_superuser(user: &User) -> bool {
    user.is_active && user.is_superuser()
}

fn is_among(only: UserFilter, user: &User) -> bool {
    match only {
        UserFilter::Staff => user.is_staff(),
        UserFilter::Superusers => user.is_superuser(),
        UserFilter::Inactive => !user.is_active,
        UserFilter::WithoutAccount => user.account.is_none(),
    }
}
