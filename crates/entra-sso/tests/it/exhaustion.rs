//! X1: a million sign-ins that nobody finishes cost nothing that stays, and neither do answers without a code.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use entra_emulator::seed;
use entra_sso::{
    EntraSso, Settings, StoreError,
    oidc::{HttpClient, HttpError, Limits, Timestamp},
    session::{Mark, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession, UsedStates},
};
use http::{Request, Response, header};
use serde_json::json;
use tower::ServiceExt as _;

use crate::app::application;

/// Two cores take a minute and a half for them in a build that is not optimised. That is not the cryptography, which always is, but
/// iterators and the checks of such a build, in every crate on the way.
const STARTS: usize = 1_000_000;
const MEASURED: &str = "figure: X1";
const GROWTH: usize = 64 * 1024 * 1024;

/// Set in the process that is measured, which runs this test and no other.
const ALONE: &str = "ENTRA_SSO_TEST_X1_ALONE";

/// The memory of a process is measured in a process that does nothing else.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test asks which of its two processes it is")]
fn x1_a_million_unfinished_sign_ins_leave_nothing() {
    if std::env::var_os(ALONE).is_some() {
        return tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(measure());
    }
    let name = "exhaustion::x1_a_million_unfinished_sign_ins_leave_nothing";
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("this test again");
    let output = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    let figure = output.lines().find_map(|line| line.find(MEASURED).map(|at| &line[at..]));
    assert!(child.status.success() && figure.is_some(), "{output}");
    println!("{}", figure.unwrap_or_default());
}

#[expect(clippy::disallowed_methods, reason = "how long a million takes can only be measured")]
async fn measure() {
    let store = Counting::default();
    let router = router(&store);
    start_many(&router, STARTS / 100).await;
    let (before, begun) = (resident(), Instant::now());
    start_many(&router, STARTS).await;
    let (grown, took) = (resident().saturating_sub(before), begun.elapsed());
    let asked = store.0.load(Ordering::SeqCst);
    println!(
        "{MEASURED}: {STARTS} unfinished sign-ins in {} s, {asked} calls of the store, {} KiB more memory",
        took.as_secs(),
        grown / 1024
    );
    assert!(grown < GROWTH && asked == 0, "more than {GROWTH}, or a store was asked");
}

/// L4: marks are bounded, and who could make them for nothing could keep everybody out.
#[tokio::test]
async fn x1_l4_a_thousand_answers_without_a_code_leave_no_mark() {
    let store = Counting::default();
    let router = router(&store);
    for answer in ["", "&code=", "&error=server_error", "&error=server_error&code=c"] {
        for _ in 0..250 {
            assert_eq!(answered(&router, answer).await, 502, "{answer}");
        }
    }
    assert_eq!(store.0.load(Ordering::SeqCst), 0, "a store was asked");
    // The other way round: what has a code is marked before it is redeemed.
    assert_eq!((answered(&router, "&code=c").await, store.0.load(Ordering::SeqCst)), (503, 1));
}

/// The status of what a new sign-in's own browser is answered when it brings this.
async fn answered(router: &Router, answer: &str) -> u16 {
    let started = start(router).await;
    let said = |name: header::HeaderName| started.headers()[&name].to_str().unwrap();
    let there = url::Url::parse(said(header::LOCATION)).unwrap();
    let (_, state) = there.query_pairs().find(|(name, _)| name == "state").unwrap();
    let (cookie, _) = said(header::SET_COOKIE).split_once(';').unwrap();
    ask(router, &format!("/microsoft_sso/callback/?state={state}{answer}"), cookie).await.status().as_u16()
}

fn router(store: &Counting) -> Router {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", seed::APP_ID),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", seed::CONTOSO),
        ("MICROSOFT_SSO_SECRET_KEYS", "9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak="),
    ];
    let settings = Settings::from_vars(vars).expect("settings");
    let builder = EntraSso::builder(settings).sessions(store.clone()).http_client(Published);
    application(&builder.build().expect("sound settings"))
}

/// On every core.
async fn start_many(router: &Router, starts: usize) {
    let cores = std::thread::available_parallelism().expect("a number of cores").get();
    let each = (0..cores).map(|core| {
        let router = router.clone();
        tokio::spawn(async move {
            for _ in 0..starts / cores + usize::from(core < starts % cores) {
                start(&router).await;
            }
        })
    });
    for task in each.collect::<Vec<_>>() {
        task.await.expect("it goes on to the end");
    }
}

async fn start(router: &Router) -> Response<Body> {
    let response = ask(router, "/microsoft_sso/login/?next=/private", "").await;
    assert_eq!(response.status(), 303);
    response
}

async fn ask(router: &Router, address: &str, cookie: &str) -> Response<Body> {
    let request = Request::get(address).header(header::HOST, "localhost:8000").header(header::COOKIE, cookie);
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    let kilobytes: usize = line.split_whitespace().nth(1).expect("a figure").parse().expect("a number");
    kilobytes * 1024
}

/// A Microsoft of which only the metadata is needed.
struct Published;

impl HttpClient for Published {
    async fn send(&self, request: Request<Bytes>, _: Limits) -> Result<Response<Bytes>, HttpError> {
        assert!(request.uri().path().ends_with("/.well-known/openid-configuration"), "{}", request.uri().path());
        let at = |path: &str| format!("https://login.microsoftonline.com/{}/{path}", seed::CONTOSO);
        let document = json!({
            "issuer": at("v2.0"),
            "authorization_endpoint": at("oauth2/v2.0/authorize"),
            "token_endpoint": at("oauth2/v2.0/token"),
            "jwks_uri": at("discovery/v2.0/keys"),
        });
        Ok(Response::new(Bytes::from(document.to_string())))
    }
}

/// A store that nobody should ask: it counts who does.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Counting {
    fn refuse<T>(&self) -> impl Future<Output = Result<T, StoreError>> + Send + use<T> {
        self.0.fetch_add(1, Ordering::SeqCst);
        async { Err(StoreError::new("nobody should have asked")) }
    }
}

impl SessionStore for Counting {
    fn create(&self, _: SessionKey, _: StoredSession) -> impl Future<Output = Result<(), StoreError>> + Send {
        self.refuse()
    }

    fn load(&self, _: &SessionKey) -> impl Future<Output = Result<Option<StoredSession>, StoreError>> + Send {
        self.refuse()
    }

    fn replace(
        &self,
        _: &SessionKey,
        _: u64,
        _: SessionUpdate,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send {
        self.refuse()
    }

    fn delete(&self, _: &[SessionKey]) -> impl Future<Output = Result<u64, StoreError>> + Send {
        self.refuse()
    }

    fn find(&self, _: SessionQuery) -> impl Future<Output = Result<Vec<SessionKey>, StoreError>> + Send {
        self.refuse()
    }

    fn in_process(&self) -> bool {
        false
    }
}

impl UsedStates for Counting {
    fn mark(&self, _: [u8; 32], _: Timestamp) -> impl Future<Output = Result<Mark, StoreError>> + Send {
        self.refuse()
    }

    fn forget(&self, _: [u8; 32]) -> impl Future<Output = Result<(), StoreError>> + Send {
        self.refuse()
    }
}
