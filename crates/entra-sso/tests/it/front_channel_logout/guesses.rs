//! L3, X1: who guesses session ids ends nothing, costs little, and keeps nobody's sign-out from being heard.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use entra_emulator::seed;
use entra_sso::{
    EntraSso, Settings, StoreError,
    oidc::Timestamp,
    session::{
        Mark, MemorySessions, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession,
        UsedStates,
    },
    testing::TestUser,
};
use http::Request;
use tokio::sync::RwLock;
use tower::ServiceExt as _;

use super::{DOOR, sid_of};
use crate::app::{App, application};

/// Memory sessions that count how often they are asked, and by how many at once. They answer while nobody holds `closed`.
#[derive(Default)]
struct Counting {
    sessions: MemorySessions,
    finds: AtomicUsize,
    others: AtomicUsize,
    inside: AtomicUsize,
    most_inside: AtomicUsize,
    closed: RwLock<()>,
}

impl Counting {
    fn other(&self) -> &MemorySessions {
        self.others.fetch_add(1, Ordering::SeqCst);
        &self.sessions
    }

    fn asked(&self) -> (usize, usize) {
        (self.finds.swap(0, Ordering::SeqCst), self.others.swap(0, Ordering::SeqCst))
    }

    /// Until so many wait for an answer, and for as long as it takes that others could have come as well.
    async fn are_inside(&self, expected: usize) {
        let all = async {
            while self.inside.load(Ordering::SeqCst) < expected {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), all).await.expect("they come");
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.inside.load(Ordering::SeqCst), expected);
    }
}

impl SessionStore for Counting {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        self.other().create(key, session).await
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        self.other().load(key).await
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        self.other().replace(key, seen, update).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        self.other().delete(keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        self.finds.fetch_add(1, Ordering::SeqCst);
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_inside.fetch_max(inside, Ordering::SeqCst);
        drop(self.closed.read().await);
        // Others come in between, as they do where an answer takes its time.
        tokio::task::yield_now().await;
        self.inside.fetch_sub(1, Ordering::SeqCst);
        self.sessions.find(query).await
    }

    fn in_process(&self) -> bool {
        true
    }
}

impl UsedStates for Counting {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        self.other().mark(state, until).await
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.other().forget(state).await
    }
}

/// An application that knows its peers, with one user in it.
async fn with_one_user() -> (Router, Arc<Counting>, http::HeaderValue) {
    let toml = format!(
        "application_id = {:?}\nclient_secret = 'x8Q~sound'\ntenant_id = {:?}\ntrusted_proxies = ['10.0.0.0/8']\n",
        seed::APP_ID,
        seed::CONTOSO
    );
    let store = Arc::new(Counting::default());
    let builder = EntraSso::builder(Settings::from_toml(&toml).unwrap()).sessions(store.clone());
    let sso = builder.build().unwrap();
    let cookie = TestUser::new("adele@contoso.example").cookie(&sso).await.unwrap();
    store.asked();
    (application(&sso), store, cookie)
}

async fn guess(router: &Router, number: usize, peer: &str, forwarded: Option<String>) {
    ask(router, &format!("00000000-0000-4000-8000-{number:012}"), peer, forwarded).await;
}

async fn ask(router: &Router, sid: &str, peer: &str, forwarded: Option<String>) {
    let path = format!("{DOOR}?sid={sid}");
    let peer: SocketAddr = peer.parse().unwrap();
    let mut request = Request::get(path).header("host", "localhost").extension(ConnectInfo(peer));
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200, "{sid}");
}

async fn who(router: &Router, cookie: &http::HeaderValue) -> http::StatusCode {
    let request = Request::get("/private").header("host", "localhost").header("cookie", cookie);
    let request = request.extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

/// What a peer may ask within a minute without waiting for others.
const AT_ONCE: usize = 600;
/// The places at the store of all who ask more.
const PLACES: usize = 4;

#[tokio::test]
async fn l3_ten_thousand_guesses_end_nothing_and_have_a_few_places_at_the_store() {
    let (router, store, cookie) = with_one_user().await;
    for number in 0..AT_ONCE {
        guess(&router, number, "192.0.2.1:4711", None).await;
    }
    assert_eq!(store.asked(), (AT_ONCE, 0));
    let all = (AT_ONCE..10_000).map(|number| guess(&router, number, "192.0.2.1:4711", None));
    futures_util::future::join_all(all).await;
    let most = store.most_inside.load(Ordering::SeqCst);
    println!("10,000 guesses of one peer, 9,400 of them at once: the store had {most} of them at a time");
    assert_eq!(most, PLACES, "at a time");
    assert_eq!(store.asked(), (10_000 - AT_ONCE, 0), "and nothing is ended");
    assert_eq!(who(&router, &cookie).await, 200);
}

/// A stranger, or a page of pictures in a colleague's browser, behind the address that everybody has.
#[tokio::test]
async fn l3_guesses_switch_nobodys_sign_out_off() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let sid = sid_of(&app, &browser).await;
    let router = application(&app.sso);
    let proxy = "127.0.0.1:4711";
    for number in 0..10 * AT_ONCE {
        guess(&router, number, proxy, None).await;
    }
    assert_eq!(app.who(&browser).await, "adele@contoso.example");
    ask(&router, &sid, proxy, None).await;
    assert_eq!(app.who(&browser).await, "nobody", "though no address of hers is known");
}

#[tokio::test]
async fn x1_behind_a_proxy_each_client_is_counted_for_himself() {
    let (router, store, _) = with_one_user().await;
    // What a client writes himself stands before what the proxy adds.
    let flood = async |number: usize| {
        guess(&router, number, "10.0.0.1:4711", Some(format!("203.0.113.{}, 198.51.100.7", number % 250))).await;
    };
    for number in 0..AT_ONCE {
        flood(number).await;
    }
    // One subscriber's network is one peer.
    let network = async |number: usize| guess(&router, number, &format!("[2001:db8:1:2::{number:x}]:4711"), None).await;
    for number in 0..AT_ONCE {
        network(number).await;
    }
    let closed = store.closed.write().await;
    let floods = futures_util::future::join_all((0..20).map(|number| async move {
        flood(AT_ONCE + number).await;
        network(AT_ONCE + number).await;
    }));
    let neighbour = guess(&router, 1, "10.0.0.1:4711", Some("198.51.100.8".to_owned()));
    let other = guess(&router, 2, "[2001:db8:1:3::1]:4711", None);
    let opened = async {
        store.are_inside(PLACES + 2).await;
        drop(closed);
    };
    futures_util::join!(floods, neighbour, other, opened);
    assert_eq!(store.asked(), (2 * AT_ONCE + 42, 0), "the neighbours wait for nobody, and all are heard");
}
