//! A request of a signed-in user, through the layer and `SignedIn`, against the same handler without them: 64 keep-alive
//! connections over loopback. The figure is the CPU time of the process, which serves and asks.

use std::{hint::black_box, time::Duration};

use axum::{Router, routing::get};
use criterion::{Criterion, Throughput};
use entra_benches::{cpu, ratio};
use entra_sso::{EntraSso, Settings, SignedIn, testing::TestUser};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

const CONNECTIONS: usize = 64;
const REQUESTS: u64 = 100;

fn main() {
    let mut criterion = ratio::criterion(Duration::from_secs(20)).sample_size(40);
    signed_in_request(&mut criterion);
    criterion.final_summary();
    if !std::env::args().any(|argument| argument == "--test") {
        ratio::assert_at_most("signed_in_request", "signed_in", "bare", 1.1);
    }
}

fn signed_in_request(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let sso = offline();
    let requests: Vec<String> = (0..CONNECTIONS).map(|user| runtime.block_on(request_of(&sso, user))).collect();
    let bare = Router::new().route("/", get(async || format!("OK user={}", black_box("somebody@contoso.example"))));
    let signed_in =
        Router::new().route("/", get(async |user: SignedIn| format!("OK user={}", user.username()))).layer(sso.layer());

    let mut group = criterion.benchmark_group("signed_in_request");
    group.throughput(Throughput::Elements(CONNECTIONS as u64 * REQUESTS));
    for (name, router) in [("bare", bare), ("signed_in", signed_in)] {
        let mut connections = runtime.block_on(connections(router));
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|rounds| runtime.block_on(load(&mut connections, &requests, rounds * REQUESTS)));
        });
    }
    group.finish();
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

async fn connections(router: Router) -> Vec<TcpStream> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        let connection = TcpStream::connect(address).await.expect("connected");
        connection.set_nodelay(true).expect("no delay");
        connections.push(connection);
    }
    connections
}

/// Every connection sends `requests` requests, one after another; gives the CPU time that it took.
async fn load(connections: &mut Vec<TcpStream>, texts: &[String], requests: u64) -> Duration {
    let before = cpu::of(std::process::id());
    let tasks: Vec<_> = connections
        .drain(..)
        .zip(texts)
        .map(|(connection, text)| tokio::spawn(one_connection(connection, text.clone(), requests)))
        .collect();
    for task in tasks {
        connections.push(task.await.expect("no panic"));
    }
    cpu::of(std::process::id()).saturating_sub(before)
}

async fn one_connection(mut connection: TcpStream, request: String, requests: u64) -> TcpStream {
    let mut answer = vec![0; 4096];
    for _ in 0..requests {
        connection.write_all(request.as_bytes()).await.expect("sent");
        let mut length = 0;
        while !answer[..length].ends_with(b"@contoso.example") {
            let read = connection.read(&mut answer[length..]).await.expect("received");
            assert!(read > 0 && length + read < answer.len(), "{}", String::from_utf8_lossy(&answer[..length]));
            length += read;
        }
    }
    connection
}
