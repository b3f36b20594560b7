//! New tokens in time: one call, in the background, kept whatever becomes of who caused it.

use std::time::Duration;

use entra_emulator::{Endpoint, ErrorAnswer, Fault, seed};
use futures_util::future::join_all;
use serde_json::json;

use super::{Visitor, location, refreshes, saving, told};
use crate::app::App;

/// The emulator's access tokens live for 3599 s.
const LIFE: Duration = Duration::from_secs(3599);
const DUE: Duration = Duration::from_secs(3599 - 300);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn k10_fifty_requests_on_an_expired_token_are_one_call() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let before = adele.token().await;
    for round in 1..=3 {
        app.advance(LIFE);
        let tokens = join_all((0..50).map(|_| adele.token())).await;
        assert!(tokens.iter().all(|token| *token == tokens[0] && *token != before), "one token for all");
        assert_eq!(refreshes(&app), round, "one call, and strict rotation refused none");
    }
}

#[tokio::test]
async fn a_token_that_is_due_is_refreshed_while_requests_go_on() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let before = adele.token().await;
    app.advance(Duration::from_secs(3599 - 301));
    adele.text("/private").await;
    app.advance(Duration::from_secs(1));
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    assert_eq!(adele.text("/private").await, "OK user=adele@contoso.example", "nobody waits");
    app.emulator.faults().wait_until_held(1).await;
    assert_eq!(adele.token().await, before, "it is still good");
    assert_eq!(refreshes(&app), 0, "none has been answered yet");
    app.emulator.faults().release();
    adele.token_after(&before).await;
    assert_eq!(refreshes(&app), 1);
}

#[tokio::test]
async fn what_microsoft_gave_is_kept_when_the_request_is_dropped() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let before = adele.token().await;
    app.advance(LIFE);
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    {
        let asking = adele.ask("/token");
        let held = app.emulator.faults().wait_until_held(1);
        futures_util::future::select(Box::pin(asking), Box::pin(held)).await;
    }
    app.emulator.faults().release();
    let token = adele.token().await;
    assert_ne!(token, before);
    assert_eq!(refreshes(&app), 1, "the dropped request's call was the one");
    app.advance(LIFE);
    assert_ne!(adele.token().await, token, "the rotated refresh token was kept: strict rotation takes it");
}

#[tokio::test]
async fn k9_a_grant_that_is_refused_ends_the_session() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.emulator.revoke(seed::ADELE).unwrap();
    assert_eq!(adele.ask("/token").await.status(), 200, "the token is good, and so is the session");
    app.advance(LIFE);
    let (status, code, login) = told(&adele.ask("/token").await);
    assert_eq!((status, code.as_str()), (401, "E330"));
    assert!(login.is_some());
    assert_eq!(app.who(&adele.browser).await, "nobody", "the session is over");
    assert_eq!(refreshes(&app), 1, "read again, and the same refresh token is not tried twice");

    let adele = Visitor::adele(&app).await;
    app.emulator.directory().change_user(seed::ADELE, |user| user.enabled = false).unwrap();
    app.advance(LIFE);
    let answer = adele.open("/token?x=1").await;
    assert_eq!(answer.status(), 303, "a disabled account");
    assert!(location(&answer).contains("login/?next=%2Ftoken%3Fx%3D1"), "{}", location(&answer));
    assert_eq!(app.who(&adele.browser).await, "nobody");
}

#[tokio::test]
async fn k9_a_disabled_account_is_signed_out_in_the_background() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.emulator.directory().change_user(seed::ADELE, |user| user.enabled = false).unwrap();
    app.advance(DUE);
    for _ in 0..2_000 {
        if app.who(&adele.browser).await == "nobody" {
            return;
        }
    }
    panic!("the session goes on");
}

#[tokio::test]
async fn t23_another_user_s_id_token_ends_the_session() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    for _ in 0..2 {
        app.emulator.faults().once(Fault::Claim("sub".to_owned(), json!("another")));
    }
    assert_eq!(told(&adele.ask("/token").await).0, 401);
    assert_eq!(app.who(&adele.browser).await, "nobody");
}

