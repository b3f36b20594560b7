//! L4, K12: what the stores say decides what a logout token does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use entra_emulator::seed;
use entra_sso::{
    AuthenticationBackend, EntraSso, Settings, StoreError,
    hooks::{HookError, SigningIn},
    oidc::{Clock, Secret, Timestamp},
    session::{
        Mark, MemorySessions, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession,
        UsedStates,
    },
    testing::TestUser,
    users::{Created, MemoryUsers, NewUser, User, UserStore as _},
};
use http::Request;
use serde_json::json;
use tokio::sync::Notify;
use tower::ServiceExt as _;

use super::{DOOR, FORM, tell};
use crate::{
    app::{App, NOW, application},
    openid_provider::{CLIENT_ID, CLIENT_SECRET, OpenIdProvider},
};

/// A store that fails when it is told to.
struct Failing {
    sessions: MemorySessions,
    finds: AtomicBool,
    marks: AtomicBool,
    deletes: AtomicBool,
    forgets: AtomicBool,
    /// Whoever deletes waits, and this says so.
    stuck: AtomicBool,
    is_stuck: Notify,
}

impl Failing {
    fn with_clock(clock: Clock) -> Failing {
        let [finds, marks, deletes, forgets, stuck] = [const { AtomicBool::new(false) }; 5];
        let (sessions, is_stuck) = (MemorySessions::with_clock(clock), Notify::new());
        Failing { sessions, finds, marks, deletes, forgets, stuck, is_stuck }
    }
}

fn unless(broken: &AtomicBool) -> Result<(), StoreError> {
    if broken.load(Ordering::SeqCst) { Err(StoreError::new("the store is down")) } else { Ok(()) }
}

impl SessionStore for Failing {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        self.sessions.create(key, session).await
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        self.sessions.load(key).await
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        self.sessions.replace(key, seen, update).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        unless(&self.deletes)?;
        if self.stuck.load(Ordering::SeqCst) {
            self.is_stuck.notify_one();
            std::future::pending::<()>().await;
        }
        self.sessions.delete(keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        unless(&self.finds)?;
        self.sessions.find(query).await
    }

    fn in_process(&self) -> bool {
        true
    }
}

impl UsedStates for Failing {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        unless(&self.marks)?;
        self.sessions.mark(state, until).await
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        unless(&self.forgets)?;
        self.sessions.forget(state).await
    }
}

