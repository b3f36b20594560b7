//! What lies between the replicas and their stores is slow, cut to pieces, broken, or dead and says nothing.

use std::time::Duration;

use entra_emulator::Browser;
use local_servers::{DurablePostgres, Line, Redis, TcpProxy};
use tokio::task::{JoinSet, block_in_place};

use crate::{
    cluster::{Cluster, Stores, alone},
    load::{Answer, Load, count},
    stopwatch::Stopwatch,
};

/// A page waits for a store so long at most: PostgreSQL 8 s, Redis 2 s, and some time for a busy machine.
const LONGEST: Duration = Duration::from_secs(12);

/// Two at each replica.
const REQUESTS: usize = 6;

/// What the line does to a connection.
type Fault = fn(&TcpProxy);
const FAULTS: [(&str, Fault); 3] =
    [("refuses", TcpProxy::refuse), ("resets", TcpProxy::reset), ("is half-open", TcpProxy::swallow)];

/// Stores behind a bad network.
struct Place {
    redis: TcpProxy,
    postgres: TcpProxy,
    stores: Stores,
    /// They end with this.
    _servers: (Redis, DurablePostgres),
}

impl Place {
    fn start() -> Self {
        let servers = block_in_place(|| (Redis::durable(), DurablePostgres::start()));
        let (redis, postgres) = &servers;
        let proxies = (TcpProxy::to(redis.address()), TcpProxy::to(format!("127.0.0.1:{}", postgres.port())));
        let (there, here) = (format!(":{}", postgres.port()), format!(":{}", proxies.1.port()));
        let database = postgres.database().replace(&there, &here);
        assert!(database.contains(&here), "{database}");
        let stores = Stores { database, redis: Some(redis.url_at(proxies.0.address())) };
        Self { redis: proxies.0, postgres: proxies.1, stores, _servers: servers }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_line_that_cuts_everything_to_pieces_costs_time_and_nothing_else() {
    let _alone = alone().await;
    let place = Place::start();
    let cluster = Cluster::start(&place.stores).await;
    let latency = Duration::from_millis(20);
    let bad = Line::default().latency_up(latency).latency_down(latency).slice(7);
    place.redis.forward_over(bad);
    place.postgres.forward_over(bad);
    let browser = cluster.signed_in().await;
    let load = Load::begin(&cluster.door.url(), &[browser.clone(), browser], 2);
    load.goes_on(Answer::Right, 20, 4).await;
    let tally = load.end().await;
    let (requests, logins) = (count(&tally.requests, Answer::Right), count(&tally.logins, Answer::Right));
    assert_eq!((tally.requests.len(), tally.logins.len()), (1, 1), "{tally}\n{}", cluster.logs());
    assert_eq!(tally.lost(&cluster.door.url()).await, 0);
    println!(
        "figure: 20 ms each way and pieces of 7 bytes before Redis and PostgreSQL: {requests} requests (slowest {:.0?}), {logins} logins, 0 failed, 0 lost",
        tally.slowest
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_or_falls_silent_is_503_in_bounded_time_and_loses_nobody() {
    let _alone = alone().await;
    let place = Place::start();
    let elsewhere = Stores { redis: None, ..place.stores.clone() };
    for (name, line, stores) in [("Redis", &place.redis, &place.stores), ("PostgreSQL", &place.postgres, &elsewhere)] {
        let cluster = Cluster::start(stores).await;
        let browser = cluster.signed_in().await;
        for (fault, begin) in FAULTS {
            begin(line);
            let slowest = all_are_told_so(&cluster, &browser).await;
            line.forward();
            let (taken, unavailable) = all_are_served(&cluster, &browser).await;
            println!(
                "figure: {name} {fault}: 503 after {slowest:.1?} at most; {taken:.1?} and {unavailable} times 503 until all serve again"
            );
            assert!(slowest < LONGEST, "{name} {fault}: {slowest:?}");
        }
    }
}

/// How long it takes until six requests at once have got their 503.
async fn all_are_told_so(cluster: &Cluster, browser: &Browser) -> Duration {
    let began = Stopwatch::start();
    let asking: JoinSet<_> = (0..REQUESTS)
        .map(|_| {
            let (browser, url) = (browser.clone(), cluster.at("/private"));
            async move { browser.get_once(url).await.unwrap() }
        })
        .collect();
    for page in asking.join_all().await {
        assert_eq!(Answer::of(&page), Answer::Unavailable, "{} {}", page.status, page.body);
    }
    began.elapsed()
}

/// How long it takes until so many requests were served, and how many got a 503 before.
async fn all_are_served(cluster: &Cluster, browser: &Browser) -> (Duration, usize) {
    let (began, mut unavailable, mut right) = (Stopwatch::start(), 0, 0);
    while right < REQUESTS {
        let page = browser.get_once(cluster.at("/private")).await.unwrap();
        match Answer::of(&page) {
            Answer::Right => right += 1,
            Answer::Unavailable if began.elapsed() < LONGEST => unavailable += 1,
            other => panic!("{other:?}: {}: {}", page.body, cluster.logs()),
        }
    }
    (began.elapsed(), unavailable)
}
