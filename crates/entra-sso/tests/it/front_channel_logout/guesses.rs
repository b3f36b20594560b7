//! L3, X1: who guesses session ids ends nothing, and costs little.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
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
use tower::ServiceExt as _;

use super::DOOR;
use crate::app::application;

/// Memory sessions that count how often they are asked.
#[derive(Default)]
struct Counting {
    sessions: MemorySessions,
    finds: AtomicUsize,
    others: AtomicUsize,
}

impl Counting {
    fn other(&self) -> &MemorySessions {
        self.others.fetch_add(1, Ordering::SeqCst);
        &self.sessions
    }

    fn asked(&self) -> (usize, usize) {
        (self.finds.swap(0, Ordering::SeqCst), self.others.swap(0, Ordering::SeqCst))
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
    let path = format!("{DOOR}?sid=00000000-0000-4000-8000-{number:012}");
    let peer: SocketAddr = peer.parse().unwrap();
    let mut request = Request::get(path).header("host", "localhost").extension(ConnectInfo(peer));
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200, "{number}");
}

async fn who(router: &Router, cookie: &http::HeaderValue) -> http::StatusCode {
    let request = Request::get("/private").header("host", "localhost").header("cookie", cookie);
    let request = request.extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

#[tokio::test]
async fn l3_ten_thousand_guesses_end_nothing_and_ask_the_store_a_few_times() {
    let (router, store, cookie) = with_one_user().await;
    for number in 0..10_000 {
        guess(&router, number, "192.0.2.1:4711", None).await;
    }
    let (finds, others) = store.asked();
    println!("10,000 guesses of one peer: the store was asked {finds} times");
    assert_eq!((finds, others), (600, 0), "what a peer may ask within a minute, and nothing is ended");
    guess(&router, 1, "192.0.2.2:4711", None).await;
    assert_eq!(store.asked(), (1, 0), "another peer is heard");
    assert_eq!(who(&router, &cookie).await, 200);
}

#[tokio::test]
async fn x1_behind_a_proxy_each_client_is_counted_for_himself() {
    let (router, store, _) = with_one_user().await;
    // What a client writes himself stands before what the proxy adds.
    for number in 0..700 {
        guess(&router, number, "10.0.0.1:4711", Some(format!("203.0.113.{}, 198.51.100.7", number % 250))).await;
    }
    assert_eq!(store.asked(), (600, 0));
    guess(&router, 1, "10.0.0.1:4711", Some("198.51.100.8".to_owned())).await;
    assert_eq!(store.asked(), (1, 0), "his neighbour is heard");
    for number in 0..700 {
        guess(&router, number, &format!("[2001:db8:1:2::{number:x}]:4711"), None).await;
    }
    assert_eq!(store.asked(), (600, 0), "one subscriber's network is one peer");
}