#[tokio::test]
async fn l4_without_its_store_nothing_is_believed_and_the_provider_may_ask_again() {
    let provider = OpenIdProvider::start().await;
    let store = Arc::new(Failing::with_clock(provider.clock.clock()));
    let toml = format!(
        "application_id = {:?}\nclient_secret = \"x\"\ntenant_id = {:?}\n[[provider]]\nname = \"partner\"\noidc_authority = {:?}\nclient_id = {CLIENT_ID:?}\nclient_secret = {CLIENT_SECRET:?}\n",
        seed::APP_ID,
        seed::CONTOSO,
        provider.url,
    );
    let mut settings = Settings::from_toml(&toml).unwrap();
    settings.secret_keys = vec![Secret::new("n0WqV3kKx5m2Yt8sQb1Zr7uHc4Lf9Ja6De0Gi3Po5Xw=")];
    let sso = EntraSso::builder(settings).sessions(store.clone()).clock(provider.clock.clock()).build().unwrap();
    let cookie = TestUser::new("adele@contoso.example").cookie(&sso).await.unwrap();
    let router = application(&sso);
    let tell = async |token: &str| {
        let request = Request::post(DOOR).header("content-type", FORM).header("host", "localhost");
        let request = request.body(axum::body::Body::from(format!("logout_token={token}"))).unwrap();
        let answer = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        answer.status().as_u16()
    };
    let token = provider.logout_token("a", &json!({ "sid": "sid-1" }));
    store.finds.store(true, Ordering::SeqCst);
    assert_eq!(tell(&token).await, 503);
    store.finds.store(false, Ordering::SeqCst);
    store.marks.store(true, Ordering::SeqCst);
    assert_eq!(tell(&token).await, 503);
    store.marks.store(false, Ordering::SeqCst);
    assert_eq!(tell(&token).await, 200, "none of it used the token up");
    assert_eq!(tell(&token).await, 400);

    let home = Request::get("/").header("host", "localhost").header("cookie", cookie);
    let home = tower::ServiceExt::oneshot(router, home.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    assert_eq!(home.status(), 200);
}

#[tokio::test]
async fn l4_a_sign_out_that_could_not_be_done_may_be_asked_for_again() {
    let provider = OpenIdProvider::start().await;
    let store = Arc::new(Failing::with_clock(provider.clock.clock()));
    let app = App::beside_and_plugged(&[("partner", &provider)], |builder| builder.sessions(store.clone())).await;
    let browser = super::signed_in(&app, &provider, "adele", "sid-1").await;
    let token = provider.logout_token("a", &json!({ "sid": "sid-1" }));
    for _ in 0..2 {
        store.deletes.store(true, Ordering::SeqCst);
        assert_eq!(tell(&app, &token).await, 503);
        store.deletes.store(false, Ordering::SeqCst);
        assert_eq!(app.who(&browser).await, "adele", "nobody was signed out");
    }
    assert_eq!(tell(&app, &token).await, 200, "the token was given back");
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(tell(&app, &token).await, 400, "and counts once");
}

/// A second later, so that the token is younger than the session.
fn a_second_later(app: &App, provider: &OpenIdProvider) {
    app.advance(Duration::from_secs(1));
    provider.clock.advance(Duration::from_secs(1));
}

#[tokio::test]
async fn l4_a_store_that_goes_away_for_good_uses_no_token_up() {
    let provider = OpenIdProvider::start().await;
    let store = Arc::new(Failing::with_clock(provider.clock.clock()));
    let app = App::beside_and_plugged(&[("partner", &provider)], |builder| builder.sessions(store.clone())).await;
    let browser = super::signed_in(&app, &provider, "adele", "sid-1").await;
    a_second_later(&app, &provider);
    let token = provider.logout_token("a", &json!({ "sub": "adele" }));
    let is_away = |away| [&store.deletes, &store.forgets].map(|broken| broken.store(away, Ordering::SeqCst));
    is_away(true);
    assert_eq!(tell(&app, &token).await, 503, "neither ended nor taken back");
    is_away(false);
    assert_eq!(app.who(&browser).await, "adele");
    let newer = super::signed_in(&app, &provider, "adele", "sid-2").await;
    assert_eq!(tell(&app, &token).await, 200, "asked again");
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(app.who(&newer).await, "adele", "who signed in since is not concerned");
    assert_eq!(tell(&app, &token).await, 400, "and now it is used up");
    assert_eq!(app.who(&newer).await, "adele");
}

#[tokio::test]
async fn l4_a_provider_that_goes_away_uses_no_token_up() {
    let provider = OpenIdProvider::start().await;
    let store = Arc::new(Failing::with_clock(provider.clock.clock()));
    let app = App::beside_and_plugged(&[("partner", &provider)], |builder| builder.sessions(store.clone())).await;
    let browser = super::signed_in(&app, &provider, "adele", "sid-1").await;
    a_second_later(&app, &provider);
    let token = provider.logout_token("a", &json!({ "sid": "sid-1" }));
    let request = Request::post(DOOR).header("content-type", FORM).header("host", "localhost");
    let request = request.body(axum::body::Body::from(format!("logout_token={token}"))).unwrap();
    store.stuck.store(true, Ordering::SeqCst);
    // Whoever loses this is dropped: after the mark, before the end.
    tokio::select! {
        _ = application(&app.sso).oneshot(request) => panic!("the store does not answer"),
        () = store.is_stuck.notified() => {}
    }
    store.stuck.store(false, Ordering::SeqCst);
    assert_eq!(app.who(&browser).await, "adele");
    assert_eq!(tell(&app, &token).await, 200, "asked again");
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(tell(&app, &token).await, 400);
}

/// An application beside this partner, in which everybody is the one user that is there already.
pub(crate) async fn app_of_one_role(partner: &OpenIdProvider) -> App {
    let users = Arc::new(MemoryUsers::new());
    let role = NewUser::new("role", Timestamp::from_unix(NOW - 1));
    let Created::New(role) = users.create(role).await.unwrap() else { panic!("a new user") };
    App::beside_and_plugged(&[("partner", partner)], |builder| {
        builder.managed_users(users.clone()).authentication_backend(AsTheRole(role))
    })
    .await
}

struct AsTheRole(User);

impl AuthenticationBackend for AsTheRole {
    fn name(&self) -> &'static str {
        "as-the-role"
    }

    async fn authenticate(&self, _user: User, _signing_in: &SigningIn<'_>) -> Result<User, HookError> {
        Ok(self.0.clone())
    }
}

#[tokio::test]
async fn k12_a_subject_ends_its_sessions_whoever_a_backend_chose() {
    let provider = OpenIdProvider::start().await;
    let app = app_of_one_role(&provider).await;
    let sign_in = async |subject: &str, sid: &str| {
        provider.says().claims = json!({ "sub": subject, "preferred_username": subject, "sid": sid });
        provider.says().user_info = json!({ "sub": subject });
        let browser = app.browser();
        browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
        assert_eq!(app.who(&browser).await, "role");
        browser
    };
    let (adele, alex) = (sign_in("adele", "sid-1").await, sign_in("alex", "sid-2").await);
    assert_eq!(tell(&app, &provider.logout_token("a", &json!({ "sub": "adele" }))).await, 200);
    assert_eq!((app.who(&adele).await.as_str(), app.who(&alex).await.as_str()), ("nobody", "role"));
    let mixed = provider.logout_token("b", &json!({ "sid": "sid-2", "sub": "adele" }));
    assert_eq!(tell(&app, &mixed).await, 400, "the session of alex is not one of adele's");
    assert_eq!(tell(&app, &provider.logout_token("c", &json!({ "sid": "sid-2", "sub": "alex" }))).await, 200);
    assert_eq!(app.who(&alex).await, "nobody");
}
