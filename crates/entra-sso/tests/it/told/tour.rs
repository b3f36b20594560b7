//! Once through everything: each way to sign in, to be refused and to sign out, and each of its faults.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock, atomic::Ordering},
    time::Duration,
};

use axum::{Router, routing::get};
use entra_emulator::{Browser, Emulator, Endpoint, ErrorAnswer, Fault, Page, seed};
use entra_sso::{
    EntraSso, Settings, SignedIn,
    oidc::Timestamp,
    require,
    session::MemorySessions,
    users::{Grant, GrantChange, Grants, User, UserUpdate},
};
use http::{Request, header};
use serde_json::json;
use url::Url;

use super::{notes::Notes, wire::Wire};
use crate::{
    app::{App, NOW, application, tables},
    openid_provider::{ACCESS_TOKEN, CLIENT_SECRET, OpenIdProvider},
    stores::Switchable,
};

/// Stands in every place that a stranger can write into.
pub(super) const CANARY: &str = "canary-4711-of-a-stranger";
const HOUR: Duration = Duration::from_hours(1);
const FORM: &str = "application/x-www-form-urlencoded";
const LOGOUT: &str = "/microsoft_sso/logout/";

/// What came of it.
#[derive(Default)]
pub(super) struct Seen {
    /// By what it is: everything that only browser, application and Microsoft may know.
    pub(super) secrets: BTreeSet<(String, String)>,
    /// The bodies of all answers but those that are a token.
    pub(super) pages: Vec<String>,
    /// The names of all requests to Microsoft that have one.
    pub(super) request_names: Vec<String>,
}

/// It is gone through once in each process.
pub(super) fn gone() -> &'static (Seen, Notes) {
    static GONE: OnceLock<(Seen, Notes)> = OnceLock::new();
    GONE.get_or_init(|| Notes::of(go()))
}

struct Tour {
    app: App,
    provider: OpenIdProvider,
    wire: Wire,
    sessions: Switchable,
    seen: Seen,
}

async fn go() -> Seen {
    let mut tour = Tour::begin().await;
    tour.sign_in_and_ask().await;
    tour.refused_callbacks().await;
    tour.strangers().await;
    tour.administered().await;
    tour.sign_outs().await;
    tour.partners_sign_outs().await;
    tour.ended_by_microsoft().await;
    tour.store_away().await;
    tour.posted_answers().await;
    tour.over_with_the_token().await;
    tour.seen.secrets.extend(tour.wire.secrets.lock().unwrap().iter().cloned());
    tour.seen.request_names.clone_from(&tour.wire.names.lock().unwrap());
    tour.seen
}

fn routes(sso: &EntraSso) -> Router {
    let recent = Router::new()
        .route("/recent", get(async |user: SignedIn| user.username().to_owned()))
        .route_layer(require::within(Duration::from_mins(10)));
    application(sso).merge(recent.layer(sso.layer()))
}

fn keeping(settings: &mut Settings) {
    settings.save_access_token = true;
    settings.slo_enabled = true;
    settings.session_cookie_age = Duration::from_hours(48);
    settings.client_secret_expires = Some(Timestamp::from_unix(NOW + 86_400 * 90));
}

impl Tour {
    async fn begin() -> Tour {
        let (provider, wire) = (OpenIdProvider::start().await, Wire::new());
        let sessions = Switchable(Arc::new(MemorySessions::new()), Arc::default());
        let (network, store) = (wire.clone(), sessions.clone());
        let app = App::assembled(
            routes,
            Emulator::env,
            &tables(&[("partner", &provider)]),
            |settings, _| keeping(settings),
            |builder| builder.http_client(network).sessions(store),
        )
        .await;
        let secrets = [("client secret", seed::APP_SECRET), ("secret", CLIENT_SECRET), ("token", ACCESS_TOKEN)];
        let secrets = secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Tour { app, provider, wire, sessions, seen: Seen { secrets, ..Seen::default() } }
    }

