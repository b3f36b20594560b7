//! A whole application on a database: who is somebody with this cookie?

use axum::{Router, body::Body, http::HeaderValue, http::Request, routing::get};
use entra_sso::{
    EntraSso, Settings, SignedIn,
    oidc::Clock,
    session::{SessionKey, SessionQuery, SessionStore as _},
    testing::TestUser,
    users::{UserDirectory as _, UserId, UserQuery},
};
use entra_sso_sqlx::Database;
use tower::ServiceExt as _;

pub(crate) const KEY: &str = "9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak=";

/// Users and sessions are in one database.
pub(crate) struct Application {
    pub(crate) sso: EntraSso,
    pub(crate) database: Database,
    router: Router,
}

impl Application {
    pub(crate) async fn on(url: &str) -> Application {
        Application::with(url, KEY, Clock::system()).await
    }

    /// One with these `secret_keys`, at this time.
    pub(crate) async fn with(url: &str, keys: &str, clock: Clock) -> Application {
        let database = Database::open(url).await.expect("opened").with_clock(clock.clone());
        let builder = EntraSso::builder(settings(keys)).managed_users(database.clone()).database(database.clone());
        let sso = builder.clock(clock).build().expect("sound settings");
        let router = Router::new().route("/", get(home)).merge(sso.routes()).layer(sso.layer());
        Application { sso, database, router }
    }

    /// A new session, and the cookie that brings it.
    pub(crate) async fn sign_in(&self, name: &str) -> HeaderValue {
        TestUser::new(name).cookie(&self.sso).await.expect("the database answers")
    }

    /// Who somebody is with this cookie; a status that is not 200 is nobody's name.
    pub(crate) async fn who(&self, cookie: &HeaderValue) -> String {
        let request = Request::get("/").header("Host", "localhost").header("Cookie", cookie).body(Body::empty());
        let answer = self.router.clone().oneshot(request.expect("a request")).await.expect("an answer");
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1_000_000).await.expect("a body");
        if status == 200 { String::from_utf8_lossy(&body).into_owned() } else { status.to_string() }
    }

    pub(crate) async fn user(&self, name: &str) -> UserId {
        let mut query = UserQuery::new();
        query.text = Some(name.to_owned());
        self.database.search(query).await.expect("searched").users[0].id.clone()
    }

    /// The keys of a user's sessions.
    pub(crate) async fn keys(&self, name: &str) -> Vec<SessionKey> {
        let query = SessionQuery::OfUser(self.user(name).await);
        self.database.find(query).await.expect("found")
    }
}

/// An application whose Microsoft is never asked.
pub(crate) fn settings(keys: &str) -> Settings {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", "b7a7a5a4-7d3c-4c38-9d3c-0c5d2f5c1a01"),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", "11111111-1111-4111-8111-111111111111"),
    ];
    let keys = Some(("MICROSOFT_SSO_SECRET_KEYS", keys)).filter(|(_, keys)| !keys.is_empty());
    Settings::from_vars(vars.into_iter().chain(keys)).expect("settings")
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}
