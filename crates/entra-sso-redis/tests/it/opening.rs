//! Opening, and what goes wrong with it.

use std::net::TcpListener;

use entra_sso_redis::{OpenErrorKind, RedisOptions, RedisStore};
use local_servers::Redis;

#[tokio::test]
async fn each_cause_has_its_kind_and_no_text_has_the_password() {
    let server = Redis::start(local_servers::RedisOptions::default().password("right").tls());
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
    let wrong = |url: String| url.replace(":right@", ":canary@");
    for (url, kind) in [
        (wrong(server.url()), OpenErrorKind::Refused),
        (server.url().replace(":right@", ""), OpenErrorKind::Refused),
        (server.url().replace(":right@", "canary:canary@"), OpenErrorKind::Refused),
        (wrong(server.tls_url()), OpenErrorKind::Unreachable),
        (format!("rediss://:canary@{}", server.address()), OpenErrorKind::Unreachable),
        (format!("redis://:canary@{nobody}"), OpenErrorKind::Unreachable),
        ("unix:///canary/is/no/socket?pass=canary".replace("/canary/", "/no/"), OpenErrorKind::Unreachable),
        ("redis://:canary@host:port/".to_owned(), OpenErrorKind::BadUrl),
        ("rediss://:canary@localhost/#insecure".to_owned(), OpenErrorKind::BadUrl),
        ("canary".to_owned(), OpenErrorKind::BadUrl),
    ] {
        let error = RedisStore::open(&url).await.expect_err(&url);
        assert_eq!(error.kind(), kind, "{url}: {error}");
        let source = std::error::Error::source(&error).map(|source| format!("{source} {source:?}"));
        let text = format!("{error} {error:?} {}", source.unwrap_or_default());
        assert!(!text.contains("canary") && !text.contains("right"), "{text}");
        assert!(error.to_string().contains("; "), "without a cure: {error}");
    }
    let error = RedisOptions::new().ca_pem("no PEM").open(&server.tls_url()).await.expect_err("no authority");
    assert_eq!(error.kind(), OpenErrorKind::BadCertificates);
}

#[tokio::test]
async fn a_store_shows_its_server_and_not_its_password() {
    let server = Redis::start(local_servers::RedisOptions::default().password("canary").tls());
    let ca = std::fs::read(server.ca_file()).expect("read");
    let store = RedisOptions::new().ca_pem(ca).open(&server.tls_url()).await.expect("opened").with_prefix("shop");
    store.ping().await.expect("it answers");
    let text = format!("{store:?}");
    assert!(text.contains("rediss://localhost:") && text.contains("{shop}:") && !text.contains("canary"), "{text}");
}
