//! https: whom a client has to trust, under which names, and that nobody holds the door shut.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entra_emulator::{Browser, Emulator, EmulatorClock, EmulatorError, seed};
use reqwest::{Certificate, Client};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use crate::flow::{Ask, NOW, told};

async fn start() -> Emulator {
    Emulator::builder().https().clock(EmulatorClock::at(NOW)).start().await.expect("a start")
}

fn ca(emulator: &Emulator) -> &str {
    emulator.ca_pem().expect("an authority")
}

fn port(emulator: &Emulator) -> u16 {
    emulator.url().port().expect("a port")
}

/// A client that trusts one authority and finds `name` at the emulator.
fn client(ca_pem: &str, name: &str, emulator: &Emulator) -> Client {
    let trusted = Certificate::from_pem(ca_pem.as_bytes()).expect("a certificate");
    let builder = Client::builder().no_proxy().tls_certs_only([trusted]);
    builder.resolve(name, ([127, 0, 0, 1], port(emulator)).into()).build().expect("a client")
}

async fn issuer(client: &Client, base: &str) -> Result<String, reqwest::Error> {
    let document = client.get(format!("{base}/common/v2.0/.well-known/openid-configuration")).send().await?;
    let document: serde_json::Value = document.json().await?;
    Ok(document["token_endpoint"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_whole_sign_in() {
    let emulator = start().await;
    let url = emulator.url();
    assert_eq!((url.scheme(), url.host_str()), ("https", Some("localhost")));
    let browser = Browser::new().trusting(ca(&emulator));
    let page = Ask::new(&emulator).answered_to(&browser, seed::ADELE).await;
    assert!(told(&page).contains_key("code"));
    let cookie = page.header("set-cookie").expect("a cookie");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    let logout = format!("{url}{}/oauth2/v2.0/logout", seed::CONTOSO);
    let page = browser.get(logout).await.expect("an answer");
    let cookie = page.header("set-cookie").expect("a cookie");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"), "{cookie}");
    assert_eq!(browser.cookies(&url), []);
}

#[tokio::test]
async fn http_has_neither_authority_nor_secure_cookie() {
    let emulator = crate::flow::start().await;
    assert_eq!(emulator.ca_pem(), None);
    let page = Ask::new(&emulator).answered_to(&Browser::new(), seed::ADELE).await;
    assert!(!page.header("set-cookie").expect("a cookie").contains("Secure"));
}

#[tokio::test]
async fn every_name_of_its_own_is_in_the_certificate() {
    let name = "login.microsoftonline.com";
    let builder = Emulator::builder().https().also_as([name, "Login.Contoso.Example"]);
    let emulator = builder.start().await.expect("a start");
    let port = port(&emulator);
    for host in ["localhost", "127.0.0.1", name, "login.contoso.example"] {
        let client = client(ca(&emulator), host, &emulator);
        let base = format!("https://{host}:{port}");
        let endpoint = issuer(&client, &base).await.expect("a trusted answer");
        assert_eq!(endpoint, format!("{base}/common/oauth2/v2.0/token"));
    }
    let elsewhere = "login.microsoftonline.us";
    let refused = issuer(&client(ca(&emulator), elsewhere, &emulator), &format!("https://{elsewhere}:{port}")).await;
    assert!(refused.expect_err("a name that the certificate lacks").is_connect());
}

/// Who leads a name here leads its port 443 here too, and the client names no port then.
#[tokio::test]
async fn further_names_count_without_a_port_too() {
    let name = "login.microsoftonline.com";
    let emulator = Emulator::builder().https().also_as([name]).start().await.expect("a start");
    let client = client(ca(&emulator), "localhost", &emulator);
    let url = format!("{}common/v2.0/.well-known/openid-configuration", emulator.url());
    let rows = [
        (name.to_owned(), Some(format!("https://{name}/common/oauth2/v2.0/token"))),
        (name.to_uppercase(), Some(format!("https://{name}/common/oauth2/v2.0/token"))),
        (format!("{name}:1"), None),
        ("localhost".to_owned(), None),
        ("evil.example".to_owned(), None),
        (format!("{name}.evil.example"), None),
    ];
    for (host, expected) in rows {
        let answer = client.get(&url).header("host", &host).send().await.expect("an answer");
        let status = answer.status().as_u16();
        let endpoint = answer.json::<serde_json::Value>().await.ok();
        let endpoint = endpoint.and_then(|document| document["token_endpoint"].as_str().map(str::to_owned));
        assert_eq!((status, &endpoint), (if expected.is_some() { 200 } else { 421 }, &expected), "X11: Host: {host}");
    }
}

#[tokio::test]
async fn further_names_are_host_names() {
    for name in
        ["", "https://login.example", "login.example:8400", "*.example", "a..b", "a b", "login.example.", "ä.example"]
    {
        let refused = Emulator::builder().https().also_as([name]).start().await;
        assert!(matches!(&refused, Err(EmulatorError::Name(said)) if said == name), "{name}: {refused:?}");
    }
}

#[tokio::test]
async fn each_run_has_an_authority_of_its_own() {
    let (first, second) = (start().await, start().await);
    assert_ne!(ca(&first), ca(&second));
    assert_eq!(ca(&first).matches("-----BEGIN").count(), 1, "one certificate and no key");
    let base = format!("https://localhost:{}", port(&first));
    let refused = issuer(&client(ca(&second), "localhost", &first), &base).await;
    assert!(refused.expect_err("the other's authority").is_connect());
    issuer(&client(ca(&first), "localhost", &first), &base).await.expect("its own authority");
}

#[tokio::test]
async fn silent_and_babbling_clients_hold_nobody_up() {
    let emulator = start().await;
    let address = format!("127.0.0.1:{}", port(&emulator));
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(&address).await.expect("a connection"));
    }
    let mut babbling = TcpStream::connect(&address).await.expect("a connection");
    babbling.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    // An alert, or a reset: anything but an answer.
    let _ = babbling.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/"), "no plain http on the port of https");
    let base = format!("https://localhost:{}", port(&emulator));
    issuer(&client(ca(&emulator), "localhost", &emulator), &base).await.expect("an answer all the same");
    drop(silent);
}

/// The protocol that is agreed on with a client that knows more, when it verifies the emulator as `name`.
async fn agreed(emulator: &Emulator, name: &'static str) -> Result<Option<Vec<u8>>, std::io::Error> {
    let der = ca(emulator).lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let mut roots = RootCertStore::empty();
    roots.add(STANDARD.decode(der).expect("base64").into()).expect("an authority");
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions");
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = TcpStream::connect(("127.0.0.1", port(emulator))).await?;
    let name = ServerName::try_from(name).expect("a name");
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    Ok(stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec))
}

