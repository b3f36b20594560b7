//! Front-channel logout (F-67, L2, L3): a hint from a frame ends sessions, and the answer is always the same.

mod guesses;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use entra_emulator::{Browser, Endpoint, seed};
use entra_sso::{
    oidc::{ManualClock, Timestamp},
    session::MemorySessions,
};
use http::{Request, Response};

use crate::{
    app::{App, NOW},
    openid_provider::OpenIdProvider,
    stores::Switchable,
};

const DOOR: &str = "/microsoft_sso/front_channel_logout/";
const PARTNERS: &str = "/microsoft_sso/partner/front_channel_logout/";

/// What Microsoft's page would load, without any cookie.
async fn frame(app: &App, door: &str, query: &str) -> Response<Bytes> {
    app.send(Request::get("/"), &format!("{door}?{query}"), "").await
}

/// The `sid` of the last ID token, which the emulator tells to who signs out.
async fn sid_of(app: &App, browser: &Browser) -> String {
    app.emulator
        .directory()
        .change_app(seed::APP_ID, |portal| portal.logout_url = Some(app.at(DOOR)))
        .expect("the seeded application");
    let logout = format!("{}{}/oauth2/v2.0/logout", app.emulator.url(), seed::CONTOSO);
    let page = browser.get(&logout).await.unwrap();
    let frame = page.body.split("<iframe").nth(1).unwrap_or_else(|| panic!("a frame in {}", page.body));
    let sid = frame.split("sid=").nth(1).expect("a sid");
    sid.chars().take_while(|letter| letter.is_ascii_hexdigit() || *letter == '-').collect()
}

#[tokio::test]
async fn f67_a_sign_out_at_microsoft_ends_the_session_here() {
    let app = App::start().await;
    let (browser, other) = (app.browser(), app.browser());
    app.sign_in(&browser, seed::ADELE).await;
    app.sign_in(&other, seed::ADELE).await;
    app.emulator.directory().change_app(seed::APP_ID, |portal| portal.logout_url = Some(app.at(DOOR))).unwrap();
    let logout = format!("{}{}/oauth2/v2.0/logout", app.emulator.url(), seed::CONTOSO);
    browser.start_at(logout).asking_nobody().await.unwrap();
    assert_eq!(app.who(&browser).await, "nobody", "though no cookie went along");
    assert_eq!(app.who(&other).await, "adele@contoso.example", "exactly the sessions with that sid");
}

/// What an observer can tell of an answer, the time apart.
fn seen(answer: &Response<Bytes>) -> (u16, Vec<(String, String)>, Bytes) {
    let headers = answer.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (answer.status().as_u16(), headers, answer.body().clone())
}

