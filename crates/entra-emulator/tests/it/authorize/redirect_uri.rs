//! Microsoft's rules for redirect URIs: registration and matching.

use entra_emulator::{App, Audience, Browser, seed};

use crate::flow::{Ask, start, told};

#[test]
fn what_can_be_registered() {
    let long = format!("https://app.example/{}", "x".repeat(256 - "https://app.example/".len()));
    let too_long = format!("{long}x");
    let rows = [
        ("https://app.example/callback/", true),
        ("https://app.example", true),
        ("https://app.example:8443/callback", true),
        ("https://app.example/callback?site=1", true),
        (long.as_str(), true),
        ("http://localhost/callback", true),
        ("http://localhost:8000/callback", true),
        ("http://127.0.0.1:8000/callback", true),
        (too_long.as_str(), false),
        ("http://app.example/callback", false),
        ("http://[::1]:8000/callback", false),
        ("https://[::1]:8000/callback", false),
        ("https://app.example/a!", false),
        ("https://app.example/$a", false),
        ("https://app.example/it's", false),
        ("https://app.example/(a)", false),
        ("https://app.example/a,b", false),
        ("https://app.example/a;b", false),
        ("https://app.example/#top", false),
        ("https://*.app.example/callback", false),
        ("https://user@app.example/callback", false),
        ("https://app.example\\callback", false),
        ("javascript:alert(1)", false),
        ("/callback", false),
        ("", false),
    ];
    for (uri, allowed) in rows {
        let app = App::new(seed::APP_ID, seed::CONTOSO, "App").redirect_uri(uri);
        assert_eq!(app.is_ok(), allowed, "{uri}: {app:?}");
    }
    let personal = App::new(seed::APP_ID, seed::CONTOSO, "App").audience(Audience::MultiTenantAndPersonal);
    let query = personal.redirect_uri("https://app.example/callback?site=1");
    assert!(query.is_err(), "no query for applications that accept personal accounts");
}

#[tokio::test]
async fn what_matches() {
    let emulator = start().await;
    // requested, registered, matches
    let rows = [
        ("https://app.example/callback/", "https://app.example/callback/", true),
        ("https://app.example/callback", "https://app.example/callback/", false),
        ("https://app.example/callback/", "https://app.example/callback", false),
        ("https://app.example/Callback/", "https://app.example/callback/", false),
        ("https://APP.example/callback/", "https://app.example/callback/", true),
        ("HTTPS://app.example/callback/", "https://app.example/callback/", true),
        ("https://app.example:443/callback/", "https://app.example/callback/", true),
        ("https://app.example:444/callback/", "https://app.example/callback/", false),
        ("http://app.example/callback/", "https://app.example/callback/", false),
        ("https://app.example/callback/?next=1", "https://app.example/callback/", false),
        ("https://app.example/callback/more", "https://app.example/callback/", false),
        ("https://app.example/call%62ack/", "https://app.example/callback/", false),
        ("https://app.example/x/../callback/", "https://app.example/callback/", false),
        ("https://app.example/callback/#x", "https://app.example/callback/", false),
        ("https://app.example.evil.example/callback/", "https://app.example/callback/", false),
        ("https://app.example@evil.example/callback/", "https://app.example/callback/", false),
        ("https://user@app.example/callback/", "https://app.example/callback/", false),
        ("https://app.example\\@evil.example/callback/", "https://app.example/callback/", false),
        ("https://app.example/", "https://app.example", true),
        ("https://app.example", "https://app.example/", true),
        ("http://localhost:8000/callback/", "http://localhost/callback/", true),
        ("http://localhost/callback/", "http://localhost:8000/callback/", true),
        ("http://localhost:1/callback/", "http://localhost:2/callback/", true),
        ("http://localhost:8000/other/", "http://localhost/callback/", false),
        ("https://localhost:8000/callback/", "http://localhost/callback/", false),
        ("http://127.0.0.1:8000/callback/", "http://localhost/callback/", false),
        ("http://127.0.0.1:8000/callback/", "http://127.0.0.1:8000/callback/", true),
        ("http://127.0.0.1:8001/callback/", "http://127.0.0.1:8000/callback/", false),
        ("http://127.0.0.1/callback/", "http://127.0.0.1:8000/callback/", false),
        ("http://localhost.evil.example/callback/", "http://localhost/callback/", false),
        ("http://localhost:8000@evil.example/callback/", "http://localhost/callback/", false),
        ("http://localhost:80a/callback/", "http://localhost/callback/", false),
        ("urn:ietf:wg:oauth:2.0:oob", "http://localhost/callback/", false),
    ];
    for (requested, registered, matches) in rows {
        let register = |app: &mut App| app.redirect_uris = vec![registered.to_owned()];
        emulator.directory().change_app(seed::APP_ID, register).expect("a change");
        let ask = Ask::new(&emulator).set("redirect_uri", requested);
        let page = Browser::new().get(ask.url()).await.expect("a page");
        let answered =
            if matches { (Some("accounts".to_owned()), None) } else { (Some("error".to_owned()), Some(50011)) };
        assert_eq!((page.emulator_page(), page.aadsts()), answered, "{requested} against {registered}");
    }
}

#[tokio::test]
async fn an_omitted_redirect_uri_is_a_registered_one() {
    let emulator = start().await;
    let page = Ask::new(&emulator).without("redirect_uri").answered_to(&Browser::new(), seed::ADELE).await;
    assert!(page.location().expect("a redirect").as_str().starts_with(seed::REDIRECT_URI));
    assert!(told(&page).contains_key("code"));
}

#[tokio::test]
async fn the_answer_keeps_the_query_and_gets_a_path() {
    let emulator = start().await;
    // The single-tenant application may have a query.
    let rows = [
        ("https://app.example", "https://app.example/?code="),
        ("https://app.example/cb", "https://app.example/cb?code="),
        ("https://app.example/cb?site=1", "https://app.example/cb?site=1&code="),
    ];
    for (uri, start) in rows {
        emulator.directory().add_redirect_uri(seed::SINGLE_TENANT_APP_ID, uri).expect("registered");
        let ask = Ask::new(&emulator).set("client_id", seed::SINGLE_TENANT_APP_ID).set("redirect_uri", uri);
        let visit = Browser::new();
        let page = visit.start_at(ask.url()).stop_at("https://").signing_in_as(seed::ADELE).await.expect("an answer");
        let location = page.header("location").expect("a redirect");
        assert!(location.starts_with(start), "{location}");
    }
}
