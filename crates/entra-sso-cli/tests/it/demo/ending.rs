//! Ctrl-C and SIGTERM.

use tokio::{io::AsyncReadExt, net::TcpStream};

use crate::process::demo;

#[tokio::test]
async fn signals_end_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let finished = demo([]).start().await.end(signal).await;
        assert_eq!(finished.code, Some(0), "{signal}: {finished:?}");
        assert_eq!(finished.stderr, "", "{signal}");
    }
}

#[tokio::test]
async fn a_connection_without_a_request_does_not_hold_it() {
    let running = demo([]).start().await;
    let address = running.url().trim_start_matches("http://").to_owned();
    let mut idle = TcpStream::connect(address).await.expect("it listens");
    let finished = running.end("INT").await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let mut rest = Vec::new();
    assert_eq!(idle.read_to_end(&mut rest).await.unwrap_or_default(), 0, "nothing is said on it");
}
