//! A new version comes: one replica after the other is replaced while users work.

use entra_emulator::Browser;

use crate::{
    cluster::{Cluster, SECRET_KEY, Stores, alone},
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

/// In three steps, as docs/operations.md says: all know the new key, then all seal with it, then nobody knows the old one.
#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_change_of_the_key_signs_nobody_out() {
    let _alone = alone().await;
    let new = "7Qm3vB0yXk5hT9wLs2Jc8RgNf4Zp6Dd1Ua0Ei7Ko9Mg=";
    let mut cluster = Cluster::start(&Stores::shared()).await;
    let mut browsers = vec![cluster.signed_in().await];
    for keys in [format!("{SECRET_KEY},{new}"), format!("{new},{SECRET_KEY}")] {
        cluster.set("MICROSOFT_SSO_SECRET_KEYS", &keys);
        for _ in 0..3 {
            cluster.replace_first().await;
            // Sealed by whichever key comes first where it began.
            browsers.push(cluster.signed_in().await);
            assert_eq!(signed_out(&cluster, &browsers).await, 0, "{}", cluster.logs());
        }
    }
    println!("figure: a new key in {} restarts: {} sessions, 0 lost at any replica", 6, browsers.len());
    cluster.set("MICROSOFT_SSO_SECRET_KEYS", new);
    for _ in 0..3 {
        cluster.replace_first().await;
    }
    let began_with_the_old_key = 4;
    assert_eq!(signed_out(&cluster, &browsers[..began_with_the_old_key]).await, 3 * began_with_the_old_key);
    assert_eq!(signed_out(&cluster, &browsers[6..]).await, 0);
}

/// How many answers of all replicas to all browsers are not right.
async fn signed_out(cluster: &Cluster, browsers: &[Browser]) -> usize {
    let mut signed_out = 0;
    for browser in browsers {
        for _ in &cluster.replicas {
            let page = browser.get_once(cluster.at("/private")).await.unwrap();
            signed_out += usize::from(Answer::of(&page) != Answer::Right);
        }
    }
    signed_out
}
