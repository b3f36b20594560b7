//! J3, J5: key ids that nobody knows, and keys that cannot be fetched.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_emulator::{Endpoint, Fault};
use futures_util::future::join_all;
use http::Request;
use serde_json::json;

use super::{figure, stand::Stand, timed};
use crate::{
    app::App,
    openid_provider::{CLIENT_ID, OpenIdProvider},
};

const DOOR: &str = "/microsoft_sso/partner/back_channel_logout/";
const FLOOD: usize = 100_000;

/// Microsoft's own answers, signed by a key that stands in no list: a sign-in each.
#[tokio::test(flavor = "multi_thread")]
async fn j3_id_tokens_of_unknown_keys_cost_one_refetch_in_five_minutes() {
    const LOGINS: usize = 300;
    let stand = Stand::start(|_| {}).await;
    stand.sign_in().await;
    let fetched = || stand.emulator.journal().count(Endpoint::Keys);
    assert_eq!(fetched(), 1);
    for round in 1..=2 {
        stand.emulator.faults().always(Fault::UnknownKey);
        let all = join_all((0..LOGINS).map(|_| async { stand.come_back(&stand.at_microsoft().await).await })).await;
        assert!(all.iter().all(|answer| answer.status == 400 || answer.status == 502), "{}", all[0].status);
        assert!(all.iter().all(|answer| !answer.signed_in()));
        assert_eq!(fetched(), 1 + 2 * round, "J3: one look, with its second try at another front-end");
        stand.emulator.faults().clear();
        stand.sign_in().await;
        stand.advance(Duration::from_mins(5));
    }
    figure(format!("J3: {LOGINS} ID tokens of unknown keys at once, twice: 1 refetch (of 2 tries) in each cool-down"));
}

/// Anybody can post a logout token.
#[tokio::test(flavor = "multi_thread")]
async fn j3_a_hundred_thousand_logout_tokens_of_unknown_keys_cost_one_refetch() {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |_| {}).await;
    let sign_in = async || {
        let browser = app.browser();
        browser.get(app.at("/microsoft_sso/partner/login/")).await.expect("a page");
        browser
    };
    let browser = sign_in().await;
    let router = crate::app::application(&app.sso);
    let now = provider.clock.clock().now().unix();
    let claims = json!({
        "iss": provider.url, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "j", "sid": "sid-1",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    let encode = |value: String| URL_SAFE_NO_PAD.encode(value);
    let rest = format!("{}.{}", encode(claims.to_string()), "A".repeat(342));
    let before = provider.keys_fetched();
    let flood = async {
        for number in 0..FLOOD {
            let header =
                encode(json!({ "alg": "RS256", "typ": "logout+jwt", "kid": format!("k{number}") }).to_string());
            let request = Request::post(DOOR)
                .header("host", "localhost:8000")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(axum::body::Body::from(format!("logout_token={header}.{rest}")))
                .expect("a request");
            let answer = tower::ServiceExt::oneshot(router.clone(), request).await.expect("infallible");
            assert_eq!(answer.status(), 400, "{number}");
        }
    };
    let ((), took) = timed(flood).await;
    let fetches = provider.keys_fetched() - before;
    assert_eq!(fetches, 2, "J3: one look, with its second try");
    assert_eq!(app.who(&browser).await, "adele.v", "nobody was signed out");
    // The pause of logout tokens is not one of sign-ins: a new key is fetched now.
    provider.rotate();
    assert_eq!(app.who(&sign_in().await).await, "adele.v");
    assert_eq!(provider.keys_fetched() - before, 3, "J3: a sign-in's unknown key refetches at once");
    figure(format!(
        "J3: {FLOOD} logout tokens of unknown keys in {took:.0?}: 1 refetch (of 2 tries), and a rotation is still seen at once"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn j4_j5_old_keys_serve_for_a_day_and_then_nobody_signs_in() {
    let stand = Stand::start(|_| {}).await;
    let session = stand.sign_in().await;
    let faults = stand.emulator.faults();
    let hours = [
        Fault::Status(Endpoint::Keys, 500),
        Fault::Html(Endpoint::Keys),
        Fault::Truncated(Endpoint::Keys),
        Fault::Oversized(Endpoint::Keys, 2 << 20),
        Fault::Body(Endpoint::Keys, r#"{"keys":[]}"#.to_owned()),
        Fault::Throttled(Endpoint::Keys, Some("2.5".to_owned())),
        Fault::Redirect(Endpoint::Keys, "http://localhost:1/keys".to_owned()),
    ];
    for (hour, fault) in (1..24).zip(hours.into_iter().cycle()) {
        faults.clear();
        faults.always(fault.clone());
        stand.advance(Duration::from_hours(1));
        let answer = stand.come_back(&stand.at_microsoft().await).await;
        assert!(answer.signed_in(), "J4: {fault:?} after {hour} h: {} {}", answer.status, answer.body);
    }
    stand.advance(Duration::from_hours(1));
    let answer = stand.come_back(&stand.at_microsoft().await).await;
    assert_eq!(answer.status, 502, "J5: closed after a day: {}", answer.body);
    assert!(!answer.signed_in());
    faults.clear();
    stand.advance(Duration::from_secs(3));
    stand.sign_in().await;
    assert!(!stand.is_signed_in(&session).await, "a day is longer than a session");
    figure(
        "J4, J5: bad key lists of 7 kinds for 24 h: all sign-ins done for 23 h, none after 24 h, done again 3 s after the end",
    );
}
