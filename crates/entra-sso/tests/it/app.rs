//! One application on a random port, its Microsoft beside it, both on one clock.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use bytes::Bytes;
use entra_emulator::{Browser, Emulator, EmulatorClock, Endpoint, Page, seed};
use entra_sso::{
    EntraSso, EntraSsoBuilder, Messages, Settings, SignedIn,
    oidc::{
        AccountKey, AccountKind, Clock, HttpClient as _, Limits, ManualClock, ReqwestClient, ReqwestSettings, Timestamp,
    },
    require,
    settings::Sources,
    users::{Created, MemoryUsers, NewUser, User, UserDirectory as _, UserLookup, UserQuery, UserStore as _},
};
use http::Response;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::openid_provider::{CLIENT_ID, CLIENT_SECRET, OpenIdProvider};

/// 2026-11-21T12:00:00Z
pub(crate) const NOW: i64 = 1_795_262_400;

/// The application under test; it stops when it is dropped.
pub(crate) struct App {
    pub(crate) emulator: Emulator,
    pub(crate) sso: EntraSso,
    pub(crate) users: Arc<MemoryUsers>,
    /// `http://localhost:{port}`
    pub(crate) url: String,
    clock: ManualClock,
    server: JoinHandle<()>,
}

impl Drop for App {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl App {
    pub(crate) async fn start() -> App {
        App::with(|_| {}).await
    }

    /// With settings that differ from the default.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> App {
        App::of_tenant(seed::CONTOSO, |settings, _| change(settings)).await
    }

    /// With another tenant segment (`common`, `organizations`, a domain), and settings that depend on our port.
    pub(crate) async fn of_tenant(tenant: &str, change: impl FnOnce(&mut Settings, u16)) -> App {
        App::of(|emulator| emulator.env_for(tenant, seed::APP_ID), "", change).await
    }

    /// With standard providers beside Microsoft, by name.
    pub(crate) async fn beside(providers: &[(&str, &OpenIdProvider)], change: impl FnOnce(&mut Settings)) -> App {
        App::of(Emulator::env, &tables(providers), |settings, _| change(settings)).await
    }

    /// With the user flows of the B2C tenant, Contoso's customers.
    pub(crate) async fn of_b2c(change: impl FnOnce(&mut Settings)) -> App {
        App::of(b2c, "", |settings, _| change(settings)).await
    }

    /// With those, and standard providers beside them.
    pub(crate) async fn of_b2c_beside(providers: &[(&str, &OpenIdProvider)]) -> App {
        App::of(b2c, &tables(providers), |_, _| {}).await
    }

    /// With settings that differ, and what an application plugs in.
    pub(crate) async fn plugged(
        change: impl FnOnce(&mut Settings),
        plug: impl FnOnce(EntraSsoBuilder) -> EntraSsoBuilder,
    ) -> App {
        let vars = |emulator: &Emulator| emulator.env_for(seed::CONTOSO, seed::APP_ID);
        App::assembled(application, vars, "", |settings, _| change(settings), plug).await
    }

    /// With a standard provider beside Microsoft, and what an application plugs in.
    pub(crate) async fn beside_and_plugged(
        providers: &[(&str, &OpenIdProvider)],
        plug: impl FnOnce(EntraSsoBuilder) -> EntraSsoBuilder,
    ) -> App {
        App::assembled(application, Emulator::env, &tables(providers), |_, _| {}, plug).await
    }