    /// What this browser has now, and has been shown.
    fn keep(&mut self, browser: &Browser, page: &Page) {
        let cookies = browser.cookies(&self.app.url).into_iter();
        self.seen
            .secrets
            .extend(cookies.filter(|(name, value)| name.starts_with("microsoft_sso") && !value.is_empty()));
        self.seen.pages.push(page.body.clone());
    }

    async fn open(&mut self, browser: &Browser, path: &str) -> Page {
        let mut page = browser.get(self.app.at(path)).await.unwrap();
        if path.starts_with("/token") && page.status == 200 {
            page.body.clear();
        }
        self.keep(browser, &page);
        page
    }

    async fn signed_in(&mut self, who: &str) -> Browser {
        let browser = self.app.browser();
        let page = self.app.sign_in(&browser, who).await;
        self.keep(&browser, &page);
        browser
    }

    /// As a program, or as Microsoft's servers.
    async fn send(&mut self, request: http::request::Builder, path: &str, body: impl Into<String>) -> u16 {
        let answer = self.app.send(request, path, body.into()).await;
        self.seen.pages.push(String::from_utf8_lossy(answer.body()).into_owned());
        answer.status().as_u16()
    }

    /// A form of one of our own pages.
    async fn post(&mut self, browser: &Browser, path: &str, body: &str) -> u16 {
        let request = Request::post("/").header("sec-fetch-site", "same-origin").header(header::CONTENT_TYPE, FORM);
        let request = request.header(header::COOKIE, self.app.cookies(browser));
        self.send(request, path, body).await
    }

    fn an_hour_later(&self) {
        self.app.advance(HOUR);
        self.provider.clock.advance(HOUR);
    }

    async fn adele(&self) -> User {
        self.app.user(seed::CONTOSO, seed::ADELE_ID).await.expect("she has signed in")
    }

    async fn sign_in_and_ask(&mut self) {
        let browser = self.signed_in(seed::ADELE).await;
        for fault in [None, Some(Fault::Status(Endpoint::Token, 503)), Some(Fault::Truncated(Endpoint::Token)), None] {
            self.an_hour_later();
            if let Some(fault) = fault {
                self.app.emulator.faults().once(fault);
            }
            for path in ["/token", "/token_for?scope=api://x/read", "/graph?path=me", "/picture", "/microsoft_sso/me"] {
                self.open(&browser, path).await;
            }
        }
        let page = browser.start_at(self.app.at("/recent")).signing_in_as(seed::ADELE).await.unwrap();
        self.keep(&browser, &page);
        assert_eq!(page.body, seed::ADELE, "a step-up");
        self.app.sign_in(&browser, seed::ADELE).await;
        self.open(&browser, "/microsoft_sso/login/?next=/private").await;
    }

    async fn refused_callbacks(&mut self) {
        let invalid = ErrorAnswer::new("invalid_client", 7_000_215, "Invalid client secret provided");
        for fault in [
            None,
            Some(Fault::BadSignature),
            Some(Fault::WrongNonce),
            Some(Fault::Status(Endpoint::Token, 500)),
            Some(Fault::TokenError(invalid)),
            Some(Fault::AuthorizeError(ErrorAnswer::new("access_denied", 65004, "declined"))),
            Some(Fault::NoTokenMember("id_token".to_owned())),
        ] {
            let browser = self.app.browser();
            if let Some(fault) = fault {
                self.app.emulator.faults().once(fault);
            }
            let start = "/microsoft_sso/login/?next=/private";
            let callback = self.app.callback_of(&browser, start, seed::ADELE).await;
            let answer = Url::parse(&callback).unwrap();
            let asked = answer.query_pairs().into_owned();
            self.seen.secrets.extend(asked.filter(|(name, _)| matches!(name.as_str(), "code" | "state")));
            // Once by somebody else, once by the one whose it is, and once more.
            for browser in [&self.app.browser(), &browser, &browser] {
                let page = browser.get(&callback).await.unwrap();
                self.keep(browser, &page);
            }
        }
        let browser = self.app.browser();
        let callback = self.app.callback_of(&browser, "/microsoft_sso/login/", seed::ADELE).await;
        self.an_hour_later();
        let page = browser.get(callback).await.unwrap();
        self.keep(&browser, &page);
    }

