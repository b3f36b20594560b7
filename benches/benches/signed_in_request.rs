//! A request of a signed-in user, through the layer and `SignedIn`, against the same handler without them: 64 keep-alive
//! connections over loopback. The figure is the CPU time of the process, which serves and asks.

use std::{hint::black_box, time::Duration};

use axum::{Router, routing::get};
use entra_benches::{connections::Connections, cpu};
use entra_sso::{EntraSso, Settings, SignedIn, testing::TestUser};
use tokio::net::TcpListener;

const CONNECTIONS: usize = 64;
const REQUESTS: u32 = 200;
const ROUNDS: usize = 41;
const MOST: f64 = 1.1;

/// Both in turn, round by round, so that a change of the machine's mood meets both; then the medians.
#[tokio::main]
async fn main() {
    let rounds = if std::env::args().any(|argument| argument == "--test") { 1 } else { ROUNDS };
    let sso = offline();
    let mut requests = Vec::new();
    for user in 0..CONNECTIONS {
        requests.push(request_of(&sso, user).await);
    }
    let bare = Router::new().route("/", get(async || format!("OK user={}", black_box("somebody@contoso.example"))));
    let signed_in =
        Router::new().route("/", get(async |user: SignedIn| format!("OK user={}", user.username()))).layer(sso.layer());
    let (mut to_bare, mut to_signed_in) = (connections(bare, &requests).await, connections(signed_in, &requests).await);
    let (mut bare, mut signed_in) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        bare.push(load(&mut to_bare).await);
        signed_in.push(load(&mut to_signed_in).await);
    }
    let (bare, signed_in) = (median(bare), median(signed_in));
    let ratio = signed_in.as_secs_f64() / bare.as_secs_f64();
    println!("signed_in_request: {signed_in:?} / {bare:?} CPU a request = {ratio:.3} (at most {MOST})");
    assert!(rounds == 1 || ratio <= MOST, "{ratio:.3} is above {MOST}");
}

/// The middle one, for one request.
fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort_unstable();
    rounds[rounds.len() / 2] / (u32::try_from(CONNECTIONS).expect("few") * REQUESTS)
}

/// Each connection is another user's.
async fn request_of(sso: &EntraSso, user: usize) -> String {
    let cookie = TestUser::new(&format!("user{user:04}@contoso.example")).cookie(sso).await.expect("a session");
    format!("GET / HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\n\r\n", cookie.to_str().expect("ASCII"))
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

/// The CPU time that it takes when every connection asks, one request after another.
async fn load(connections: &mut Connections) -> Duration {
    let before = cpu::of(std::process::id());
    connections.ask(REQUESTS).await;
    cpu::of(std::process::id()).saturating_sub(before)
}
