//! A new version comes: one replica after the other is replaced while users work.

use crate::{
    cluster::{Cluster, Stores, alone},
    load::{Answer, Load, count},
    stopwatch::Stopwatch,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_costs_no_login_no_session_and_no_request() {
    let _alone = alone().await;
    let mut cluster = Cluster::with(&Stores::shared(), 3, &[("DRAIN_SECONDS", "2")]).await;
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(cluster.signed_in().await);
    }
    let load = Load::begin(&cluster.door.url(), &browsers, 2);
    load.goes_on(Answer::Right, 20, 2).await;
    let began = Stopwatch::start();
    for _ in 0..3 {
        cluster.replace_first().await;
        load.goes_on(Answer::Right, 20, 2).await;
    }
    let taken = began.elapsed();
    let tally = load.end().await;
    let (requests, logins) = (count(&tally.requests, Answer::Right), count(&tally.logins, Answer::Right));
    println!(
        "figure: rolling restart of 3 replicas in {taken:.1?}: {requests} requests (slowest {:.0?}), {logins} logins, {} sessions",
        tally.slowest,
        tally.sessions()
    );
    assert_eq!(
        (tally.requests.len(), tally.logins.len()),
        (1, 1),
        "every answer was right: {tally}\n{}",
        cluster.logs()
    );
    assert_eq!(tally.lost(&cluster.door.url()).await, 0, "sessions are lost");
    println!("figure: rolling restart: 0 failed requests, 0 failed logins, 0 lost sessions");
}