    /// Whatever a stranger writes, wherever he can.
    async fn strangers(&mut self) {
        for at in [
            format!("/microsoft_sso/callback/?code={CANARY}&state={CANARY}"),
            format!("/microsoft_sso/callback/?error={CANARY}&error_description={CANARY}&state={CANARY}"),
            format!("/microsoft_sso/partner/callback/?code={CANARY}&state={CANARY}&iss={CANARY}"),
            format!("/microsoft_sso/login/?next=/{CANARY}&login_hint={CANARY}&step={CANARY}"),
            format!("/microsoft_sso/front_channel_logout/?sid={CANARY}&iss={CANARY}"),
            format!("/microsoft_sso/{CANARY}/login/"),
            format!("/private?{CANARY}={CANARY}"),
        ] {
            for (name, value) in [
                ("x-request-id", CANARY.to_owned()),
                ("authorization", format!("Bearer {CANARY}")),
                ("cookie", format!("microsoft_sso_session={CANARY}; microsoft_sso_attempt_{CANARY}={CANARY}")),
                ("host", format!("{CANARY}.example")),
                ("user-agent", CANARY.to_owned()),
            ] {
                self.send(Request::get("/").header(name, value), &at, "").await;
            }
            let form = Request::post("/").header(header::CONTENT_TYPE, FORM);
            self.send(form, &at, format!("code={CANARY}&state={CANARY}&logout_token={CANARY}")).await;
            let method = Request::builder().method(http::Method::from_bytes(b"CANARY-4711").unwrap());
            self.send(method, &at, "").await;
        }
        // A flood of them: with the clock at one second.
        for _ in 0..30 {
            self.send(Request::get("/"), "/microsoft_sso/callback/?code=a&state=b", "").await;
        }
    }

    async fn administered(&mut self) {
        let root = self.app.prepare("boss", |user| {
            user.invitation = Some(seed::ALEX.to_owned());
            user.superuser = Grants::of(Grant::Admin);
        });
        root.await;
        let root = self.signed_in(seed::ALEX).await;
        let mut update = UserUpdate::of(self.adele().await.id);
        update.staff = GrantChange::set(Grant::Admin, true);
        let _updated = self.app.sso.update_user(update).await.unwrap();
        let adele = self.signed_in(seed::ADELE).await;
        let path = format!("/admin/users/{}", self.adele().await.id);
        assert_eq!(self.post(&adele, &format!("{path}/give_superuser"), "").await, 403);
        assert_eq!(self.post(&root, &format!("{path}/deactivate"), "confirmed=yes").await, 303);
        self.open(&adele, "/private").await;
        // She is known and may not enter.
        self.signed_in(seed::ADELE).await;
        let mut update = UserUpdate::of(self.adele().await.id);
        update.is_active = Some(true);
        let _updated = self.app.sso.update_user(update).await.unwrap();
    }

    async fn sign_outs(&mut self) {
        let (one, two) = (self.signed_in(seed::ADELE).await, self.signed_in(seed::ADELE).await);
        assert_eq!(self.send(Request::post("/").header("origin", "https://evil.test"), LOGOUT, "").await, 403);
        self.open(&one, LOGOUT).await;
        assert_eq!(self.post(&one, LOGOUT, "").await, 303);
        assert_eq!(self.post(&two, LOGOUT, "everywhere=1").await, 303);
        self.signed_in(seed::ADELE).await;
        let sid = claim(&self.wire.last("id_token"), "sid");
        self.send(Request::get("/"), &format!("/microsoft_sso/front_channel_logout/?sid={sid}"), "").await;
        self.signed_in(seed::ADELE).await;
        assert_eq!(self.app.sso.end_sessions_of(&self.adele().await.id).await.unwrap(), 1);
    }

