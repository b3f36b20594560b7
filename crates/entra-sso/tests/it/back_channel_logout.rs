//! Back-channel logout of a provider (L1, L4, K12): what ends which sessions, and what ends none.

pub(crate) mod stores;

use std::time::Duration;

use entra_emulator::{Browser, seed};
use http::Request;
use serde_json::{Value, json};

use crate::{
    app::App,
    openid_provider::{CLIENT_ID, OpenIdProvider},
};

const DOOR: &str = "/microsoft_sso/partner/back_channel_logout/";
const FORM: &str = "application/x-www-form-urlencoded";

async fn with_partner() -> (App, OpenIdProvider) {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |_| {}).await;
    (app, provider)
}

/// Signs `subject` in, in a session of the provider's with this `sid`.
async fn signed_in(app: &App, provider: &OpenIdProvider, subject: &str, sid: &str) -> Browser {
    provider.says().claims = json!({ "sub": subject, "name": subject, "preferred_username": subject, "sid": sid });
    provider.says().user_info = json!({ "sub": subject });
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    assert_eq!(app.who(&browser).await, subject);
    browser
}

/// Posts a body: the status, and whether the answer is as every answer here has to be.
async fn post(app: &App, content_type: &str, body: String) -> u16 {
    let answer = app.send(Request::post("/").header("content-type", content_type), DOOR, body).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(!answer.headers().contains_key("set-cookie"), "no cookie");
    answer.status().as_u16()
}

async fn tell(app: &App, token: &str) -> u16 {
    post(app, FORM, format!("logout_token={token}")).await
}

#[tokio::test]
async fn l1_a_session_ends_by_its_sid_and_no_other_does() {
    let (app, provider) = with_partner().await;
    let one = signed_in(&app, &provider, "adele", "sid-1").await;
    let other = signed_in(&app, &provider, "adele", "sid-2").await;
    assert_eq!(tell(&app, &provider.logout_token("a", &json!({ "sid": "sid-1" }))).await, 200);
    assert_eq!((app.who(&one).await.as_str(), app.who(&other).await.as_str()), ("nobody", "adele"));
    assert_eq!(tell(&app, &provider.logout_token("b", &json!({ "sid": "sid-2", "sub": "adele" }))).await, 200);
    assert_eq!(app.who(&other).await, "nobody");
}

#[tokio::test]
async fn k12_a_subject_alone_ends_all_of_its_sessions_and_nobody_elses() {
    let (app, provider) = with_partner().await;
    let older = signed_in(&app, &provider, "adele", "sid-1").await;
    let alex = signed_in(&app, &provider, "alex", "sid-3").await;
    let microsofts = app.browser();
    app.sign_in(&microsofts, seed::ADELE).await;
    // An older session was closed by its sid before; the rest are still found by the subject.
    assert_eq!(tell(&app, &provider.logout_token("a", &json!({ "sid": "sid-1" }))).await, 200);
    let newer =
        [signed_in(&app, &provider, "adele", "sid-4").await, signed_in(&app, &provider, "adele", "sid-5").await];
    assert_eq!(tell(&app, &provider.logout_token("b", &json!({ "sub": "adele" }))).await, 200);
    for browser in newer.iter().chain([&older]) {
        assert_eq!(app.who(browser).await, "nobody");
    }
    assert_eq!(app.who(&alex).await, "alex");
    assert_eq!(app.who(&microsofts).await, "adele@contoso.example");
}

#[tokio::test]
async fn l1_a_sign_out_of_nobody_here_is_a_sign_out() {
    let (app, provider) = with_partner().await;
    for (jti, whom) in [("a", json!({ "sid": "unknown" })), ("b", json!({ "sub": "unknown" }))] {
        assert_eq!(tell(&app, &provider.logout_token(jti, &whom)).await, 200, "{whom}");
    }
}

