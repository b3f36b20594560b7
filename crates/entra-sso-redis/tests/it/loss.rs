//! A Redis that goes, comes back, or falls silent.

use std::{
    fmt,
    time::{Duration, Instant},
};

use entra_sso::{
    oidc::Clock,
    session::{Mark, Replaced, SessionBody, SessionQuery, SessionStore as _, SessionUpdate, UsedStates as _},
    users::UserId,
};
use entra_sso_redis::{RedisOptions, RedisStore};
use local_servers::{Redis, TcpProxy};
use tokio::task::JoinSet;

use crate::{
    made::{key, session},
    raw::Raw,
};

struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "what is measured is how long a call takes")]
    fn start() -> Self {
        Self(Instant::now())
    }

    /// Says how long it took, which is the figure of the test.
    fn stop(&self, what: impl fmt::Display, bound: Duration) {
        let taken = self.0.elapsed();
        println!("{what}: {} ms (at most {})", taken.as_millis(), bound.as_millis());
        assert!(taken < bound, "{what}: {taken:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_redis_is_an_error_and_the_first_call_after_its_return_gets_through() {
    let server = Redis::durable();
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let (user, now) = (UserId::new("adele"), Clock::system().now());
    let made = session(&user, now, 600);
    let mut keys = Vec::new();
    for _ in 0..20 {
        keys.push(key());
        store.create(keys[keys.len() - 1], made.clone()).await.expect("created");
    }
    for round in 0..3_u8 {
        server.kill();
        let watch = Stopwatch::start();
        assert!(store.load(&keys[0]).await.is_err(), "an error, not \"not found\"");
        watch.stop("a call while it is away", Duration::from_secs(1));
        server.restart();
        let watch = Stopwatch::start();
        assert_eq!(store.mark([round; 32], made.idle_deadline).await.expect("marked"), Mark::First);
        watch.stop("the first call after its return", Duration::from_secs(1));
        for key in &keys {
            assert!(store.load(key).await.expect("loaded").is_some(), "a session is lost");
        }
    }
    // It is back before anybody asks: whoever has the dead connection in hand is not told of it.
    server.kill();
    server.restart();
    assert_eq!(store.find(SessionQuery::OfUser(user)).await.expect("found").len(), keys.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_silent_redis_is_an_error_within_two_seconds_for_a_crowd() {
    let server = Redis::start(local_servers::RedisOptions::default());
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let (key, now) = (key(), Clock::system().now());
    store.create(key, session(&UserId::new("adele"), now, 600)).await.expect("created");
    server.freeze();
    for what in ["100 callers over a connection that fell silent", "100 callers over none"] {
        let (mut crowd, watch) = (JoinSet::new(), Stopwatch::start());
        for _ in 0..100 {
            let store = store.clone();
            crowd.spawn(async move { store.load(&key).await.is_err() });
        }
        assert!(crowd.join_all().await.into_iter().all(|is_error| is_error), "{what}");
        watch.stop(what, Duration::from_millis(2_500));
    }
    server.thaw();
    let watch = Stopwatch::start();
    assert!(store.load(&key).await.expect("loaded").is_some());
    watch.stop("the first call after it went on", Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_half_open_line_is_an_error_in_time_and_its_connections_are_used_no_more() {
    let server = Redis::start(local_servers::RedisOptions::default());
    let proxy = TcpProxy::to(server.address());
    let options = RedisOptions::new().patience(Duration::from_millis(500));
    let store = options.open(&server.url_at(proxy.address())).await.expect("opened");
    let (key, now) = (key(), Clock::system().now());
    store.create(key, session(&UserId::new("adele"), now, 600)).await.expect("created");
    // What is open stays silent for life, and so is what is new, until the line is good again.
    proxy.swallow();
    let watch = Stopwatch::start();
    assert!(store.load(&key).await.is_err(), "an error, not \"not found\"");
    watch.stop("a call over a half-open line, with half a second's patience", Duration::from_millis(1_300));
    proxy.forward();
    let watch = Stopwatch::start();
    assert!(store.load(&key).await.expect("loaded").is_some());
    watch.stop("the first call over the good line", Duration::from_millis(500));
    assert!(proxy.connections() > 2, "the silent connections are used no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_makes_one_connection_and_no_storm() {
    let server = Redis::start(local_servers::RedisOptions::default());
    let proxy = TcpProxy::to(server.address());
    let store = RedisStore::open(&server.url_at(proxy.address())).await.expect("opened");
    let key = key();
    store.load(&key).await.expect("loaded");
    proxy.reset_open();
    let mut crowd = JoinSet::new();
    for _ in 0..500 {
        let store = store.clone();
        crowd.spawn(async move { store.load(&key).await.is_ok() });
    }
    assert!(crowd.join_all().await.into_iter().all(|is_ok| is_ok), "a call failed by a dead connection");
    println!("500 callers after a reset: {} connections in all", proxy.connections());
    assert!(proxy.connections() <= 3, "{}", proxy.connections());

    proxy.reset();
    let before = proxy.connections();
    let mut crowd = JoinSet::new();
    for _ in 0..500 {
        let store = store.clone();
        crowd.spawn(async move { store.load(&key).await.is_err() });
    }
    assert!(crowd.join_all().await.into_iter().all(|is_error| is_error));
    let attempts = proxy.connections() - before;
    println!("500 callers of a broken server: {attempts} attempts");
    assert!(attempts < 100, "{attempts}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s4_a_call_whose_answer_is_lost_is_repeated_and_counts_once() {
    let server = Redis::start(local_servers::RedisOptions::default());
    let proxy = TcpProxy::to(server.address());
    let store = RedisStore::open(&server.url_at(proxy.address())).await.expect("opened");
    let mut raw = Raw::at(&server.url()).await;
    let (user, now) = (UserId::new("adele"), Clock::system().now());
    let made = session(&user, now, 600);
    let body = |text: &'static str| SessionUpdate::Body(SessionBody::Sealed(text.into()));
    // So that the scripts are known, and a call is one command.
    let known = key();
    store.create(known, made.clone()).await.expect("created");
    assert_eq!(store.replace(&known, 0, body("b")).await.expect("replaced"), Replaced::Yes);
    let _: Mark = store.mark([0; 32], made.idle_deadline).await.expect("marked");

    for round in 1..=20_u8 {
        let fresh = key();
        // Redis carries everything out and answers nothing, until the connection is reset.
        let silent = async |raw: &mut Raw, proxy: &TcpProxy| {
            while raw.ask::<u64>(&[b"EXISTS", &[b"{entra-sso}:m:", &[round; 32][..]].concat()]).await == 0 {}
            proxy.reset_open();
        };
        let (marked, ()) = tokio::join!(store.mark([round; 32], made.idle_deadline), silent(&mut raw, &proxy));
        assert_eq!(marked.expect("marked"), Mark::First, "round {round}: the first call's own mark");
        assert_eq!(store.mark([round; 32], made.idle_deadline).await.expect("marked"), Mark::Again);

        let ((), created) = tokio::join!(async { proxy.reset_open() }, store.create(fresh, made.clone()));
        created.expect("created, the first time or the second");
        let ((), replaced) = tokio::join!(async { proxy.reset_open() }, store.replace(&fresh, 0, body("c")));
        assert_eq!(replaced.expect("replaced"), Replaced::Yes, "round {round}");
        assert_eq!(store.load(&fresh).await.expect("loaded").expect("there").version, 1);
        assert!(store.create(fresh, made.clone()).await.is_err(), "a second session under one key");
    }
}

#[tokio::test]
async fn a_redis_that_was_emptied_has_no_sessions_and_takes_new_ones() {
    let server = Redis::start(local_servers::RedisOptions::default());
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let (user, now) = (UserId::new("adele"), Clock::system().now());
    let [old, new] = [key(), key()];
    store.create(old, session(&user, now, 60)).await.expect("created");
    let () = Raw::at(&server.url()).await.ask(&[b"FLUSHALL"]).await;
    assert!(store.load(&old).await.expect("loaded").is_none());
    assert_eq!(store.replace(&old, 0, SessionUpdate::Recheck).await.expect("replaced"), Replaced::Gone);
    assert!(store.find(SessionQuery::OfUser(user.clone())).await.expect("found").is_empty());
    store.create(new, session(&user, now, 60)).await.expect("created");
    assert_eq!(store.find(SessionQuery::OfUser(user)).await.expect("found"), [new]);
}
