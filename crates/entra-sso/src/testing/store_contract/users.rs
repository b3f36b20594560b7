//! What every store of users must do.

mod links;
mod odd_values;
mod superusers;
mod unique_address;
mod updates;

use std::{collections::HashSet, future::Future, sync::Arc};

use entra_oidc::{AccountKey, AccountKind, Timestamp};
use tokio::task::JoinSet;

pub(super) use self::superusers::{ROUNDS, superuser};
use super::CROWD;
use crate::{
    store_error::StoreError,
    users::{
        Created, Grant, Grants, Link, Linked, MicrosoftAccount, NewUser, Picture, TrustedAddress, Updated, User,
        UserId, UserLookup, UserStore, UserUpdate,
    },
};

/// Puts a store of users to the test. It must be new: a store that ever had a superuser cannot show how it makes the first.
///
/// # Panics
/// When the store breaks a promise of [`UserStore`], with a text that says which.
pub async fn user_store_contract(store: impl UserStore) {
    let contract = Contract::of(store);
    contract.makes_one_first_superuser().await;
    contract.keeps_the_last_superuser().await;
    contract.keeps_one_of_two_superusers().await;
    contract.keeps_what_it_is_given().await;
    contract.finds_an_account_again().await;
    contract.compares_accounts_byte_by_byte().await;
    contract.gives_a_taken_username_a_suffix().await;
    contract.updates_what_is_named().await;
    contract.keeps_pictures().await;
    contract.finds_one_by_address().await;
    contract.creates_one_user_in_a_crowd().await;
    contract.gives_a_crowd_different_usernames().await;
    contract.links_an_account_once().await;
    contract.links_one_of_a_crowd().await;
    contract.knows_invitations().await;
    contract.creates_with_a_unique_address().await;
    contract.updates_to_a_unique_address().await;
    contract.keeps_odd_values().await;
    contract.leaves_nul_out().await;
}

pub(super) struct Contract<T> {
    store: Arc<T>,
}

impl<T: UserStore> Contract<T> {
    pub(super) fn of(store: T) -> Self {
        Self { store: Arc::new(store) }
    }

    pub(super) fn store(&self) -> &T {
        &self.store
    }

    async fn keeps_what_it_is_given(&self) {
        assert_eq!(self.find(UserLookup::Id(UserId::random())).await, None, "find: an id that nobody has");
        let key = entra_key();
        assert_eq!(self.find(UserLookup::Account(key.clone())).await, None, "find: an account that nobody has");

        let new = NewUser {
            email: Some("Adele@contoso.example".to_owned()),
            first_name: "Adèle".to_owned(),
            last_name: "O'Vance; --".to_owned(),
            is_active: false,
            staff: Grants::of(Grant::List).with(Grant::Admin),
            superuser: Grants::of(Grant::Role),
            last_login: Some(moment(20)),
            account: Some(MicrosoftAccount {
                user_principal_name: Some("adele@contoso.example".to_owned()),
                locale: Some("x".repeat(300)),
                ..MicrosoftAccount::new(key.clone())
            }),
            ..new_user()
        };
        let user = self.create_new(new.clone()).await;
        assert_eq!(user, new.into_user(user.id.clone(), user.username.clone()), "create: expected what was given");
        assert_eq!(self.find(UserLookup::Id(user.id.clone())).await.as_ref(), Some(&user), "find by id");
        assert_eq!(self.find(UserLookup::Account(key)).await.as_ref(), Some(&user), "find by account");

        let prepared = self.create_new(new_user()).await;
        assert_eq!(prepared.account, None, "create: a user without an account");
        assert_eq!(self.find(UserLookup::Id(prepared.id.clone())).await.as_ref(), Some(&prepared), "find by id");
        assert!(
            prepared.is_active && prepared.staff.is_empty() && prepared.superuser.is_empty(),
            "create: a plain user"
        );
    }

    async fn finds_an_account_again(&self) {
        let key = entra_key();
        let first = self.create_new(with_account(&key)).await;
        let again = NewUser { first_name: "Eve".to_owned(), superuser: Grants::ALL, ..with_account(&key) };
        match self.create(again).await {
            Created::Existing(user) => assert_eq!(user, first, "create: an existing user stays as he is"),
            other => panic!("create: expected the existing user, got {other:?}"),
        }
        assert_eq!(
            self.find(UserLookup::Id(first.id.clone())).await.as_ref(),
            Some(&first),
            "find after a second create"
        );
    }

    /// I3, I12, and I1 as far as a store can break it.
    async fn compares_accounts_byte_by_byte(&self) {
        let key = |kind, tenant: &str, subject: &str| AccountKey::new(kind, tenant, subject);
        let random = UserId::random();
        let (tenant, subject) = (format!("tenant-{random}"), format!("subject-{random}"));
        let keys = [
            key(AccountKind::Entra, &tenant, &subject),
            key(AccountKind::Entra, &tenant.to_uppercase(), &subject),
            key(AccountKind::Entra, &tenant, &subject.to_uppercase()),
            key(AccountKind::Entra, &tenant, &format!("{subject} ")),
            key(AccountKind::Entra, &format!("{tenant}{subject}"), ""),
            key(AccountKind::Entra, &subject, &tenant),
            key(AccountKind::Entra, &tenant, &format!("{subject}é")),
            key(AccountKind::Entra, &tenant, &format!("{subject}e\u{301}")),
            key(AccountKind::B2c, &tenant, &subject),
            key(AccountKind::OpenId, &tenant, &subject),
        ];
        let mut ids = HashSet::new();
        for key in &keys {
            ids.insert(self.create_new(with_account(key)).await.id);
        }
        assert_eq!(ids.len(), keys.len(), "create: accounts that differ in one byte or in kind are different users");
        for key in &keys {
            let found = self.find(UserLookup::Account(key.clone())).await;
            let found = found.and_then(|user| user.account).map(|account| account.key);
            assert_eq!(found.as_ref(), Some(key), "find by account: compared byte by byte");
        }
    }

