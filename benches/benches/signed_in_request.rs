//! A request of a signed-in user, through the layer and `SignedIn`, against the same handler without them: 64 keep-alive
//! connections over loopback. The figures are the CPU time of the process, which serves and asks, and how much it gets done.

use std::time::Duration;

use axum::Router;
use entra_benches::{connections::Connections, median::median, page};
use entra_sso::{EntraSso, Settings};
use tokio::net::TcpListener;

const TURN: Duration = Duration::from_millis(200);
const ROUNDS: usize = 41;
/// CPU time of a request, by the bare handler's.
const MOST: f64 = 1.1;
/// Requests in a second, by the bare handler's.
const LEAST: f64 = 0.9;

/// Both in turn, round by round, so that a change of the machine's mood meets both; then the medians.
#[tokio::main]
async fn main() {
    let rounds = if std::env::args().any(|argument| argument == "--test") { 1 } else { ROUNDS };
    let sso = offline();
    let requests = page::requests(&sso).await;
    let (bare, signed_in) = (page::bare(), page::signed_in().layer(sso.layer()));
    let (mut to_bare, mut to_signed_in) = (connections(bare, &requests).await, connections(signed_in, &requests).await);
    let mut turns = Vec::new();
    for _ in 0..rounds {
        turns.push((to_bare.turn(TURN).await, to_signed_in.turn(TURN).await));
    }
    let (bare, signed_in) =
        (median(turns.iter().map(|turn| turn.0.micros)), median(turns.iter().map(|turn| turn.1.micros)));
    let cpu = signed_in / bare;
    let rate = median(turns.iter().map(|(bare, signed_in)| signed_in.rate / bare.rate));
    println!("signed_in_request: {signed_in:.1} µs / {bare:.1} µs of CPU a request = {cpu:.3} (at most {MOST})");
    println!("signed_in_request: {rate:.3} of the bare handler's requests a second (at least {LEAST})");
    assert!(rounds == 1 || (cpu <= MOST && rate >= LEAST), "{cpu:.3} is above {MOST}, or {rate:.3} below {LEAST}");
}

fn offline() -> EntraSso {
    let settings = Settings::from_vars([
        ("MICROSOFT_SSO_APPLICATION_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a"),
        ("MICROSOFT_SSO_CLIENT_SECRET", "no Microsoft is asked here"),
        ("MICROSOFT_SSO_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f"),
    ]);
    EntraSso::builder(settings.expect("settings")).build().expect("sound settings")
}

async fn connections(router: Router, requests: &[String]) -> Connections {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    Connections::open(&address.to_string(), requests.iter().cloned()).await
}