#[tokio::test]
async fn a_fault_on_the_way_keeps_session_and_token_and_pauses() {
    for (name, fault, pause, retry_after) in [
        ("502", Fault::Status(Endpoint::Token, 502), 30, None),
        ("HTML", Fault::Status(Endpoint::Token, 503), 30, None),
        ("429", Fault::Throttled(Endpoint::Token, Some("120".to_owned())), 120, Some("120")),
        ("429, soon", Fault::Throttled(Endpoint::Token, Some("1".to_owned())), 30, Some("1")),
        ("busy", Fault::TokenError(ErrorAnswer::new("temporarily_unavailable", 90055, "busy").status(503)), 30, None),
    ] {
        let app = saving(|_| {}).await;
        let adele = Visitor::adele(&app).await;
        app.advance(LIFE);
        app.emulator.faults().always(fault);
        for _ in 0..5 {
            let answer = adele.ask("/token").await;
            assert_eq!(told(&answer), (503, "E362".to_owned(), None), "{name}");
            assert_eq!(answer.headers().get("retry-after").map(|value| value.to_str().unwrap()), retry_after, "{name}");
        }
        assert_eq!(refreshes(&app), 1, "{name}: a pause");
        app.emulator.faults().clear();
        app.advance(Duration::from_secs(pause - 1));
        assert_eq!(adele.ask("/token").await.status(), 503, "{name}: still");
        assert_eq!(app.who(&adele.browser).await, "adele@contoso.example", "{name}: nobody is signed out");
        app.advance(Duration::from_secs(1));
        assert_eq!(adele.ask("/token").await.status(), 200, "{name}: afterwards");
        assert_eq!(refreshes(&app), 2, "{name}");
    }
}

#[tokio::test]
async fn what_the_operator_has_to_cure_signs_nobody_out() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    app.emulator.faults().once(Fault::TokenError(ErrorAnswer::new("invalid_client", 7_000_222, "expired")));
    assert_eq!(told(&adele.ask("/token").await), (500, "E231".to_owned(), None));
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example");
}

#[tokio::test]
async fn another_step_leads_through_a_sign_in_that_proves_it() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    let claims = r#"{"access_token":{"polids":{"essential":true,"values":["x"]}}}"#;
    let error = ErrorAnswer::new("interaction_required", 50076, "another factor").claims(claims);
    app.emulator.faults().once(Fault::TokenError(error));
    let answer = adele.open("/token").await;
    assert_eq!(answer.status(), 303);
    assert!(location(&answer).contains("step="), "{}", location(&answer));
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example", "the session stays until then");
    let page = adele.browser.start_at(app.at(&location(&answer))).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.status, 200);
    assert!(adele.token().await.starts_with("ey"));
}

#[tokio::test]
async fn k8_a_refresh_moves_no_deadline() {
    let app = saving(|settings| settings.session_cookie_age = Duration::from_hours(2)).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    adele.token().await;
    app.advance(Duration::from_hours(1));
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example");
    app.advance(Duration::from_secs(1));
    assert_eq!(app.who(&adele.browser).await, "nobody");
}

#[tokio::test]
async fn k14_a_refresh_that_races_a_sign_out_brings_nothing_back() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let cookie = app.cookies(&adele.browser);
    app.advance(DUE);
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    adele.text("/private").await;
    app.emulator.faults().wait_until_held(1).await;
    adele.browser.post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    app.emulator.faults().release();
    while refreshes(&app) == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        let request = http::Request::get("/").header("cookie", cookie.clone()).header("accept", "application/json");
        assert_eq!(told(&app.send(request, "/token", "").await).0, 401, "signed out is signed out");
    }
    assert_eq!(refreshes(&app), 1);
}

#[tokio::test]
async fn microsoft_s_own_hint_is_heard() {
    let app = saving(|_| {}).await;
    app.emulator.faults().once(Fault::Member(Endpoint::Token, "refresh_in".to_owned(), Some(json!(600))));
    let adele = Visitor::adele(&app).await;
    let before = adele.token().await;
    app.advance(Duration::from_secs(599));
    assert_eq!(adele.token().await, before);
    assert_eq!(refreshes(&app), 0);
    app.advance(Duration::from_secs(1));
    adele.token_after(&before).await;
    assert_eq!(refreshes(&app), 1);
}

#[tokio::test]
async fn a_short_life_is_not_always_due() {
    let app = saving(|_| {}).await;
    app.emulator.faults().once(Fault::Member(Endpoint::Token, "expires_in".to_owned(), Some(json!(60))));
    let adele = Visitor::adele(&app).await;
    let before = adele.token().await;
    app.advance(Duration::from_secs(29));
    assert_eq!((adele.token().await, refreshes(&app)), (before.clone(), 0));
    app.advance(Duration::from_secs(1));
    adele.token_after(&before).await;
}

#[tokio::test]
async fn a_session_without_a_refresh_token_lives_on_and_signs_in_for_a_token() {
    let app: App = saving(|_| {}).await;
    app.emulator.faults().once(Fault::NoTokenMember("refresh_token".to_owned()));
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example");
    let answer = adele.open("/token").await;
    assert_eq!((answer.status().as_u16(), refreshes(&app)), (303, 0));
    assert!(location(&answer).contains("step="), "{}", location(&answer));
}