#[tokio::test]
async fn it_speaks_http_1_1_to_clients_that_know_more() {
    let emulator = start().await;
    for name in ["localhost", "127.0.0.1", "::1"] {
        let protocol = agreed(&emulator, name).await.expect("a handshake");
        assert_eq!(protocol.as_deref(), Some(b"http/1.1".as_slice()), "{name}");
    }
    assert!(agreed(&emulator, "127.0.0.2").await.is_err(), "not in the certificate");
}

#[tokio::test]
async fn stopping_ends_handshakes_too() {
    let emulator = start().await;
    let address = format!("127.0.0.1:{}", port(&emulator));
    let mut silent = TcpStream::connect(&address).await.expect("a connection");
    let client = client(ca(&emulator), "localhost", &emulator);
    let url = emulator.url();
    client.get(url.clone()).send().await.expect("an answer");
    emulator.stop().await;
    let mut rest = Vec::new();
    // Closed or reset; waiting for the handshake's patience would be ten seconds.
    let _ = silent.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");
    assert!(client.get(url).send().await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn the_name_that_it_was_told_to_listen_on_stays() {
    let emulator = Emulator::builder().https().listen("127.0.0.1:0").start().await.expect("a start");
    assert_eq!(emulator.url().host_str(), Some("127.0.0.1"));
    let base = format!("https://127.0.0.1:{}", port(&emulator));
    issuer(&client(ca(&emulator), "localhost", &emulator), &base).await.expect("a trusted answer");
}
