//! `ReqwestClient` against a tiny server of our own: bounds, no redirects, no plain http off loopback.

mod tls;

use std::time::Duration;

use bytes::Bytes;
use entra_oidc::{HttpClient, HttpErrorKind as Kind, Limits, ReqwestClient, ReqwestSettings};
use http::{Method, Request};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const SECOND: Duration = Duration::from_secs(1);

fn client() -> ReqwestClient {
    ReqwestClient::new(&ReqwestSettings::new()).unwrap()
}

fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

/// Answers every connection with `answer`, and keeps it open when told. Gives its address.
async fn server(answer: &'static [u8], keep_open: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer).await;
                if keep_open {
                    let _ = stream.read_to_end(&mut request).await;
                }
            });
        }
    });
    format!("http://{address}/path?query=canary")
}

async fn outcome(answer: &'static [u8], keep_open: bool, limits: Limits) -> Result<(u16, Bytes), Kind> {
    let url = server(answer, keep_open).await;
    let response = client().send(get(&url), limits).await.map_err(|error| {
        assert!(!error.to_string().contains("canary"), "Z1: {error}");
        error.kind()
    })?;
    Ok((response.status().as_u16(), response.into_body()))
}

#[tokio::test]
async fn an_answer_comes_whole_with_its_headers() {
    let url =
        server(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nRetry-After: 2.128\r\nConnection: close\r\n\r\nhello", false)
            .await;
    let response = client().send(get(&url), Limits::new(5, SECOND)).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"hello"[..]));
    assert_eq!(response.headers()["retry-after"], "2.128");
}

#[tokio::test]
async fn j4_the_body_is_bounded_while_it_is_read() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\nhello";
    assert_eq!(outcome(announced, true, Limits::new(1024, SECOND)).await, Err(Kind::TooLarge), "announced");
    let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhello\r\n5\r\nhello\r\n";
    assert_eq!(outcome(endless, true, Limits::new(12, SECOND)).await, Err(Kind::TooLarge), "not announced, never ends");
    let until_close = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world";
    assert_eq!(outcome(until_close, false, Limits::new(5, SECOND)).await, Err(Kind::TooLarge), "until the end");
}

#[tokio::test]
async fn j4_a_slow_answer_is_given_up() {
    let short = Limits::new(1024, Duration::from_millis(100));
    assert_eq!(outcome(b"", true, short).await, Err(Kind::Timeout), "no headers");
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    assert_eq!(outcome(half, true, short).await, Err(Kind::Timeout), "half a body");
}

#[tokio::test]
async fn j1_redirects_come_back_as_they_are() {
    let target: &'static str =
        Box::leak(server(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", false).await.into_boxed_str());
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let outcome = outcome(Box::leak(answer.into_bytes().into_boxed_slice()), false, Limits::new(1024, SECOND)).await;
    assert_eq!(outcome, Ok((302, Bytes::new())));
}

#[tokio::test]
async fn j4_a_compressed_body_is_not_unpacked() {
    let answer =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\x1f\x8b\x08\x00";
    let (_, body) = outcome(answer, false, Limits::new(1024, SECOND)).await.unwrap();
    assert_eq!(&body[..], b"\x1f\x8b\x08\x00");
}

#[tokio::test]
async fn plain_http_is_refused_off_loopback() {
    for url in [
        "http://login.contoso.example/",
        "http://127.0.0.1.contoso.example/",
        "http://localhost.contoso.example/",
        "http://192.0.2.1/",
        "ftp://127.0.0.1/",
    ] {
        let error = client().send(get(url), Limits::new(1, SECOND)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Other, "{url}");
        assert_eq!(error.to_string(), "only https is allowed off loopback", "{url}");
    }
}

#[tokio::test]
async fn nobody_there_and_no_tls_are_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = client().send(get(&format!("http://{free}/")), Limits::new(1, SECOND)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error}");

    // J6: what answers here speaks no TLS.
    let plain = server(b"HTTP/1.1 400 Bad Request\r\n\r\n", false).await.replacen("http:", "https:", 1);
    let error = client().send(get(&plain), Limits::new(1, SECOND)).await.unwrap_err();
    assert!(matches!(error.kind(), Kind::Tls | Kind::Connect), "J6: {error}");
    assert!(!error.to_string().contains("canary"));
}

#[tokio::test]
async fn a_post_carries_its_body_and_headers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"a=b") {
            assert!(stream.read_buf(&mut seen).await.unwrap() > 0);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await.unwrap();
        String::from_utf8(seen).unwrap().to_ascii_lowercase()
    });
    let request = Request::builder()
        .method(Method::POST)
        .uri(&url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from_static(b"a=b"))
        .unwrap();
    assert_eq!(client().send(request, Limits::new(0, SECOND)).await.unwrap().status(), 204);
    let seen = server.await.unwrap();
    assert!(seen.starts_with("post /token http/1.1\r\n"), "{seen}");
    assert!(seen.contains("content-type: application/x-www-form-urlencoded\r\n"), "{seen}");
    assert!(!seen.contains("origin:") && !seen.contains("referer:") && !seen.contains("accept-encoding:"), "{seen}");
}

#[test]
fn bad_certificates_are_a_configuration_error() {
    for pem in [&b""[..], b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let settings = ReqwestSettings::new().extra_roots_pem(pem.to_vec());
        let error = ReqwestClient::new(&settings).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), entra_oidc::ConfigErrorKind::HttpClient);
    }
    assert!(ReqwestClient::new(&ReqwestSettings::new().system_proxy(true)).is_ok());
}
