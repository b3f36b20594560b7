//! The session that a browser had when it went to Microsoft, whose cookie does not come back with the POST.

use std::time::Duration;

use axum::{Router, routing::get};
use entra_emulator::{Browser, Emulator, Endpoint, Fault, seed};
use entra_sso::{EntraSso, SignedIn, require};

use super::{CALLBACK, START, answer_of, body, posting, secure};
use crate::app::App;

const COOKIE: &str = "microsoft_sso_session";

fn application(sso: &EntraSso) -> Router {
    let page = |guard, path: &str| Router::new().route(path, get(inside)).route_layer(guard);
    Router::new()
        .route("/", get(home))
        .route("/private", get(inside))
        .merge(page(require::within(Duration::from_mins(10)), "/recent"))
        .merge(page(require::acrs("c1"), "/strong"))
        .merge(page(require::acrs("c1"), "/both").route_layer(require::acrs("c2")))
        .merge(sso.routes())
        .layer(sso.layer())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}

async fn inside(user: SignedIn) -> String {
    format!("in: {}", user.username())
}

const ADELE_IN: &str = "in: adele@contoso.example";

async fn signed_in() -> (App, Browser) {
    let app = App::serving(application, Emulator::env, "", |settings, _| secure(settings)).await;
    let browser = app.browser();
    assert_eq!(super::sign_in(&app, &browser).await.body, ADELE_IN);
    (app, browser)
}

fn session(app: &App, browser: &Browser) -> String {
    browser.cookie(&app.url, COOKIE).expect("a session")
}

/// Whether somebody with this session id would be let in.
async fn is_alive(app: &App, session: &str) -> bool {
    let thief = app.browser();
    thief.set_cookie(&app.url, &format!("{COOKIE}={session}; Path=/"));
    app.who(&thief).await != "nobody"
}

#[tokio::test]
async fn k1_the_session_before_ends_though_its_cookie_does_not_come_along() {
    let (app, browser) = signed_in().await;
    let before = session(&app, &browser);
    for start in ["/microsoft_sso/login/?prompt=login&next=/private", "/microsoft_sso/login/?prompt=select_account"] {
        let before = session(&app, &browser);
        let page = browser.start_at(app.at(start)).signing_in_as(seed::ALEX).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        assert_ne!(session(&app, &browser), before);
        assert!(!is_alive(&app, &before).await, "{start}");
    }
    assert!(!is_alive(&app, &before).await);
    assert_eq!(app.who(&browser).await, seed::ALEX);
}

#[tokio::test]
async fn k1_a_step_up_keeps_what_was_proved_before_and_ends_the_session_before() {
    let (app, browser) = signed_in().await;
    let before = session(&app, &browser);
    let page = browser.start_at(app.at("/both")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ADELE_IN, "/both"), "R6: two guards, two proofs");
    assert!(!is_alive(&app, &before).await);
    assert_eq!(app.asked(Endpoint::Token), 3, "one sign-in, and one for each guard");
    assert_eq!(browser.get_once(app.at("/both")).await.unwrap().status, 200);
    app.advance(Duration::from_mins(11));
    let page = browser.start_at(app.at("/recent")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ADELE_IN, "/recent"));
}

/// A sign-in that fails at the callback leaves who is signed in where he was, and leads him nowhere (R6).
#[tokio::test]
async fn r6_a_failed_step_up_stays_on_a_page_and_keeps_the_session() {
    let (app, browser) = signed_in().await;
    let before = session(&app, &browser);
    app.emulator.faults().always(Fault::NoClaim("acrs".to_owned()));
    let page = browser.start_at(app.at("/strong")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.url.path(), CALLBACK, "{}", page.body);
    assert!(page.body.contains("eference"), "{}", page.body);
    assert_eq!(session(&app, &browser), before);
    assert_eq!(app.who(&browser).await, seed::ADELE);
}

/// Who turns back at Microsoft keeps the session and is told on a page.
#[tokio::test]
async fn r6_who_turns_back_from_a_step_up_keeps_his_session() {
    let (app, browser) = signed_in().await;
    app.advance(Duration::from_mins(11));
    let page = browser.start_at(app.at("/recent")).cancelling().await.unwrap();
    assert_eq!(page.url.path(), CALLBACK, "{}", page.body);
    assert_eq!(app.who(&browser).await, seed::ADELE);
}

/// The state alone, or with another attempt's seed, ends nobody's session.
#[tokio::test]
async fn s18_a_stolen_state_does_nothing_to_the_session_in_it() {
    let (app, browser) = signed_in().await;
    let before = session(&app, &browser);
    let (page, form) = answer_of(&app, &browser, "/microsoft_sso/login/?prompt=login&next=/private", seed::ADELE).await;
    let thief = app.browser();
    thief.get_once(app.at(START)).await.unwrap();
    app.send(posting(&app, &thief), CALLBACK, body(&form)).await;
    assert!(is_alive(&app, &before).await);
    assert_eq!(browser.submit(&page, &form).await.unwrap().body, ADELE_IN);
    assert!(!is_alive(&app, &before).await);
}

/// Without a cookie that comes back, a guard that asks for a step-up must not ask for ever.
#[tokio::test]
async fn r6_a_step_up_whose_cookie_is_lost_is_told_and_not_repeated() {
    let (app, browser) = signed_in().await;
    let (page, form) = answer_of(&app, &browser, "/strong", seed::ADELE).await;
    // Another browser with the same session, and without the seed.
    let lost = app.browser();
    lost.set_cookie(&app.url, &format!("{COOKIE}={}; Path=/; SameSite=Lax", session(&app, &browser)));
    let page = lost.submit(&page, &form).await.unwrap();
    assert_eq!((page.status, page.url.path()), (400, "/microsoft_sso/login/"), "{}", page.body);
    assert!(page.body.contains("E380-"), "{}", page.body);
    assert_eq!(app.who(&lost).await, seed::ADELE, "the session stays");
}

/// F-37: a step-up that was finished and is brought again (the back button, a reload) leads on, and to no text about cookies.
#[tokio::test]
async fn f37_a_finished_step_up_brought_again_leads_on() {
    let (app, browser) = signed_in().await;
    app.advance(Duration::from_mins(11));
    let (page, form) = answer_of(&app, &browser, "/recent", seed::ADELE).await;
    for _ in 0..3 {
        let page = browser.submit(&page, &form).await.unwrap();
        assert_eq!((page.body.as_str(), page.url.path()), (ADELE_IN, "/recent"));
        app.advance(Duration::from_mins(2));
    }
    assert_eq!(app.asked(Endpoint::Token), 2, "the sign-in and the step-up");
    // Who signed out since then begins a sign-in.
    let nobody = app.browser();
    let page = nobody.submit(&page, &form).await.unwrap();
    assert!(page.url.as_str().starts_with(app.emulator.url().as_str()), "{} {}", page.url, page.body);
}
