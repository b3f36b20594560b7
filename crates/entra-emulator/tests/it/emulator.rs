//! Starting, stopping, listening, and whom it answers.

use entra_emulator::{Directory, Emulator, EmulatorClock, EmulatorError, Endpoint, Fault, seed};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::flow::{client, get_json, start};

/// Sends raw bytes and returns the first line of the answer.
async fn raw(emulator: &Emulator, request: &str) -> String {
    let address = format!("127.0.0.1:{}", emulator.url().port().expect("a port"));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn x11_foreign_hosts_are_misdirected() {
    let emulator = start().await;
    let port = emulator.url().port().expect("a port");
    let own = format!("127.0.0.1:{port}");
    let rows = [
        (own.clone(), "200"),
        (format!("localhost:{port}"), "200"),
        (format!("LOCALHOST:{port}"), "200"),
        (format!("[::1]:{port}"), "200"),
        ("evil.test".to_owned(), "421"),
        (format!("evil.test:{port}"), "421"),
        ("127.0.0.1".to_owned(), "421"),
        (format!("127.0.0.1:{}", port ^ 1), "421"),
        (format!("{own}.evil.test"), "421"),
        (format!("localhost.:{port}"), "421"),
        (String::new(), "421"),
    ];
    for (host, status) in rows {
        let request = format!("GET /common/discovery/v2.0/keys HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(raw(&emulator, &request).await.split(' ').nth(1), Some(status), "X11: Host: {host}");
    }
    let missing = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
    assert_ne!(raw(&emulator, missing).await.split(' ').nth(1), Some("200"), "no Host");
    let two = format!("GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.test\r\nConnection: close\r\n\r\n");
    assert_ne!(raw(&emulator, &two).await.split(' ').nth(1), Some("200"), "two Hosts");
    let absolute = format!("GET http://evil.test/ HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n");
    assert_eq!(raw(&emulator, &absolute).await.split(' ').nth(1), Some("421"), "an absolute target");
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let refused = Emulator::builder().listen(address).start().await;
        assert!(matches!(refused, Err(EmulatorError::NotLoopback { address: said }) if said == address), "{address}");
    }
    for address in ["nonsense", "127.0.0.1", "127.0.0.1:x", "nowhere.invalid:80"] {
        let refused = Emulator::builder().listen(address).start().await;
        assert!(matches!(refused, Err(EmulatorError::Address { .. })), "{address}: {refused:?}");
    }
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let first = start().await;
    let address = format!("127.0.0.1:{}", first.url().port().expect("a port"));
    let error = Emulator::builder().listen(address.as_str()).start().await.expect_err("taken");
    assert!(error.to_string().starts_with(&format!("cannot listen on {address}: ")), "{error}");
    let socket: std::net::SocketAddr = address.parse().expect("an address");
    assert!(Emulator::builder().listen(socket).start().await.is_err());
}

#[tokio::test]
async fn stopping_closes_the_port_and_releases_what_hangs() {
    let emulator = start().await;
    let url = emulator.url();
    emulator.faults().once(Fault::Hang(Endpoint::Keys));
    let keys = format!("{url}common/discovery/v2.0/keys");
    let hanging = tokio::spawn(async move { get_json(keys).await.0 });
    emulator.faults().wait_until_held(1).await;
    assert_eq!(emulator.faults().held(), 1);
    emulator.stop().await;
    assert_eq!(hanging.await.expect("no panic"), 200);
    assert!(client().get(url).send().await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn dropping_stops_it_too() {
    let emulator = start().await;
    let url = emulator.url();
    drop(emulator);
    let mut tries = 0;
    while client().get(url.clone()).send().await.is_ok() {
        tries += 1;
        assert!(tries < 1000, "still listening");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_environment_points_at_it() {
    let emulator = start().await;
    let url = emulator.url();
    let expected = [
        ("AZURE_TENANT_ID", seed::CONTOSO.to_owned()),
        ("AZURE_CLIENT_ID", seed::APP_ID.to_owned()),
        ("AZURE_CLIENT_SECRET", seed::APP_SECRET.to_owned()),
        ("AZURE_AUTHORITY_HOST", url.to_string()),
        ("MICROSOFT_SSO_GRAPH_URL", format!("{url}graph")),
    ];
    assert_eq!(emulator.env(), expected);
    let other = emulator.env_for("common", "11111111-2222-4333-8444-555555555555");
    assert_eq!(other.iter().map(|(name, _)| *name).collect::<Vec<_>>().len(), 4, "no secret for an unknown client");
}

#[tokio::test]
async fn date_is_the_emulators() {
    let emulator = start().await;
    let date = |response: reqwest::Response| response.headers()["date"].to_str().expect("text").to_owned();
    let response = client().get(emulator.url()).send().await.expect("an answer");
    assert_eq!(date(response), "Fri, 15 Jan 2027 08:00:00 GMT");
    emulator.clock().set(0);
    let response = client().get(emulator.url()).send().await.expect("an answer");
    assert_eq!(date(response), "Thu, 01 Jan 1970 00:00:00 GMT");
}

#[tokio::test]
async fn bodies_and_paths_are_bounded() {
    let emulator = start().await;
    let token = format!("{}common/oauth2/v2.0/token", emulator.url());
    let long = client().post(&token).body(vec![b'a'; 1024 * 1024 + 1]).send().await.expect("an answer");
    assert_eq!(long.status(), 413);
    for path in ["nothing/here", "_emulator", "common", "graph", "common/oauth2/v2.0/devicecode"] {
        let status = client().get(format!("{}{path}", emulator.url())).send().await.expect("an answer").status();
        assert!(status.is_client_error(), "{path}: {status}");
    }
}

#[tokio::test]
async fn a_directory_that_contradicts_itself_does_not_start() {
    let mut directory = Directory::default();
    directory.users[0].tenant = "11111111-2222-4333-8444-555555555555".to_owned();
    let error = Emulator::builder().directory(directory).start().await.expect_err("a contradiction");
    assert_eq!(
        error.to_string(),
        "the directory is not usable: user adele@contoso.example, tenant: no tenant \
         \"11111111-2222-4333-8444-555555555555\""
    );
}

#[test]
fn clocks() {
    use std::time::Duration;
    let clock = EmulatorClock::at(100);
    let same = clock.clone();
    clock.advance(Duration::from_millis(2999));
    assert_eq!(same.now(), 102, "whole seconds");
    clock.rewind(Duration::from_secs(3));
    assert_eq!(clock.now(), 99);
    clock.set(7);
    assert_eq!(same.now(), 7);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now(), i64::MAX);
    let running = EmulatorClock::system();
    let before = running.now();
    assert!(before > 1_700_000_000);
    running.advance(Duration::from_secs(1000));
    assert!(running.now() >= before + 1000);
}
