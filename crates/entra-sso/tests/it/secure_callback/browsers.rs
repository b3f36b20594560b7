//! Who may bring an answer, and how often.

use axum::body::Body;
use bytes::Bytes;
use entra_emulator::{Endpoint, Fault, seed};
use futures_util::future;
use http::header;
use tower::ServiceExt as _;

use super::{ADELE_IN, CALLBACK, START, answer_of, app, body, location, posting};
use crate::app::application;

#[tokio::test]
async fn s1_s18_a_state_from_another_browser_is_refused_and_burns_nothing() {
    let app = app().await;
    let (owner, thief) = (app.browser(), app.browser());
    let (page, form) = answer_of(&app, &owner, START, seed::ADELE).await;
    // The thief has an attempt of his own, too: its seed opens nothing of the owner's.
    thief.get_once(app.at(START)).await.unwrap();
    for _ in 0..3 {
        let answer = app.send(posting(&app, &thief), CALLBACK, body(&form)).await;
        assert_eq!(location(&answer), "/microsoft_sso/login/?next=%2Fprivate&again=1");
        assert!(answer.headers().get("set-cookie").is_none(), "nothing is set");
    }
    assert_eq!(app.who(&thief).await, "nobody");
    assert_eq!(app.asked(Endpoint::Token), 0, "the code was not redeemed");
    assert_eq!(owner.submit(&page, &form).await.unwrap().body, ADELE_IN, "the owner still succeeds");
    assert_eq!(app.who(&thief).await, "nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_s17_a_hundred_replays_are_one_token_call_and_one_session() {
    let app = app().await;
    app.emulator.faults().always(Fault::ReusableCode);
    let browser = app.browser();
    let (_, form) = answer_of(&app, &browser, START, seed::ADELE).await;
    let router = application(&app.sso);
    let host = app.url.trim_start_matches("http://");
    let replays = (0..100).map(|_| {
        let request = posting(&app, &browser).uri(CALLBACK).header(header::HOST, host);
        tokio::spawn(router.clone().oneshot(request.body(Body::from(body(&form))).unwrap()))
    });
    let mut signed_in = 0;
    for answer in future::join_all(replays.collect::<Vec<_>>()).await {
        let answer = answer.unwrap().unwrap().map(|_| Bytes::new());
        assert_eq!(answer.status(), 303);
        let cookies = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let sessions = cookies.filter(|cookie| cookie.starts_with("microsoft_sso_session=")).count();
        let expected = if sessions == 1 { "/private" } else { "/microsoft_sso/login/?next=%2Fprivate&again=1" };
        assert_eq!(location(&answer), expected);
        signed_in += sessions;
    }
    assert_eq!((app.asked(Endpoint::Token), signed_in), (1, 1));
}

/// The seed of one attempt under the name of another.
#[tokio::test]
async fn s15_a_tossed_cookie_opens_nothing() {
    let app = app().await;
    let (attacker, victim) = (app.browser(), app.browser());
    let (_, form) = answer_of(&app, &attacker, START, seed::ALEX).await;
    victim.get_once(app.at(START)).await.unwrap();
    let seed_of =
        |cookies: Vec<(String, String)>| cookies.into_iter().find(|(name, _)| name.contains("attempt")).unwrap();
    let (name, _) = seed_of(attacker.cookies(&app.url));
    let (_, own) = seed_of(victim.cookies(&app.url));
    for value in [own.as_str(), "", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let request = posting(&app, &app.browser()).header("cookie", format!("{name}={value}"));
        let answer = app.send(request, CALLBACK, body(&form)).await;
        assert_eq!(location(&answer), "/microsoft_sso/login/?next=%2Fprivate&again=1", "{value}");
    }
    assert_eq!(app.asked(Endpoint::Token), 0);
}
