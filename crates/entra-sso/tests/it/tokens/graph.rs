//! Graph for handlers.

use std::time::Duration;

use entra_emulator::{Endpoint, Fault, seed};

use super::{Visitor, keep, location, refreshes, saving, told};
use crate::app::App;

const CHALLENGE: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;

#[tokio::test]
async fn a_handler_reads_and_posts_with_a_token_that_is_good() {
    let app = saving(|settings| settings.scopes = Some(vec!["User.Read".to_owned()])).await;
    let adele = Visitor::adele(&app).await;
    app.advance(Duration::from_secs(3599));
    let me: serde_json::Value = serde_json::from_str(&adele.text("/graph?path=me").await).unwrap();
    assert_eq!(me["id"], seed::ADELE_ID);
    assert_eq!(refreshes(&app), 1, "the old token was over");
    let request = http::Request::post("/").header("cookie", app.cookies(&adele.browser));
    let request = request.header("sec-fetch-site", "same-origin");
    let answer = app.send(request, "/graph/post", "").await;
    assert_eq!(String::from_utf8_lossy(answer.body()), format!("\"{}\" 2", seed::ADELE_ID));
}

#[tokio::test]
async fn a_challenge_leads_through_a_stronger_sign_in_and_back() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, CHALLENGE.to_owned()));
    let (status, code, login) = told(&adele.ask("/graph?path=me").await);
    assert_eq!((status, code.as_str()), (401, "E351"));
    assert!(login.unwrap().contains("step="));

    app.emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, CHALLENGE.to_owned()));
    let asked = app.asked(Endpoint::Me);
    let answer = adele.open("/graph?path=me").await;
    assert_eq!((answer.status().as_u16(), app.asked(Endpoint::Me)), (303, asked + 1), "asked once");
    let there = adele.browser.get_once(app.at(&location(&answer))).await.unwrap().location().unwrap();
    let claims = there.query_pairs().find(|(name, _)| name == "claims").map(|(_, claims)| claims.into_owned());
    assert_eq!(claims.as_deref(), Some(CHALLENGE));
    let page = adele.browser.start_at(there).signing_in_as(seed::ADELE).await.unwrap();
    assert!(page.body.contains(seed::ADELE_ID), "back at the page that asked: {}", page.body);
}

#[tokio::test]
async fn r6_a_challenge_that_no_sign_in_answers_leads_through_one_and_no_more() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    for _ in 0..10 {
        app.emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, CHALLENGE.to_owned()));
    }
    let asked = app.asked(Endpoint::Me);
    let page = adele.browser.start_at(app.at("/graph?path=me")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.status, page.url.path()), (403, "/graph"), "{}", page.body);
    assert!(page.body.contains("E352-"), "{}", page.body);
    assert_eq!(app.asked(Endpoint::Me), asked + 2, "before and after the sign-in");
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example");
    app.advance(Duration::from_mins(2));
    assert_eq!(adele.open("/graph?path=me").await.status(), 303, "later it may be another matter");
}

#[tokio::test]
async fn each_refusal_has_its_answer() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    for (name, fault, expected, retry_after) in [
        ("429", Some(Fault::Throttled(Endpoint::Me, Some("2.128".to_owned()))), (503, "E366"), Some("3")),
        ("503", Some(Fault::Status(Endpoint::Me, 503)), (503, "E366"), None),
        ("403", Some(Fault::Status(Endpoint::Me, 403)), (502, "E367"), None),
        ("401", Some(Fault::Status(Endpoint::Me, 401)), (502, "E367"), None),
        ("404", Some(Fault::Status(Endpoint::Me, 404)), (502, "E367"), None),
        ("HTML", Some(Fault::Html(Endpoint::Me)), (502, "E367"), None),
        ("large", Some(Fault::Oversized(Endpoint::Me, 2 << 20)), (502, "E367"), None),
        ("fine", None, (200, ""), None),
    ] {
        if let Some(fault) = fault {
            app.emulator.faults().once(fault);
        }
        let answer = adele.ask("/graph?path=me").await;
        let (status, code, _) = told(&answer);
        assert_eq!((status, code.as_str()), expected, "{name}");
        assert_eq!(answer.headers().get("retry-after").map(|value| value.to_str().unwrap()), retry_after, "{name}");
        assert_eq!(app.who(&adele.browser).await, "adele@contoso.example", "{name}");
    }
    assert_eq!(refreshes(&app), 0, "nothing is tried again by itself");
}

#[tokio::test]
async fn the_token_goes_to_the_configured_graph_alone() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let asked = app.emulator.journal().total();
    for path in ["https://evil.test/me", "//evil.test/me", "..%2Fx", "me%3Fx", ""] {
        assert_eq!(told(&adele.ask(&format!("/graph?path={path}")).await).1, "E368", "{path}");
    }
    for link in ["https://evil.test/graph/v1.0/me", "http://localhost:1/graph/v1.0/me", "me"] {
        assert_eq!(told(&adele.ask(&format!("/graph?next={link}")).await).1, "E367", "{link}");
    }
    assert_eq!(app.emulator.journal().total(), asked);
    let own = format!("{}graph/v1.0/me", app.emulator.url());
    assert!(adele.text(&format!("/graph?next={own}")).await.contains(seed::ADELE_ID));
}

#[tokio::test]
async fn an_authority_without_graph_says_so() {
    let app = App::of_b2c(keep).await;
    let robin = Visitor::of(&app, seed::ROBIN).await;
    assert_eq!(told(&robin.ask("/graph?path=me").await), (500, "E365".to_owned(), None));
}
