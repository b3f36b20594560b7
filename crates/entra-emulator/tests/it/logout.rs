//! Sign-out: the emulator's session, the way back, and the front channel.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use entra_emulator::{Browser, Emulator, Endpoint, Fault, seed};

use crate::flow::{Ask, TokenAsk, start, told};

fn logout(emulator: &Emulator, query: &str) -> String {
    format!("{}{}/oauth2/v2.0/logout?{query}", emulator.url(), seed::CONTOSO)
}

fn back() -> String {
    let uri: String = url::form_urlencoded::byte_serialize(seed::REDIRECT_URI.as_bytes()).collect();
    format!("post_logout_redirect_uri={uri}")
}

#[tokio::test]
async fn the_session_ends_and_the_browser_goes_back() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator);
    ask.answered_to(&browser, seed::ADELE).await;
    let page = browser.get_once(logout(&emulator, &format!("{}&state=s", back()))).await.expect("an answer");
    let location = page.location().expect("a redirect");
    assert_eq!(location.as_str(), seed::REDIRECT_URI, "without state");
    let silent = ask.set("prompt", "none").answered_to(&browser, seed::ADELE).await;
    assert_eq!(told(&silent)["error"], "login_required");
    assert!(browser.cookies(emulator.url()).is_empty());
}

#[tokio::test]
async fn only_registered_ways_back() {
    let emulator = start().await;
    let single = format!("{}&client_id={}", back(), seed::SINGLE_TENANT_APP_ID);
    let unknown = format!("{}&client_id=11111111-2222-4333-8444-555555555555", back());
    let rows = [
        (back(), true),
        (single, true),
        (unknown, false),
        ("post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F".to_owned(), false),
        ("post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fother%2F".to_owned(), false),
        (String::new(), false),
    ];
    for (query, goes_back) in rows {
        let page = Browser::new().get_once(logout(&emulator, &query)).await.expect("an answer");
        assert_eq!(page.location().is_some(), goes_back, "{query}");
        assert_eq!(page.emulator_page().as_deref() == Some("signed-out"), !goes_back, "{query}");
    }
}

#[tokio::test]
async fn several_accounts_are_asked_unless_a_hint_says_which() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator).set("prompt", "select_account");
    let code = told(&ask.answered_to(&browser, seed::ADELE).await)["code"].clone();
    let hint = TokenAsk::code(&emulator, &code).send().await.id_token()["login_hint"].clone();
    ask.answered_to(&browser, seed::ALEX).await;
    let page = browser.get_once(logout(&emulator, &back())).await.expect("an answer");
    assert_eq!(page.emulator_page().as_deref(), Some("sign-out"));
    let hinted = format!("{}&logout_hint={}", back(), hint.as_str().expect("text"));
    assert!(browser.get_once(logout(&emulator, &hinted)).await.expect("an answer").location().is_some());
    // One account is left, so nobody is asked.
    let silent = Ask::new(&emulator).set("prompt", "none").answered_to(&browser, seed::ALEX).await;
    let code = told(&silent)["code"].clone();
    assert_eq!(TokenAsk::code(&emulator, &code).send().await.id_token()["oid"], seed::ALEX_ID);
    let form = page.form("sign-out").expect("the form").set("sign_out", "all");
    assert_eq!(form.field("post_logout_redirect_uri"), Some(seed::REDIRECT_URI), "kept for the second step");
}

#[tokio::test]
async fn sign_out_revokes_no_token() {
    let emulator = start().await;
    let browser = Browser::new();
    let code = told(&Ask::new(&emulator).answered_to(&browser, seed::ADELE).await)["code"].clone();
    let tokens = TokenAsk::code(&emulator, &code).send().await;
    browser.get_once(logout(&emulator, "")).await.expect("an answer");
    assert_eq!(TokenAsk::refresh(&emulator, tokens.text("refresh_token")).send().await.status, 200);
}

type Heard = Arc<Mutex<Vec<String>>>;

/// An application that writes down what is asked of it: path and query, and whether a cookie came along.
async fn application() -> (String, Heard) {
    let heard = Heard::default();
    let write = |State(heard): State<Heard>, request: Request| async move {
        let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok()).unwrap_or("-");
        let line = format!("{} {site} {}", request.uri(), request.headers().contains_key("cookie"));
        heard.lock().expect("no panic").push(line);
        ([("set-cookie", "app=1; Path=/; SameSite=Lax")], "heard")
    };
    let router = Router::new().fallback(write).with_state(Arc::clone(&heard));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://localhost:{port}"), heard)
}

#[tokio::test]
async fn applications_are_told_the_sid_only() {
    let emulator = start().await;
    let (application, heard) = application().await;
    let url = Some(format!("{application}/front?x=1"));
    emulator.directory().change_app(seed::APP_ID, |app| app.logout_url = url.clone()).expect("a change");
    let browser = Browser::new();
    browser.get(&application).await.expect("a page");
    let session = told(&Ask::new(&emulator).answered_to(&browser, seed::ADELE).await)["session_state"].clone();
    heard.lock().expect("no panic").clear();

    let visit = browser.start_at(logout(&emulator, &back())).stop_at(seed::REDIRECT_URI);
    let page = visit.asking_nobody().await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("signed-out"));
    assert!(page.body.contains(&format!(r#"data-continue="{}""#, seed::REDIRECT_URI.replace('/', "&#x2f;"))));
    let expected = format!("/front?x=1&sid={session} cross-site false");
    assert_eq!(*heard.lock().expect("no panic"), [expected], "in an iframe, without the Lax cookie");

    heard.lock().expect("no panic").clear();
    browser.start_at(logout(&emulator, "")).asking_nobody().await.expect("a page");
    assert!(heard.lock().expect("no panic").is_empty(), "nobody was signed in any more");

    Ask::new(&emulator).answered_to(&browser, seed::ADELE).await;
    emulator.faults().once(Fault::FrontChannelIssuer);
    browser.start_at(logout(&emulator, "")).asking_nobody().await.expect("a page");
    let line = heard.lock().expect("no panic").concat();
    assert!(line.contains("&iss=https%3A%2F%2Flogin.microsoftonline.com%2F"), "{line}");
    assert_eq!(emulator.journal().count(Endpoint::Logout), 3);
}
