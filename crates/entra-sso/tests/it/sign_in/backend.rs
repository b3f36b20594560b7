//! F-51: an authentication backend of the application's own.

use std::sync::Arc;

use entra_emulator::seed;
use entra_sso::{
    AuthenticationBackend,
    hooks::{HookError, SigningIn},
    users::{Grant, Grants, MemoryUsers, User, UserId, UserLookup, UserStore as _},
};

use crate::app::App;

/// Signs everybody in as somebody.
struct As {
    whom: fn(User) -> Result<User, HookError>,
}

impl AuthenticationBackend for As {
    fn name(&self) -> &'static str {
        "as-somebody"
    }

    async fn authenticate(&self, user: User, signing_in: &SigningIn<'_>) -> Result<User, HookError> {
        assert_eq!(signing_in.identity().account().subject(), seed::ADELE_ID);
        (self.whom)(user)
    }
}

async fn app_as(users: Arc<MemoryUsers>, whom: fn(User) -> Result<User, HookError>) -> App {
    App::plugged(
        |settings| settings.superuser_list = vec![seed::ADELE.to_owned()],
        |builder| builder.users(users).authentication_backend(As { whom }),
    )
    .await
}

/// A store with a user of this name, whom `role` is the id of.
async fn with_role(active: bool) -> (Arc<MemoryUsers>, User) {
    let app = App::start().await;
    let role = app.prepare("role", |user| user.is_active = active).await;
    (app.users.clone(), role)
}

#[tokio::test]
async fn f51_its_name_stands_in_the_session() {
    let app = app_as(Arc::default(), Ok).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=true backend=as-somebody");
}

/// The other user keeps his permissions: the lists are about who proved who he is.
#[tokio::test]
async fn f51_it_may_choose_another_user() {
    static ROLE: std::sync::OnceLock<User> = std::sync::OnceLock::new();
    let (users, role) = with_role(true).await;
    ROLE.set(role.clone()).unwrap();
    let app = app_as(users.clone(), |_| Ok(ROLE.get().unwrap().clone())).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "role");
    assert_eq!(app.rights(&browser).await, "staff=false superuser=false backend=as-somebody");
    let after = users.find(UserLookup::Id(role.id)).await.unwrap().unwrap();
    assert!(!after.is_staff() && after.last_login.is_some());
    let key = entra_sso::oidc::AccountKey::new(entra_sso::oidc::AccountKind::Entra, seed::CONTOSO, seed::ADELE_ID);
    let own = users.find(UserLookup::Account(key)).await.unwrap().unwrap();
    assert!(!own.is_superuser(), "nor does the account's own user get them behind his back");
}

type Case = (&'static str, fn(User) -> Result<User, HookError>, &'static str);

#[tokio::test]
async fn i9_the_user_it_chooses_must_be_active_and_there() {
    static INACTIVE: std::sync::OnceLock<User> = std::sync::OnceLock::new();
    let (users, role) = with_role(false).await;
    INACTIVE.set(role).unwrap();
    let cases: [Case; 5] = [
        ("inactive", |_| Ok(INACTIVE.get().unwrap().clone()), "sign in here"),
        (
            "inactive, but it says otherwise",
            |_| {
                let mut user = INACTIVE.get().unwrap().clone();
                user.is_active = true;
                user.superuser = Grants::of(Grant::Admin);
                Ok(user)
            },
            "sign in here",
        ),
        (
            "unknown",
            |mut user| {
                user.id = UserId::random();
                Ok(user)
            },
            "E345-",
        ),
        ("denied", |_| Err(HookError::denied("Not you.")), "Not you."),
        ("failed", |_| Err("away".into()), "E342-"),
    ];
    for (name, whom, expected) in cases {
        let app = app_as(users.clone(), whom).await;
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert!(page.body.contains(expected), "{name}: {}", page.body);
        assert_eq!(app.who(&browser).await, "nobody", "{name}");
    }
}
