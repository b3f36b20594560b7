//! SIGTERM.

use std::{net::SocketAddr, time::Duration};

use entra_emulator::{Endpoint, Fault};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::{
    cluster::{Cluster, Stores},
    stopwatch::Stopwatch,
};

const LONG: Duration = Duration::from_secs(30);

/// Microsoft holds a request of the application's: that is a slow page.
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_finishes_the_requests_under_way_and_lets_nobody_in() {
    let mut cluster = Cluster::with(&Stores::shared(), 1, &[]).await;
    let browser = cluster.signed_in().await;
    let address = cluster.replicas[0].1;
    let mut idle = idle_connection(address).await;
    cluster.emulator.faults().once(Fault::Hang(Endpoint::Me));
    let url = cluster.at("/profile");
    let slow = tokio::spawn(async move { browser.get_once(url).await });
    cluster.emulator.faults().wait_until_held(1).await;
    let (replica, _) = &mut cluster.replicas[0];
    replica.terminate();
    replica.log.wait_for("stopping").await;
    refuses(address).await;
    let mut rest = Vec::new();
    timeout(LONG, idle.read_to_end(&mut rest)).await.expect("an idle connection is closed").unwrap();
    assert!(!slow.is_finished(), "the page is still under way");
    let began = Stopwatch::start();
    cluster.emulator.faults().release();
    let page = slow.await.unwrap().unwrap();
    assert_eq!((page.status, &*page.body), (200, "Adele Vance\n"), "the whole answer");
    let ended = replica.ended().await;
    assert!(ended.success(), "{ended}: {}", replica.log.text());
    println!(
        "figure: SIGTERM: the page under way came whole; the process ended with 0, {:.0?} after it",
        began.elapsed()
    );
}

/// A balancer asks now and then, and sends requests until it knows.
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_is_told_to_the_balancer_before_anybody_is_refused() {
    let cluster = Cluster::with(&Stores::shared(), 1, &[("DRAIN_SECONDS", "3600")]).await;
    let browser = cluster.signed_in().await;
    let ask = |path: &'static str| browser.get_once(cluster.at(path));
    assert_eq!(ask("/health/ready").await.unwrap().status, 200);
    cluster.replicas[0].0.terminate();
    cluster.replicas[0].0.log.wait_for("not ready any more").await;
    for (path, status) in [("/health/ready", 503), ("/health/live", 200), ("/private", 200)] {
        let page = ask(path).await.unwrap();
        assert_eq!(page.status, status, "{path}: {}", page.body);
    }
    // Who comes on a connection of his own is let in, too.
    idle_connection(cluster.replicas[0].1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_the_process_although_a_request_never_ends() {
    let steps = [("DRAIN_SECONDS", "1"), ("GRACE_SECONDS", "1")];
    let mut cluster = Cluster::with(&Stores::shared(), 1, &steps).await;
    let browser = cluster.signed_in().await;
    cluster.emulator.faults().once(Fault::Hang(Endpoint::Me));
    let url = cluster.at("/profile");
    let slow = tokio::spawn(async move { browser.get_once(url).await });
    cluster.emulator.faults().wait_until_held(1).await;
    let (replica, _) = &mut cluster.replicas[0];
    let began = Stopwatch::start();
    replica.terminate();
    let ended = replica.ended().await;
    let taken = began.elapsed();
    assert!(ended.success(), "{ended}: {}", replica.log.text());
    replica.log.wait_for("were cut off").await;
    println!(
        "figure: SIGTERM, 1 s to drain, 1 s of grace, a request that never ends: the process ended after {taken:.1?}"
    );
    assert!(taken > Duration::from_secs(2) && taken < Duration::from_secs(20), "{taken:?}");
    assert_eq!(slow.await.unwrap().unwrap().status, 502, "cut off");
}

/// Nobody waits for a refresh, and its token is good for one use: what it brings must be stored before the process ends.
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_waits_for_a_refresh_that_no_request_waits_for() {
    let mut cluster = Cluster::with(&Stores::shared(), 2, &[]).await;
    let browser = cluster.with_a_token_that_is_over().await;
    cluster.emulator.faults().once(Fault::Hang(Endpoint::Token));
    cluster.only(0);
    let page = browser.get_once(cluster.at("/private")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    cluster.emulator.faults().wait_until_held(1).await;
    cluster.only(1);
    let (replica, _) = &mut cluster.replicas[0];
    replica.terminate();
    replica.log.wait_for("stopping").await;
    cluster.emulator.faults().release();
    assert!(replica.ended().await.success());
    let page = browser.get_once(cluster.at("/profile")).await.unwrap();
    assert_eq!((page.status, &*page.body), (200, "Adele Vance\n"), "{}", cluster.logs());
    assert_eq!(cluster.refreshes(), 1, "what the first one got, the second one uses");
}

/// A browser that keeps its connection open.
async fn idle_connection(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let (mut answer, end) = (Vec::new(), b"alive\n");
    while !answer.ends_with(end) {
        let mut bytes = [0; 1024];
        let read = stream.read(&mut bytes).await.unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&bytes[..read]);
    }
    stream
}

/// Nobody is let in, from the moment at which the process says that it stops, or one after it.
async fn refuses(address: SocketAddr) {
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONG, refused).await.expect("new connections are refused");
}