    async fn partners_sign_outs(&mut self) {
        let person = json!({ "sub": "subject-1", "name": "Pia", "preferred_username": "pia", "sid": "sid-of-pia-1" });
        self.provider.says().claims = person;
        self.provider.says().user_info = json!({ "sub": "subject-1" });
        let browser = self.app.browser();
        self.open(&browser, "/microsoft_sso/partner/login/").await;
        assert_eq!(self.app.who(&browser).await, "pia");
        for claims in [json!({ "sid": "sid-of-pia-1", "aud": "another" }), json!({ "sid": "sid-of-pia-1" })] {
            let token = self.provider.logout_token("a name of a logout token", &claims);
            let request = Request::post("/").header(header::CONTENT_TYPE, FORM);
            let body = format!("logout_token={token}");
            self.send(request, "/microsoft_sso/partner/back_channel_logout/", body).await;
            self.seen.secrets.insert(("logout token".to_owned(), token));
        }
        assert_eq!(self.app.who(&browser).await, "nobody");
    }

    async fn ended_by_microsoft(&mut self) {
        let browser = self.signed_in(seed::ADELE).await;
        self.app.emulator.revoke(seed::ADELE).unwrap();
        self.an_hour_later();
        self.open(&browser, "/token").await;
        self.signed_in(seed::ADELE).await;
        let _deleted = self.app.sso.delete_user(&self.adele().await.id, false).await.unwrap();
    }

    async fn store_away(&mut self) {
        let browser = self.signed_in(seed::ADELE).await;
        let callback = self.app.callback_of(&self.app.browser(), "/microsoft_sso/login/", seed::ALEX).await;
        self.sessions.1.store(true, Ordering::SeqCst);
        for path in ["/private", "/token", "/microsoft_sso/me", "/microsoft_sso/", "/admin/"] {
            assert_eq!(self.open(&browser, path).await.status, 503, "{path}");
        }
        assert_eq!(self.post(&browser, LOGOUT, "everywhere=1").await, 503);
        let page = browser.get(callback).await.unwrap();
        self.keep(&browser, &page);
        self.sessions.1.store(false, Ordering::SeqCst);
    }

    /// `require_secure_callback`.
    async fn posted_answers(&mut self) {
        let network = self.wire.clone();
        let secure = |settings: &mut Settings| settings.require_secure_callback = true;
        let app = App::plugged(secure, |builder| builder.http_client(network)).await;
        let browser = app.browser();
        let start = browser.start_at(app.at("/microsoft_sso/login/")).stop_at(app.at("/microsoft_sso/callback"));
        let page = start.signing_in_as(seed::ADELE).await.unwrap();
        let form = page.form("form-post").expect("a form");
        self.seen
            .secrets
            .extend(form.fields.iter().filter(|(name, _)| matches!(name.as_str(), "code" | "state")).cloned());
        self.seen.secrets.extend(browser.cookies(&app.url));
        let fields = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let refused = browser.get(app.at(&format!("/microsoft_sso/callback/?{fields}"))).await.unwrap();
        self.seen.pages.push(refused.body);
        for _ in 0..2 {
            let page = browser.submit(&page, &form).await.unwrap();
            self.seen.secrets.extend(browser.cookies(&app.url));
            self.seen.pages.push(page.body);
        }
        assert_eq!(app.who(&browser).await, seed::ADELE);
    }

    /// `session_ends_with_token`, and no new one can be had.
    async fn over_with_the_token(&mut self) {
        let network = self.wire.clone();
        let capped = |settings: &mut Settings| {
            keeping(settings);
            settings.session_ends_with_token = true;
        };
        let app = App::plugged(capped, |builder| builder.http_client(network)).await;
        app.emulator.faults().once(Fault::NoTokenMember("refresh_token".to_owned()));
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        app.advance(HOUR);
        assert_eq!(app.who(&browser).await, "nobody");
    }
}

/// One claim of a token that nobody has to believe.
fn claim(token: &str, name: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64url");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    claims[name].as_str().expect("text").to_owned()
}