    /// With variables that point to the emulator, a settings file, and settings that depend on our port.
    pub(crate) async fn of(
        vars: impl FnOnce(&Emulator) -> Vec<(&'static str, String)>,
        toml: &str,
        change: impl FnOnce(&mut Settings, u16),
    ) -> App {
        App::assembled(application, vars, toml, change, |builder| builder).await
    }

    /// The same with other routes.
    pub(crate) async fn serving(
        application: impl FnOnce(&EntraSso) -> Router,
        vars: impl FnOnce(&Emulator) -> Vec<(&'static str, String)>,
        toml: &str,
        change: impl FnOnce(&mut Settings, u16),
    ) -> App {
        App::assembled(application, vars, toml, change, |builder| builder).await
    }

    pub(crate) async fn assembled(
        application: impl FnOnce(&EntraSso) -> Router,
        vars: impl FnOnce(&Emulator) -> Vec<(&'static str, String)>,
        toml: &str,
        change: impl FnOnce(&mut Settings, u16),
        plug: impl FnOnce(EntraSsoBuilder) -> EntraSsoBuilder,
    ) -> App {
        let emulator = Emulator::builder()
            .clock(EmulatorClock::at(NOW))
            .strict_refresh(true)
            .start()
            .await
            .expect("the emulator starts on a random port");
        let mut settings = Sources::new().vars(vars(&emulator)).toml(toml).read().expect("settings");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        change(&mut settings, port);
        let clock = ManualClock::at(Timestamp::from_unix(NOW));
        let users = Arc::new(MemoryUsers::new());
        let builder = EntraSso::builder(settings).managed_users(users.clone()).clock(clock.clock());
        let sso = plug(builder).build().expect("sound settings");
        let url = format!("http://localhost:{port}");
        let router = application(&sso);
        let server =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("serves until it is dropped") });
        App { emulator, sso, users, url, clock, server }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new().clock(self.emulator.clock().clone())
    }

    /// For a second application on the same time.
    pub(crate) fn clock(&self) -> Clock {
        self.clock.clock()
    }

    /// Time goes on, here and at Microsoft.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.emulator.clock().advance(by);
    }