#[tokio::test]
async fn l1_tokens_that_do_not_hold_end_nothing() {
    let (app, provider) = with_partner().await;
    let browser = signed_in(&app, &provider, "adele", "sid-1").await;
    signed_in(&app, &provider, "alex", "sid-2").await;
    let now = provider.clock.clock().now().unix();
    let sid = json!({ "sid": "sid-1" });
    let with = |changes: Value| {
        let mut claims = sid.clone();
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        provider.logout_token("jti", &claims)
    };
    let claims = json!({ "iss": provider.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "jti": "j", "sid": "sid-1",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} } });
    let signed = |header: Value| provider.sign(&header, &claims);
    let good = with(json!({}));
    let unsigned = good.rsplit_once('.').unwrap().0.to_owned();
    let cases = [
        ("no token", String::new()),
        ("no JWS", "abc".to_owned()),
        ("no signature", format!("{unsigned}.")),
        ("another signature", format!("{unsigned}.{}", "A".repeat(342))),
        ("alg none", signed(json!({ "alg": "none", "typ": "logout+jwt", "kid": "one" }))),
        ("no typ", signed(json!({ "alg": "RS256", "kid": "one" }))),
        ("typ of an ID token", signed(json!({ "alg": "RS256", "typ": "JWT", "kid": "one" }))),
        ("an unknown key", signed(json!({ "alg": "RS256", "typ": "logout+jwt", "kid": "two" }))),
        ("another issuer", with(json!({ "iss": "https://honest.example" }))),
        ("another audience", with(json!({ "aud": "another" }))),
        ("over", with(json!({ "iat": now - 1_000, "exp": now - 900 }))),
        ("to come", with(json!({ "iat": now + 900, "exp": now + 1_000 }))),
        ("no iat", with(json!({ "iat": null }))),
        ("no jti", with(json!({ "jti": null }))),
        ("no event", with(json!({ "events": null }))),
        ("another event", with(json!({ "events": { "http://schemas.openid.net/event/other": {} } }))),
        ("a nonce", with(json!({ "nonce": "n" }))),
        ("neither sub nor sid", provider.logout_token("jti", &json!({}))),
        ("sid of another's session", provider.logout_token("jti", &json!({ "sid": "sid-1", "sub": "alex" }))),
        ("an ID token", provider.sign(&json!({ "alg": "RS256", "typ": "JWT", "kid": "one" }),
            &json!({ "iss": provider.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "sub": "adele", "nonce": "n" }))),
        ("long", "a".repeat(40_000)),
    ];
    for (name, token) in cases {
        assert_eq!(tell(&app, &token).await, 400, "{name}");
        assert_eq!(app.who(&browser).await, "adele", "{name}");
    }
    assert_eq!(tell(&app, &good).await, 200, "and the good one still counts");
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l1_a_token_counts_once() {
    let (app, provider) = with_partner().await;
    signed_in(&app, &provider, "adele", "sid-1").await;
    let token = provider.logout_token("once", &json!({ "sub": "adele" }));
    assert_eq!(tell(&app, &token).await, 200);
    let browser = signed_in(&app, &provider, "adele", "sid-2").await;
    assert_eq!(tell(&app, &token).await, 400, "replayed");
    // As long as the token itself would be accepted, its name is remembered.
    for clock in [Duration::from_secs(121), Duration::from_secs(298)] {
        app.advance(clock);
        provider.clock.advance(clock);
        assert_eq!(tell(&app, &token).await, 400, "replayed after {clock:?}");
    }
    assert_eq!(app.who(&browser).await, "adele");
}

#[tokio::test]
async fn l1_of_many_at_once_one_counts() {
    let (app, provider) = with_partner().await;
    let token = provider.logout_token("once", &json!({ "sub": "adele" }));
    // The first answer reads metadata and keys for all.
    assert_eq!(tell(&app, &provider.logout_token("before", &json!({ "sub": "adele" }))).await, 200);
    let answers = futures_util::future::join_all((0..30).map(|_| tell(&app, &token))).await;
    let count = |status: u16| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(200), count(400)), (1, 29), "{answers:?}");
}

#[tokio::test]
async fn l1_only_a_form_with_one_token_is_read() {
    let (app, provider) = with_partner().await;
    let browser = signed_in(&app, &provider, "adele", "sid-1").await;
    let token = provider.logout_token("a", &json!({ "sid": "sid-1" }));
    let form = format!("logout_token={token}");
    assert_eq!(post(&app, "application/json", json!({ "logout_token": token }).to_string()).await, 400, "JSON");
    assert_eq!(post(&app, "text/plain", form.clone()).await, 400, "text");
    assert_eq!(post(&app, "", form.clone()).await, 400, "no content type");
    assert_eq!(post(&app, FORM, format!("{form}&{form}")).await, 400, "twice");
    assert_eq!(post(&app, FORM, format!("token={token}")).await, 400, "under another name");
    assert_eq!(post(&app, FORM, String::new()).await, 400, "nothing");
    assert_eq!(post(&app, FORM, format!("{form}&x={}", "x".repeat(1 << 20))).await, 413, "a megabyte");
    let get = app.send(Request::get("/"), &format!("{DOOR}?{form}"), "").await;
    assert_eq!(get.status(), 405, "GET");
    assert_eq!(app.who(&browser).await, "adele");
    assert_eq!(post(&app, "application/x-www-form-urlencoded; charset=utf-8", form).await, 200);
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l1_a_providers_word_counts_for_its_own_sessions() {
    let (one, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    let app = App::beside(&[("partner", &one), ("other", &other)], |_| {}).await;
    let browser = signed_in(&app, &one, "adele", "sid-1").await;
    assert_eq!(tell(&app, &other.logout_token("a", &json!({ "sid": "sid-1", "iss": one.url }))).await, 400);
    let token = other.logout_token("b", &json!({ "sid": "sid-1", "sub": "adele" }));
    let path = "/microsoft_sso/other/back_channel_logout/";
    let answer = app.send(Request::post("/").header("content-type", FORM), path, format!("logout_token={token}")).await;
    assert_eq!(answer.status(), 200, "a sign-out of nobody");
    assert_eq!(app.who(&browser).await, "adele");
    let microsoft = app.send(Request::post("/"), "/microsoft_sso/back_channel_logout/", "").await;
    assert_eq!(microsoft.status(), 404, "Microsoft has no such sign-out");
}

#[tokio::test]
async fn l4_a_provider_whose_keys_cannot_be_had_is_asked_to_come_again() {
    let (app, provider) = with_partner().await;
    let token = provider.logout_token("a", &json!({ "sid": "sid-1" }));
    provider.says().metadata = json!({ "jwks_uri": "http://127.0.0.1:9/keys" });
    assert_eq!(tell(&app, &token).await, 503);
}
