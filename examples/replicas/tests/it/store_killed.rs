//! A store is killed (SIGKILL) and started again, while users work.

use std::time::Duration;

use entra_emulator::{Browser, seed};
use local_servers::{DurablePostgres, Postgres, Redis};
use tokio::{
    task::{JoinSet, block_in_place},
    time::timeout,
};

use crate::{
    cluster::{Cluster, Stores, alone},
    load::{Answer, Load, count},
    stopwatch::Stopwatch,
};

const ROUNDS: usize = 3;

/// A server that is killed.
struct Server<'a> {
    name: &'a str,
    kill: &'a dyn Fn(),
    restart: &'a dyn Fn(),
    /// Whether a session needs it; a sign-in needs it in any case.
    has_sessions: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_under_load_loses_no_session() {
    let _alone = alone().await;
    let redis = block_in_place(Redis::durable);
    let stores = Stores { database: Postgres::shared().database(), redis: Some(redis.url()) };
    let server = Server { name: "Redis", kill: &|| redis.kill(), restart: &|| redis.restart(), has_sessions: true };
    kill_under_load(&stores, &server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_killed_under_load_loses_no_session_of_redis() {
    let _alone = alone().await;
    let postgres = block_in_place(DurablePostgres::start);
    let stores = Stores { database: postgres.database(), ..Stores::shared() };
    let (kill, restart) = (|| postgres.kill(), || postgres.restart());
    let server = Server { name: "PostgreSQL (users)", kill: &kill, restart: &restart, has_sessions: false };
    kill_under_load(&stores, &server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_killed_under_load_loses_none_of_its_own_sessions() {
    let _alone = alone().await;
    let postgres = block_in_place(DurablePostgres::start);
    let stores = Stores { database: postgres.database(), redis: None };
    let (kill, restart) = (|| postgres.kill(), || postgres.restart());
    let server = Server { name: "PostgreSQL (users, sessions)", kill: &kill, restart: &restart, has_sessions: true };
    kill_under_load(&stores, &server).await;
}

async fn kill_under_load(stores: &Stores, server: &Server<'_>) {
    let name = server.name;
    // Now and then a session's user is read again, for which PostgreSQL has to be there. Not here: users go on working.
    let cluster = Cluster::with(stores, 3, &[("MICROSOFT_SSO_USER_CHECK_INTERVAL", "3600")]).await;
    let (mut busy, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        busy.push(cluster.signed_in().await);
        idle.push(cluster.signed_in().await);
    }
    let load = Load::begin(&cluster.door.url(), &busy, 2);
    load.goes_on(Answer::Right, 30, 2).await;
    let mut recoveries = Vec::new();
    for round in 1..=ROUNDS {
        block_in_place(server.kill);
        if server.has_sessions {
            load.goes_on(Answer::Unavailable, 3, 1).await;
        } else {
            load.goes_on(Answer::Unavailable, 0, 1).await;
            load.goes_on(Answer::Right, 10, 0).await;
        }
        if round == 1 {
            away(&cluster, server, &busy[0]).await;
        }
        block_in_place(server.restart);
        let taken = recovery(&cluster, &idle[round % idle.len()], server).await;
        println!("figure: {name} killed, round {round}: all replicas serve {taken:.0?} after it accepts again");
        recoveries.push(taken);
        load.goes_on(Answer::Right, 30, 2).await;
    }
    let tally = load.end().await;
    let wrong =
        [Answer::SignedOut, Answer::Wrong].map(|answer| count(&tally.requests, answer) + count(&tally.logins, answer));
    let right = count(&tally.requests, Answer::Right);
    println!(
        "figure: {name} killed {ROUNDS} times: {right} right and {} unavailable requests (slowest {:.1?}), {} right and {} unavailable logins",
        count(&tally.requests, Answer::Unavailable),
        tally.slowest,
        count(&tally.logins, Answer::Right),
        count(&tally.logins, Answer::Unavailable),
    );
    assert_eq!(wrong, [0, 0], "{tally}\n{}", cluster.logs());
    assert!(server.has_sessions || tally.requests.len() == 1, "sessions are elsewhere: {tally}");
    let lost = tally.lost(&cluster.door.url()).await;
    println!("figure: {name} killed {ROUNDS} times: {lost} of {} sessions lost, 0 signed out", tally.sessions());
    assert_eq!(lost, 0);
    // The one in the middle: a machine that has other things to do may be late once.
    recoveries.sort_unstable();
    let recovery = recoveries[ROUNDS / 2];
    println!("figure: {name} killed {ROUNDS} times: recovery {recovery:.0?} (median)");
    assert!(recovery < Duration::from_secs(1), "{name}: recovery took {recoveries:?}");
}

/// While it is away: pages say so, cookies are kept, and no replica is taken out.
async fn away(cluster: &Cluster, server: &Server<'_>, signed_in: &Browser) {
    let stranger = Browser::new();
    let (private, login, stores) = tokio::join!(
        signed_in.get_once(cluster.at("/private")),
        stranger.start_at(cluster.at("/microsoft_sso/login/")).signing_in_as(seed::ADELE),
        stranger.get_once(cluster.at("/health/stores")),
    );
    let (private, login, stores) = (private.unwrap(), login.unwrap(), stores.unwrap());
    let expected = if server.has_sessions { Answer::Unavailable } else { Answer::Right };
    assert_eq!(Answer::of(&private), expected, "{} {}", private.status, private.body);
    let cookies: Vec<_> = private.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.is_empty(), "the browser keeps what it has: {cookies:?}");
    assert!(login.status == 503 && login.body.contains("<!doctype html>"), "{} {}", login.status, login.body);
    assert_eq!(stores.status, 503, "{}", stores.body);
    for path in ["/health/ready", "/health/live"] {
        assert_eq!(stranger.get_once(cluster.at(path)).await.unwrap().status, 200, "{path}");
    }
}

/// How long it takes from now until each replica has answered a request that needs the store. Till then they say 503, and nobody
/// is sent to sign in; the browser did nothing while the store was away.
async fn recovery(cluster: &Cluster, idle: &Browser, server: &Server<'_>) -> Duration {
    let began = Stopwatch::start();
    let path = if server.has_sessions { "/private" } else { "/health/stores" };
    let serving = cluster.replicas.iter().map(|(_, address)| {
        let (browser, url) = (idle.clone(), format!("http://localhost:{}{path}", address.port()));
        async move {
            loop {
                let page = browser.get_once(&url).await.unwrap();
                match page.status {
                    200 => return,
                    503 if page.headers.get("set-cookie").is_none() => {}
                    other => panic!("{other}: {}", page.body),
                }
            }
        }
    });
    let serving: JoinSet<()> = serving.collect();
    let in_time = timeout(Duration::from_mins(1), serving.join_all()).await;
    assert!(in_time.is_ok(), "{} is back, and nobody serves: {}", server.name, cluster.logs());
    began.elapsed()
}