#[tokio::test]
async fn f67_who_has_no_sid_is_found_by_session_state() {
    let app = App::start().await;
    app.emulator
        .directory()
        .change_app(seed::APP_ID, |portal| {
            portal.optional_claims.retain(|claim| claim != "sid");
            portal.logout_url = Some(app.at(DOOR));
        })
        .unwrap();
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let logout = format!("{}{}/oauth2/v2.0/logout", app.emulator.url(), seed::CONTOSO);
    browser.start_at(logout).asking_nobody().await.unwrap();
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l3_nothing_is_asked_of_microsoft_and_no_token_is_revoked() {
    let app = App::with(|settings| settings.save_access_token = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let sid = sid_of(&app, &browser).await;
    let before = app.asked(Endpoint::Token);
    let total = app.emulator.journal().total();
    frame(&app, DOOR, &format!("sid={sid}")).await;
    assert_eq!((app.asked(Endpoint::Token), app.emulator.journal().total()), (before, total));
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l3_only_a_get_counts() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let sid = sid_of(&app, &browser).await;
    for (method, expected) in [("HEAD", 200), ("POST", 405), ("PUT", 405), ("OPTIONS", 405)] {
        let answer = app.send(Request::builder().method(method), &format!("{DOOR}?sid={sid}"), "").await;
        assert_eq!(answer.status(), expected, "{method}");
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "{method}");
    }
    frame(&app, DOOR, &format!("sid={sid}")).await;
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l4_a_store_that_is_away_cannot_be_told_from_outside() {
    let clock = ManualClock::at(Timestamp::from_unix(NOW));
    let store = Switchable(Arc::new(MemorySessions::with_clock(clock.clock())), Arc::new(AtomicBool::new(false)));
    let app = App::plugged(|_| {}, |builder| builder.sessions(store.clone())).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let sid = format!("sid={}", sid_of(&app, &browser).await);
    let nobodys = seen(&frame(&app, DOOR, "sid=00000000-0000-4000-8000-000000000000").await);
    store.1.store(true, Ordering::SeqCst);
    assert_eq!(seen(&frame(&app, DOOR, &sid).await), nobodys, "away");
    store.1.store(false, Ordering::SeqCst);
    assert_eq!(app.who(&browser).await, "adele@contoso.example", "nothing was ended");
    assert_eq!(seen(&frame(&app, DOOR, &sid).await), nobodys, "and when it is back");
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn f67_the_answer_is_always_the_same() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let sid = sid_of(&app, &browser).await;
    let wrong_issuer = format!("sid={sid}&iss=https%3A%2F%2Fevil.test");
    let twice = format!("sid={sid}&sid={sid}");
    let upper = format!("sid={}x", sid.to_uppercase());
    let queries = [
        "",
        "sid=",
        "sid=abc",
        "sid=%00",
        "sid=00000000-0000-0000-0000-000000000000",
        "iss=x",
        &wrong_issuer,
        &twice,
        &upper,
    ];
    let first = frame(&app, DOOR, queries[0]).await;
    for query in queries {
        let answer = frame(&app, DOOR, query).await;
        assert_eq!(seen(&answer), seen(&first), "{query}");
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "L3: {query}");
        assert!(!answer.headers().contains_key("set-cookie"), "{query}");
    }
    let issuer = format!("iss=https%3A%2F%2Flogin.microsoftonline.com%2F{}%2Fv2.0", seed::CONTOSO);
    let answer = frame(&app, DOOR, &format!("sid={sid}&{issuer}")).await;
    assert_eq!(seen(&answer), seen(&first));
    assert_eq!(app.who(&browser).await, "nobody", "with the right issuer it counts");
}

#[tokio::test]
async fn f67_only_the_login_hosts_may_frame_it_and_nothing_else_is_framed() {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |_| {}).await;
    let answer = frame(&app, DOOR, "").await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    let emulator = app.emulator.url().origin().ascii_serialization();
    assert!(policy.contains(&format!("frame-ancestors {emulator} https://login.microsoftonline.com")), "{policy}");
    assert!(!policy.contains('*') && policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!answer.headers().contains_key("x-frame-options"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let partners = frame(&app, PARTNERS, "").await;
    let policy = partners.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with(&format!("frame-ancestors {}", provider.url)), "{policy}");
    let login = app.browser().get(app.at("/microsoft_sso/")).await.unwrap();
    assert_eq!(login.header("x-frame-options"), Some("DENY"));
}

#[tokio::test]
async fn f67_a_providers_frame_ends_its_own_sessions() {
    let (one, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    let app = App::beside(&[("partner", &one), ("other", &other)], |_| {}).await;
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    for (door, query) in [
        (DOOR, "sid=sid-1"),
        ("/microsoft_sso/other/front_channel_logout/", "sid=sid-1"),
        (PARTNERS, "sid=sid-2"),
        (PARTNERS, "sid=sid-1&iss=https%3A%2F%2Fevil.test"),
    ] {
        assert_eq!(frame(&app, door, query).await.status(), 200);
        assert_eq!(app.who(&browser).await, "adele.v", "{door} {query}");
    }
    let issuer: String = url::form_urlencoded::byte_serialize(one.url.as_bytes()).collect();
    frame(&app, PARTNERS, &format!("sid=sid-1&iss={issuer}")).await;
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l3_x1_a_session_id_may_be_asked_for_a_few_times_a_minute() {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |_| {}).await;
    for _ in 0..6 {
        frame(&app, PARTNERS, "sid=sid-1").await;
    }
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    assert_eq!(frame(&app, PARTNERS, "sid=sid-1").await.status(), 200);
    assert_eq!(app.who(&browser).await, "adele.v", "the seventh time within a minute is not looked up");
    app.advance(std::time::Duration::from_mins(1));
    frame(&app, PARTNERS, "sid=sid-1").await;
    assert_eq!(app.who(&browser).await, "nobody");
}
