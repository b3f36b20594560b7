//! An application without a socket, in front of a Microsoft behind a bad network. Everybody is Adele and is asked nothing.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use entra_emulator::{Emulator, EmulatorClock, seed};
use entra_sso::{
    EntraSso, EntraSsoBuilder, Settings,
    oidc::{HttpClient, HttpError, Limits, ManualClock, ReqwestClient, ReqwestSettings, Timestamp},
    settings::Sources,
};
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use local_servers::TcpProxy;
use tower::ServiceExt as _;

use crate::app::{NOW, application};

const HOST: &str = "localhost:8000";
const LOGIN: &str = "/microsoft_sso/login/?next=/private";
const IN_MEMORY: usize = 1 << 20;

pub(super) struct Stand {
    pub(super) emulator: Emulator,
    pub(super) proxy: TcpProxy,
    pub(super) clock: ManualClock,
    pub(super) calls: Calls,
    settings: Settings,
    pub(super) sso: EntraSso,
    router: Router,
    browser: ReqwestClient,
}

/// Somebody who comes back from Microsoft: the callback's address, and what his browser brings along.
#[derive(Clone)]
pub(super) struct Return {
    callback: String,
    cookies: String,
}

/// What came back for a request.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Stand {
    pub(super) async fn start(change: impl FnOnce(&mut Settings)) -> Stand {
        let emulator = Emulator::builder()
            .clock(EmulatorClock::at(NOW))
            .also_as(["127.0.0.2"])
            .auto_sign_in(seed::ADELE)
            .start()
            .await
            .expect("the emulator starts on a random port");
        let port = emulator.url().port().expect("a random port");
        // The emulator answers to its own port only, which is free at the next address.
        let proxy = TcpProxy::at((Ipv4Addr::new(127, 0, 0, 2), port).into(), format!("127.0.0.1:{port}"));
        let behind = |(name, value): (&'static str, String)| (name, value.replace("127.0.0.1", "127.0.0.2"));
        let mut settings =
            Sources::new().vars(emulator.env().into_iter().map(behind)).read().expect("the emulator's settings");
        change(&mut settings);
        let clock = ManualClock::at(Timestamp::from_unix(NOW));
        let calls = Calls::default();
        let sso = built(&settings, &clock, &calls, |builder| builder);
        let router = application(&sso);
        Stand { emulator, proxy, clock, calls, settings, sso, router, browser: client() }
    }

    /// The application starts again, and knows nothing of Microsoft any more.
    pub(super) fn restart(&mut self) {
        self.restart_with(|builder| builder);
    }

    pub(super) fn restart_with(&mut self, plug: impl FnOnce(EntraSsoBuilder) -> EntraSsoBuilder) {
        self.sso = built(&self.settings, &self.clock, &self.calls, plug);
        self.router = application(&self.sso);
    }

    /// Time goes on, here and at Microsoft.
    pub(super) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.emulator.clock().advance(by);
    }

    /// One request of a browser that navigates.
    pub(super) async fn ask(&self, path: &str, cookies: &str) -> Answer {
        let request = Request::get(path)
            .header(header::HOST, HOST)
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookies);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("in memory").to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A sign-in that begins.
    pub(super) async fn begin(&self) -> Answer {
        self.ask(LOGIN, "").await
    }

    /// The same, and the way through Microsoft's pages: the callback is not called yet.
    pub(super) async fn at_microsoft(&self) -> Return {
        let begun = self.begin().await;
        assert_eq!(begun.status, 303, "{}", begun.body);
        let there = Request::get(begun.location()).body(Bytes::new()).expect("a request");
        let limits = Limits::new(IN_MEMORY, Duration::from_mins(1));
        let back = self.browser.send(there, limits).await.expect("Microsoft's page");
        let location = back.headers().get(header::LOCATION).map(|value| value.to_str().expect("ASCII").to_owned());
        let location = location.unwrap_or_else(|| panic!("a redirect: {}", String::from_utf8_lossy(back.body())));
        let callback = location.split_once(HOST).expect("our own address").1.to_owned();
        Return { callback, cookies: begun.cookies() }
    }

    pub(super) async fn come_back(&self, from: &Return) -> Answer {
        self.ask(&from.callback, &from.cookies).await
    }

    /// A whole sign-in: the cookies of a session.
    pub(super) async fn sign_in(&self) -> String {
        let answer = self.come_back(&self.at_microsoft().await).await;
        assert!(answer.signed_in(), "{} {}", answer.status, answer.body);
        answer.cookies()
    }

    /// Whether these cookies are of somebody who is signed in.
    pub(super) async fn is_signed_in(&self, cookies: &str) -> bool {
        self.ask("/private", cookies).await.body == "OK user=adele@contoso.example"
    }
}

impl Answer {
    pub(super) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().expect("ASCII")
    }

    /// Whether it ended a sign-in well.
    pub(super) fn signed_in(&self) -> bool {
        self.status == 303 && self.location().starts_with("/private")
    }

    /// The cookies that it set, as a browser sends them back.
    pub(super) fn cookies(&self) -> String {
        let set = self.headers.get_all(header::SET_COOKIE).iter();
        let pairs = set.map(|cookie| cookie.to_str().expect("ASCII").split(';').next().unwrap_or_default());
        pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
    }
}

/// How often the application called Microsoft, by the last part of the path, and how many calls run.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<BTreeMap<String, usize>>>);

impl Calls {
    pub(super) fn of(&self, endpoint: &str) -> usize {
        self.0.lock().expect("counted").get(endpoint).copied().unwrap_or_default()
    }

    pub(super) fn total(&self) -> usize {
        self.0.lock().expect("counted").values().sum()
    }

    pub(super) fn clear(&self) {
        self.0.lock().expect("counted").clear();
    }

    fn note(&self, path: &str) {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        *self.0.lock().expect("counted").entry(name).or_default() += 1;
    }
}

/// The client that applications have by default, and a count of its calls.
struct Counting(ReqwestClient, Calls);

impl HttpClient for Counting {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        self.1.note(request.uri().path());
        self.0.send(request, limits).await
    }
}

fn client() -> ReqwestClient {
    ReqwestClient::new(&ReqwestSettings::new()).expect("a client")
}

fn built(
    settings: &Settings,
    clock: &ManualClock,
    calls: &Calls,
    plug: impl FnOnce(EntraSsoBuilder) -> EntraSsoBuilder,
) -> EntraSso {
    let builder = EntraSso::builder(settings.clone()).clock(clock.clock());
    plug(builder.http_client(Counting(client(), calls.clone()))).build().expect("sound settings")
}
