//! Users, as another crate sees them.

use entra_sso::{
    StoreError,
    oidc::{AccountKey, AccountKind, Timestamp},
    users::{Created, Link, Linked, MemoryUsers, MicrosoftAccount, NewUser, Updated, UserLookup, UserStore},
};

/// I1, I3, I12, I13.
#[cfg(feature = "testing")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_users_keep_the_contract() {
    entra_sso::testing::user_store_contract(MemoryUsers::new()).await;
    entra_sso::testing::user_directory_contract(MemoryUsers::new()).await;
}

/// A store of somebody else's can be written with what is public.
struct Wrapped(MemoryUsers);

impl UserStore for Wrapped {
    async fn find(&self, lookup: UserLookup) -> Result<Option<entra_sso::users::User>, StoreError> {
        match lookup {
            UserLookup::Address(address) if address.domain() == "away.example" => Err(StoreError::new("away")),
            lookup => self.0.find(lookup).await,
        }
    }

    async fn create(&self, user: NewUser) -> Result<Created, StoreError> {
        self.0.create(user).await
    }

    async fn link(&self, link: Link) -> Result<Linked, StoreError> {
        self.0.link(link).await
    }

    async fn update(&self, update: entra_sso::users::UserUpdate) -> Result<Updated, StoreError> {
        self.0.update(update).await
    }

    async fn picture(&self, user: &entra_sso::users::UserId) -> Result<Option<entra_sso::users::Picture>, StoreError> {
        self.0.picture(user).await
    }
}

#[tokio::test]
async fn i1_the_same_name_from_another_tenant_is_another_user() {
    let users = Wrapped(MemoryUsers::new());
    let account = |tenant: &str, object: &str| {
        let mut new = NewUser::new("adele@contoso.example", Timestamp::from_unix(0));
        new.email = Some("adele@contoso.example".to_owned());
        let mut account = MicrosoftAccount::new(AccountKey::new(AccountKind::Entra, tenant, object));
        account.user_principal_name = Some("adele@contoso.example".to_owned());
        new.account = Some(account);
        new
    };
    let adele = users.create(account("contoso", "adele")).await.expect("created").into_user().expect("a user");
    for (tenant, object) in [("evil", "adele"), ("contoso", "eve")] {
        let created = users.create(account(tenant, object)).await.expect("created");
        assert!(matches!(created, Created::New(_)), "{tenant}/{object}");
        assert_ne!(created.into_user().expect("a user").id, adele.id, "{tenant}/{object}");
    }
    let again = users.create(account("contoso", "adele")).await.expect("found");
    assert_eq!(again, Created::Existing(adele));
}
