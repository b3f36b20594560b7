//! Tokens for other APIs, by their scopes.

use std::time::Duration;

use entra_emulator::{Endpoint, ErrorAnswer, Fault, seed};
use futures_util::future::join;

use super::{Visitor, refreshes, saving, told};

fn path(name: &str) -> String {
    format!("/token_for?scope=api://{}/{name}", seed::APP_ID)
}

#[tokio::test]
async fn it_stands_beside_the_first_each_with_its_own_life() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let main = adele.token().await;
    app.advance(Duration::from_mins(30));
    let other = adele.text(&path("read")).await;
    assert_ne!(other, main);
    assert_eq!((adele.text(&path("read")).await, adele.token().await), (other.clone(), main.clone()));
    assert_eq!(refreshes(&app), 1, "kept in the session");
    let entries = app.emulator.journal().entries();
    let redemption = entries.iter().rfind(|entry| entry.endpoint == Endpoint::Token).unwrap();
    let scope = redemption.parameters.iter().find(|(name, _)| name == "scope").unwrap().1.clone();
    assert_eq!(scope, format!("api://{}/read offline_access", seed::APP_ID));

    app.advance(Duration::from_secs(1799));
    let renewed = adele.token().await;
    assert_ne!(renewed, main, "the first is over");
    assert_eq!(adele.text(&path("read")).await, other, "the second is not");
    assert_eq!(refreshes(&app), 2, "the newest refresh token won: strict rotation takes it");
    app.advance(Duration::from_mins(30));
    assert_ne!(adele.text(&path("read")).await, other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn k10_two_apis_at_once_are_two_calls_one_after_the_other() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    app.advance(Duration::from_secs(3599));
    let (read, write) = (path("read"), path("write"));
    let asking = futures_util::future::join_all(
        (0..10).map(|_| join(join(adele.text(&read), adele.text(&write)), adele.token())),
    );
    let tokens = asking.await;
    assert!(tokens.iter().all(|each| *each == tokens[0]));
    assert_eq!(refreshes(&app), 3, "strict rotation refused none");
}

#[tokio::test]
async fn many_apis_are_many_tokens_of_which_eight_are_kept() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    for number in 0..10 {
        app.advance(Duration::from_secs(1));
        adele.text(&path(&format!("s{number}"))).await;
    }
    assert_eq!(refreshes(&app), 10);
    for number in 2..10 {
        adele.text(&path(&format!("s{number}"))).await;
    }
    assert_eq!(refreshes(&app), 10, "the last eight");
    adele.text(&path("s0")).await;
    assert_eq!(refreshes(&app), 11);
}

#[tokio::test]
async fn what_cannot_be_had_says_who_has_to_act() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    assert_eq!(told(&adele.ask("/token_for?scope=").await), (500, "E363".to_owned(), None));
    assert_eq!(refreshes(&app), 0);
    assert_eq!(told(&adele.ask("/token_for?scope=api://nobody/read").await), (500, "E231".to_owned(), None));
    let consent = ErrorAnswer::new("invalid_grant", 65001, "consent").suberror("consent_required");
    app.emulator.faults().once(Fault::TokenError(consent));
    assert_eq!(told(&adele.ask(&path("read")).await), (403, "E211".to_owned(), None));
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example", "none of it signs anybody out");
    app.advance(Duration::from_secs(30));
    adele.text(&path("read")).await;
}

/// Microsoft says `invalid_grant` also of a user who may not use this one API (AADSTS50105).
#[tokio::test]
async fn k10_an_api_that_refuses_the_user_does_not_end_the_session() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let refusal = || Fault::TokenError(ErrorAnswer::new("invalid_grant", 50105, "not assigned"));
    app.emulator.faults().once(refusal());
    let (status, code, login) = told(&adele.ask(&path("read")).await);
    assert_eq!((status, code.as_str(), login), (403, "E232", None));
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example");
    app.advance(Duration::from_secs(30));
    adele.text(&path("read")).await;
    adele.token().await;
    (0..2).for_each(|_| app.emulator.faults().once(refusal()));
    assert_eq!(told(&adele.ask(&path("write")).await).1, "E330", "the sign-in's own refresh is refused too");
    assert_eq!(app.who(&adele.browser).await, "nobody");
}