    /// F-40.
    async fn gives_a_taken_username_a_suffix(&self) {
        let wanted = new_user().username;
        let mut names = Vec::new();
        for name in [wanted.clone(), wanted.clone(), wanted.to_uppercase(), wanted.clone()] {
            names.push(self.create_new(NewUser { username: name, ..with_account(&entra_key()) }).await.username);
        }
        let upper = wanted.to_uppercase();
        let expected = [wanted.clone(), format!("{wanted}-2"), format!("{upper}-3"), format!("{wanted}-4")];
        assert_eq!(names, expected, "create: a taken username, without case, gets a suffix");
    }

    /// I13.
    async fn finds_one_by_address(&self) {
        let random = UserId::random();
        let lookup = |name: &str| {
            let address = TrustedAddress::for_tests(&format!("{name}@{random}.example"));
            UserLookup::Address(address.expect("an address"))
        };
        let with = |email: String| NewUser { email: Some(email), ..new_user() };
        let one = self.create_new(with(format!("One@{random}.EXAMPLE"))).await;
        assert_eq!(self.find(lookup("one")).await, Some(one), "find by address: without case");
        assert_eq!(self.find(lookup("nobody")).await, None, "find by address: nobody has it");
        assert_eq!(self.find(lookup("o%e")).await, None, "find by address: no pattern");
        assert_eq!(self.find(lookup("o_e")).await, None, "find by address: no pattern");

        self.create_new(with(format!("two@{random}.example"))).await;
        self.create_new(with(format!("TWO@{random}.example"))).await;
        assert_eq!(self.find(lookup("two")).await, None, "I13: find by address: two users differ only in case");
    }

    async fn creates_one_user_in_a_crowd(&self) {
        let key = entra_key();
        let created = self.crowd(CROWD, |store, _| store.create_once(with_account(&key))).await;
        let new = created.iter().filter(|created| matches!(created, Created::New(_))).count();
        let ids: HashSet<_> = created.into_iter().map(|created| created.into_user().map(|user| user.id)).collect();
        assert_eq!((new, ids.len()), (1, 1), "create: {CROWD} first sign-ins of one account at the same time");
    }

    async fn gives_a_crowd_different_usernames(&self) {
        let wanted = new_user().username;
        let new = || NewUser { username: wanted.clone(), ..with_account(&entra_key()) };
        let created = self.crowd(CROWD, |store, _| store.create_once(new())).await;
        let names: HashSet<_> =
            created.into_iter().map(|created| created.into_user().expect("create: a user").username).collect();
        assert_eq!(names.len(), CROWD, "create: {CROWD} accounts that want one username at the same time");
        assert!(names.contains(&wanted), "create: nobody got a free username");
    }

    /// What a number of callers get who come at the same time.
    pub(super) async fn crowd<A, F>(&self, callers: usize, call: impl Fn(Contract<T>, usize) -> F) -> Vec<A>
    where
        A: Send + 'static,
        F: Future<Output = A> + Send + 'static,
    {
        let mut crowd = JoinSet::new();
        for number in 0..callers {
            crowd.spawn(call(Contract { store: self.store.clone() }, number));
        }
        crowd.join_all().await
    }

    async fn create_once(self, new: NewUser) -> Created {
        self.create(new).await
    }

    async fn change_once(self, update: UserUpdate) -> Updated {
        self.change(update).await
    }

    pub(super) async fn create_new(&self, new: NewUser) -> User {
        match self.create(new).await {
            Created::New(user) => user,
            other => panic!("create: expected a new user, got {other:?}"),
        }
    }

    pub(super) async fn create(&self, new: NewUser) -> Created {
        ok(self.store.create(new).await, "create")
    }

    pub(super) async fn find(&self, lookup: UserLookup) -> Option<User> {
        ok(self.store.find(lookup).await, "find")
    }

    async fn update(&self, update: UserUpdate) -> Option<User> {
        self.change(update).await.into_user()
    }

    pub(super) async fn change(&self, update: UserUpdate) -> Updated {
        ok(self.store.update(update).await, "update")
    }

    async fn link(&self, link: Link) -> Linked {
        ok(self.store.link(link).await, "link")
    }

    pub(super) async fn picture(&self, user: &UserId) -> Option<Picture> {
        ok(self.store.picture(user).await, "picture")
    }
}

pub(super) fn new_user() -> NewUser {
    NewUser::new(format!("user-{}", UserId::random()), moment(10))
}

pub(super) fn with_account(key: &AccountKey) -> NewUser {
    NewUser { account: Some(MicrosoftAccount::new(key.clone())), ..new_user() }
}

pub(super) fn entra_key() -> AccountKey {
    AccountKey::new(AccountKind::Entra, "11111111-1111-4111-8111-111111111111", UserId::random().as_str())
}

pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_unix(1_800_000_000 + seconds)
}

pub(super) fn ok<T>(answer: Result<T, StoreError>, what: &str) -> T {
    answer.unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        panic!("{what}: {error}: {cause}")
    })
}
