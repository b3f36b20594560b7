//! Once through everything: each way to sign in, to be refused and to sign out, and each of its faults.

mod endings;
mod refusals;

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{Router, routing::get};
use entra_emulator::{Browser, Emulator, Endpoint, Fault, Page, seed};
use entra_sso::{EntraSso, Settings, SignedIn, oidc::Timestamp, require, session::MemorySessions, users::User};
use http::{Request, header};

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
}
