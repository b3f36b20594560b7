//! Which site a request is at, by what its `Host` says (G9, R1, R3).

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use entra_sso::{EntraSso, Settings};

use super::{PUBLIC, ask, get, public, text};

/// What the button says tells the site.
async fn button(sso: &EntraSso, request: http::request::Builder) -> (u16, &'static str) {
    let answer = ask(sso, request).await;
    let page = text(&answer);
    let texts = ["Sign in to the application", "Sign in to the shop", "Sign in to the club"];
    let found = texts.into_iter().filter(|text| page.contains(text)).collect::<Vec<_>>();
    assert!(found.len() <= 1, "{page}");
    (answer.status().as_u16(), found.first().copied().unwrap_or("none"))
}

#[tokio::test]
async fn g9_f65_a_hostile_host_reaches_no_other_site_and_is_no_500() {
    let sso = public();
    for (host, expected) in [
        ("app.example", (200, "Sign in to the application")),
        ("www.app.example", (200, "Sign in to the application")),
        ("shop.example", (200, "Sign in to the shop")),
        ("SHOP.example", (200, "Sign in to the shop")),
        ("shop.example:443", (200, "Sign in to the shop")),
        ("club.example:8443", (200, "Sign in to the club")),
        ("shop.example:8443", (400, "none")),
        ("club.example", (400, "none")),
        ("shop.example.", (400, "none")),
        ("a.shop.example", (400, "none")),
        ("shop.example.evil.example", (400, "none")),
        ("evil.example", (400, "none")),
        ("app.example, shop.example", (400, "none")),
        ("app.example@shop.example", (400, "none")),
        ("shop.example:99999", (400, "none")),
        ("shop.example:", (400, "none")),
        ("shop%2eexample", (400, "none")),
        ("default", (400, "none")),
        ("localhost", (400, "none")),
        ("[::1]", (400, "none")),
        ("", (400, "none")),
    ] {
        let (status, found) = button(&sso, get(host, "/microsoft_sso/")).await;
        // What is refused is told on the default site's page, which has no button.
        assert_eq!((status, found), expected, "{host:?}");
    }
    let two = get("app.example", "/microsoft_sso/").header("host", "shop.example");
    assert_eq!(button(&sso, two).await, (400, "none"));
    let absolute = http::Request::get("https://shop.example/microsoft_sso/").header("host", "app.example");
    assert_eq!(button(&sso, absolute).await, (400, "none"), "the target and Host differ");
}

#[tokio::test]
async fn r3_only_a_trusted_proxy_says_which_site() {
    let sso = public();
    let lied = get("app.example", "/microsoft_sso/").header("x-forwarded-host", "shop.example");
    assert_eq!(button(&sso, lied).await, (200, "Sign in to the application"));

    let settings = Settings::from_toml(&format!("trusted_proxies = ['10.0.0.0/8']\n{PUBLIC}")).unwrap();
    let sso = EntraSso::builder(settings).build().unwrap();
    let from = |peer: &str, said: &str| {
        let peer: SocketAddr = peer.parse().unwrap();
        get("app.example", "/microsoft_sso/").header("x-forwarded-host", said).extension(ConnectInfo(peer))
    };
    for (peer, said, expected) in [
        ("10.0.0.1:4711", "shop.example", (200, "Sign in to the shop")),
        ("10.0.0.1:4711", "Shop.Example", (200, "Sign in to the shop")),
        ("10.0.0.1:4711", "evil.example", (400, "none")),
        ("10.0.0.1:4711", "shop.example, app.example", (400, "none")),
        ("192.0.2.1:4711", "shop.example", (200, "Sign in to the application")),
    ] {
        assert_eq!(button(&sso, from(peer, said)).await, expected, "{peer} {said}");
    }
}

#[tokio::test]
async fn f65_pages_are_the_sites_and_so_is_their_policy() {
    let sso = public();
    for (host, has_logo) in [("app.example", false), ("shop.example", true), ("club.example:8443", false)] {
        let answer = ask(&sso, get(host, "/microsoft_sso/")).await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert_eq!(policy.contains("https://pictures.example"), has_logo, "{host}: {policy}");
        assert_eq!(text(&answer).contains("shop.svg"), has_logo, "{host}");
    }
}