    /// Sends one request as it is, follows nothing, and has no cookies but those given.
    pub(crate) async fn send(
        &self,
        request: http::request::Builder,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Response<Bytes> {
        let client = ReqwestClient::new(&ReqwestSettings::new()).expect("a client");
        let request = request.uri(self.at(path)).body(body.into()).expect("a request");
        client.send(request, Limits::new(1 << 20, Duration::from_secs(10))).await.expect("an answer")
    }

    /// The browser's cookies, as it would send them to the application.
    pub(crate) fn cookies(&self, browser: &Browser) -> String {
        let cookies = browser.cookies(&self.url).into_iter().map(|(name, value)| format!("{name}={value}"));
        cookies.collect::<Vec<_>>().join("; ")
    }

    /// This machine's clock goes astray; Microsoft's does not.
    pub(crate) fn drift(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Opens `/private` and signs in.
    pub(crate) async fn sign_in(&self, browser: &Browser, who: &str) -> Page {
        browser.start_at(self.at("/private")).signing_in_as(who).await.expect("a page")
    }

    /// Goes to Microsoft, signs in there, and comes back with the callback's address, not yet called.
    pub(crate) async fn callback_of(&self, browser: &Browser, start: &str, who: &str) -> String {
        let page =
            browser.start_at(self.at(start)).stop_at(self.at("/microsoft_sso/callback")).signing_in_as(who).await;
        let page = page.expect("a redirect");
        page.location()
            .unwrap_or_else(|| panic!("expected a redirect to the callback, got {} {}", page.status, page.body))
            .into()
    }

    /// The user of a Microsoft account of Contoso or another tenant.
    pub(crate) async fn user(&self, tenant: &str, object_id: &str) -> Option<User> {
        let key = AccountKey::new(AccountKind::Entra, tenant, object_id);
        self.users.find(UserLookup::Account(key)).await.expect("memory answers")
    }

    /// Every user, in the order of their usernames.
    pub(crate) async fn everybody(&self) -> Vec<User> {
        let mut query = UserQuery::new();
        query.limit = 500;
        self.users.search(query).await.expect("memory answers").users
    }

    /// A user who is there before anybody signs in.
    pub(crate) async fn prepare(&self, username: &str, describe: impl FnOnce(&mut NewUser)) -> User {
        let mut user = NewUser::new(username, Timestamp::from_unix(NOW - 86_400));
        describe(&mut user);
        match self.users.create(user).await.expect("memory answers") {
            Created::New(user) => user,
            other => panic!("expected a new user, got {other:?}"),
        }
    }

    /// Everybody is gone, as if nobody had ever signed in.
    pub(crate) async fn forget_everybody(&self) {
        for user in self.everybody().await {
            let _ = self.users.delete(&user.id, false).await.expect("memory answers");
        }
    }

    /// What the user of this browser may do, by the session's word: `nobody`, or `staff=… superuser=… backend=…`.
    pub(crate) async fn rights(&self, browser: &Browser) -> String {
        browser.get(self.at("/rights")).await.expect("a page").body
    }

    /// How often Microsoft's endpoints were asked.
    pub(crate) fn asked(&self, endpoint: Endpoint) -> usize {
        self.emulator.journal().count(endpoint)
    }

    /// Whether this browser is signed in, by the application's own word.
    pub(crate) async fn who(&self, browser: &Browser) -> String {
        browser.get(self.at("/")).await.expect("the home page").body
    }
}

/// The variables of the seeded B2C application, with all of its user flows.
pub(crate) fn b2c(emulator: &Emulator) -> Vec<(&'static str, String)> {
    vec![
        ("MICROSOFT_SSO_APPLICATION_ID", seed::B2C_APP_ID.to_owned()),
        ("MICROSOFT_SSO_CLIENT_SECRET", seed::B2C_APP_SECRET.to_owned()),
        ("MICROSOFT_SSO_AUTHORITY_HOST", emulator.url().to_string()),
        ("MICROSOFT_SSO_B2C_TENANT_NAME", seed::B2C_NAME.to_owned()),
        ("MICROSOFT_SSO_B2C_POLICY", seed::B2C_SIGN_IN_POLICY.to_owned()),
        ("MICROSOFT_SSO_RESET_PASSWORD_POLICY", seed::B2C_RESET_POLICY.to_owned()),
        ("MICROSOFT_SSO_EDIT_PROFILE_POLICY", seed::B2C_EDIT_POLICY.to_owned()),
    ]
}

/// The settings file that names these providers.
pub(crate) fn tables(providers: &[(&str, &OpenIdProvider)]) -> String {
    let table = |(name, provider): &(&str, &OpenIdProvider)| {
        let OpenIdProvider { url, .. } = provider;
        format!(
            "[[provider]]\nname = {name:?}\noidc_authority = {url:?}\nclient_id = {CLIENT_ID:?}\nclient_secret = {CLIENT_SECRET:?}\n"
        )
    };
    providers.iter().map(table).collect()
}

/// The application: a home page, a private page, a guarded page, messages, and a picture.
pub(crate) fn application(sso: &EntraSso) -> Router {
    let guarded = Router::new()
        .route("/guarded", get(|| async { "guarded" }).post(|| async { "guarded" }))
        .route_layer(require::signed_in());
    Router::new()
        .route("/", get(home))
        .route("/private", get(private))
        .route("/rights", get(rights))
        .route("/messages", get(messages))
        .route("/picture", get(picture))
        .route("/static", get(|| async { "static" }))
        .route("/form", post(private))
        .merge(guarded)
        .merge(crate::tokens::handlers())
        .merge(sso.routes())
        .merge(sso.admin("/admin"))
        .layer(sso.layer())
        .with_state(sso.clone())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}

async fn private(user: SignedIn) -> String {
    format!("OK user={}", user.username())
}

async fn rights(user: Option<SignedIn>) -> String {
    let Some(user) = user else { return "nobody".to_owned() };
    let backend = user.backend().unwrap_or("none");
    format!("staff={} superuser={} backend={backend}", user.is_staff(), user.is_superuser())
}

async fn messages(messages: Messages) -> String {
    messages.iter().map(|message| format!("{:?}: {}", message.level, message.text)).collect::<Vec<_>>().join("\n")
}

async fn picture(State(_): State<EntraSso>, user: SignedIn) -> String {
    let picture = user.picture().await.expect("the store answers");
    picture.map_or_else(|| "none".to_owned(), |picture| format!("{} {}", picture.content_type, picture.bytes.len()))
}
