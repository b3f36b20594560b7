//! The client: cookies, redirects, forms.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use entra_emulator::{Browser, BrowserError, EmulatorClock};
use http::StatusCode;

/// A server whose paths say what it does.
async fn site() -> u16 {
    let answer = |request: Request| async move { answer(&request) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    port
}

fn answer(request: &Request) -> Response {
    let path = request.uri().path();
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-");
    match path {
        "/loop" => Redirect::to("/loop").into_response(),
        "/303" => Redirect::to("/echo").into_response(),
        "/307" => Redirect::temporary("/echo").into_response(),
        "/302" => (StatusCode::FOUND, [("location", "/echo")]).into_response(),
        "/form" => Html(FORM).into_response(),
        "/set" => {
            let cookies = ["a=1; Path=/", "strict=1; Path=/; SameSite=Strict", "none=1; Path=/; SameSite=None; Secure"];
            let mut response = "set".into_response();
            for cookie in cookies {
                response.headers_mut().append("set-cookie", cookie.parse().expect("a header"));
            }
            response
        }
        _ => format!(
            "{} {} cookie={} origin={} site={} mode={} accept-html={}",
            request.method(),
            request.uri(),
            header("cookie"),
            header("origin"),
            header("sec-fetch-site"),
            header("sec-fetch-mode"),
            header("accept").contains("text/html"),
        )
        .into_response(),
    }
}

const FORM: &str = r#"<!-- <form id="no"> --><script>"<form id='no2'>"</script>
<form id=one ACTION='/echo?x=1&amp;y=2' method=POST>
<input name="plain" value="a &quot;b&quot; &#x2f;&lt;&#38;"><input type=hidden name=h value='it&#39;s'/>
<input type="checkbox" name="off" value="1"><input type="checkbox" name="on" value="1" checked>
<input name="gone" value="1" disabled><button name="go" value="yes">Go</button></form>
<form id="two" action="/echo"><input name="q" value="ü +"></form>"#;

#[tokio::test]
async fn forms_are_read_and_sent() {
    let port = site().await;
    let browser = Browser::new();
    let page = browser.get(format!("http://127.0.0.1:{port}/form")).await.expect("a page");
    let ids: Vec<String> = page.forms().into_iter().map(|form| form.id).collect();
    assert_eq!(ids, ["one", "two"]);
    let one = page.form("one").expect("a form");
    assert_eq!(one.action, "/echo?x=1&y=2");
    let fields = [("plain", "a \"b\" /<&"), ("h", "it's"), ("on", "1")];
    let expected: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(one.fields, expected);
    assert!(one.has_button("go", "yes"));
    let sent = browser.submit(&page, &one.set("go", "yes")).await.expect("an answer");
    let origin = format!("origin=http://127.0.0.1:{port} site=same-origin mode=navigate accept-html=true");
    assert!(sent.body.starts_with("POST /echo?x=1&y=2 ") && sent.body.ends_with(&origin), "{}", sent.body);
    let sent = browser.submit(&page, &page.form("two").expect("a form")).await.expect("an answer");
    assert!(sent.body.starts_with("GET /echo?q=%C3%BC+%2B "), "{}", sent.body);
}

#[tokio::test]
async fn redirects() {
    let port = site().await;
    let browser = Browser::new();
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    for (path, method) in [("/303", "GET"), ("/302", "GET"), ("/307", "POST")] {
        let page = browser.post_form(at(path), &[("a", "b")]).await.expect("an answer");
        assert!(page.body.starts_with(&format!("{method} /echo ")), "{path}: {}", page.body);
    }
    assert!(matches!(browser.get(at("/loop")).await, Err(BrowserError::TooManyRedirects)));
    let page = browser.get(at("/302#part")).await.expect("an answer");
    assert_eq!(page.url.fragment(), Some("part"), "R7: a fragment is inherited");
    let once = browser.get_once(at("/302")).await.expect("an answer");
    assert_eq!((once.status, once.location().map(String::from)), (302, Some(at("/echo"))));
    assert!(matches!(browser.get("ftp://127.0.0.1/").await, Err(BrowserError::Address(_))));
    let nobody = browser.get("http://127.0.0.1:1/?secret=1").await.expect_err("nobody listens");
    assert!(!nobody.to_string().contains("secret"), "{nobody}");
}

#[tokio::test]
async fn sites_and_cookies() {
    let port = site().await;
    let browser = Browser::new();
    browser.get(format!("http://localhost:{port}/set")).await.expect("a page");
    let echo = format!("http://localhost:{port}/echo");
    let other = format!("http://127.0.0.1:{port}/");
    let typed = browser.get(&echo).await.expect("an answer").body;
    assert!(typed.contains("cookie=a=1; strict=1; none=1 ") && typed.contains("site=none"), "{typed}");
    let elsewhere = browser.get(&other).await.expect("a page");
    assert!(elsewhere.body.contains("cookie=- "), "hosts are told apart");
    let followed = browser.follow(&elsewhere, &echo).await.expect("an answer").body;
    assert!(followed.contains("cookie=a=1; none=1 ") && followed.contains("site=cross-site"), "{followed}");
    let posted = browser.post_form_from(&other, &echo, &[]).await.expect("an answer").body;
    assert!(posted.contains("cookie=none=1 ") && posted.contains("origin=http://127.0.0.1:"), "{posted}");
    let tab = browser.clone();
    assert_eq!(tab.cookie(&echo, "a").as_deref(), Some("1"), "clones are tabs of one browser");
    browser.clear_cookies();
    assert!(tab.cookies(&echo).is_empty());
    let plain = Browser::new().plain().header("accept", "application/json");
    let answer = plain.get(&echo).await.expect("an answer").body;
    assert!(answer.contains("site=- mode=- accept-html=false"), "{answer}");
}

#[test]
fn rfc_6265() {
    // Set-Cookie at a URL, and the URL that is asked; whether the cookie goes along.
    let rows = [
        ("http://app.example/a/b", "c=1", "http://app.example/a/x", true),
        ("http://app.example/a/b", "c=1", "http://app.example/ab", false),
        ("http://app.example/a/b", "c=1; Path=/", "http://app.example/", true),
        ("http://app.example/", "c=1; Path=/a", "http://app.example/a/b", true),
        ("http://app.example/", "c=1; Path=/a", "http://app.example/abc", false),
        ("http://app.example/", "c=1", "http://app.example:81/", true),
        ("http://app.example/", "c=1", "http://sub.app.example/", false),
        ("http://app.example/", "c=1; Domain=.app.example", "http://sub.app.example/", true),
        ("http://app.example/", "c=1; Domain=other.example", "http://other.example/", false),
        ("https://app.example/", "c=1; Secure", "https://app.example/", true),
        ("https://app.example/", "c=1; Secure", "http://app.example/", false),
        ("http://app.example/", "c=1; Secure", "https://app.example/", false),
        ("http://localhost/", "c=1; Secure", "http://localhost/", true),
        ("https://app.example/", "__Host-c=1; Secure; Path=/", "https://app.example/", true),
        ("https://app.example/", "__Host-c=1; Secure; Path=/a", "https://app.example/a/", false),
        ("https://app.example/", "__Host-c=1; Path=/", "https://app.example/", false),
        ("https://app.example/", "__Host-c=1; Secure; Path=/; Domain=app.example", "https://app.example/", false),
        ("https://app.example/", "__Secure-c=1", "https://app.example/", false),
        ("http://app.example/", "c=1; SameSite=None", "http://app.example/", false),
        ("http://app.example/", "c=1; Max-Age=0", "http://app.example/", false),
        ("http://app.example/", "c=1; Max-Age=-5", "http://app.example/", false),
        ("http://app.example/", "c=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://app.example/", false),
        ("http://app.example/", "c=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "http://app.example/", true),
        ("http://app.example/", "c=1; HttpOnly; SameSite=Lax; Future=1", "http://app.example/", true),
        ("http://app.example/", "no-equals-sign", "http://app.example/", false),
        ("http://app.example/", "=1", "http://app.example/", false),
    ];
    for (at, set, asked, sent) in rows {
        let browser = Browser::new().clock(EmulatorClock::at(1_800_000_000));
        browser.set_cookie(at, set);
        assert_eq!(!browser.cookies(asked).is_empty(), sent, "{set} at {at}, asked {asked}");
    }
    let long = format!("c={}", "x".repeat(4096));
    let browser = Browser::new();
    browser.set_cookie("http://app.example/", &long);
    assert!(browser.cookies("http://app.example/").is_empty(), "too long");
}

#[test]
fn cookies_expire_are_replaced_and_sorted() {
    let clock = EmulatorClock::at(1_800_000_000);
    let browser = Browser::new().clock(clock.clone());
    let url = "http://app.example/a/b";
    browser.set_cookie(url, "short=1; Max-Age=60; Path=/");
    browser.set_cookie(url, "deep=1; Path=/a");
    browser.set_cookie(url, "short=2; Max-Age=60; Path=/");
    let names = |browser: &Browser| -> Vec<String> {
        browser.cookies(url).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    };
    assert_eq!(names(&browser), ["deep=1", "short=2"], "longest path first");
    clock.advance(Duration::from_secs(59));
    assert_eq!(names(&browser).len(), 2);
    clock.advance(Duration::from_secs(1));
    assert_eq!(names(&browser), ["deep=1"]);
    browser.set_cookie(url, "deep=; Max-Age=0; Path=/a");
    assert!(names(&browser).is_empty());
    for index in 0..181 {
        browser.set_cookie(url, &format!("c{index}=1; Path=/"));
    }
    assert_eq!(browser.cookies(url).len(), 180);
    assert_eq!(browser.cookie(url, "c0"), None, "the oldest goes first");
}
