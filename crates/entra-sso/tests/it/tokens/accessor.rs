//! The token of the sign-in, as a handler gets it.

use entra_emulator::{Endpoint, Fault, seed};
use entra_sso::testing::TestUser;
use http::Request;

use super::{Visitor, keep, location, saving, told};
use crate::app::App;

fn scope_of_the_sign_in(app: &App) -> String {
    let entries = app.emulator.journal().entries();
    let sign_in = entries.iter().find(|entry| entry.endpoint == Endpoint::Authorize).unwrap();
    sign_in.parameters.iter().find(|(name, _)| name == "scope").unwrap().1.clone()
}

#[tokio::test]
async fn it_is_saved_when_the_setting_says_so() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    assert_eq!(scope_of_the_sign_in(&app), "openid profile email User.ReadBasic.All offline_access", "F-19");
    let token = adele.token().await;
    assert!(token.starts_with("ey") && token == adele.token().await);
    assert_eq!(app.asked(Endpoint::Token), 1);
}

#[tokio::test]
async fn without_the_setting_there_is_none_and_nobody_asks_for_a_refresh_token() {
    let app = App::with(|settings| {
        settings.scopes = Some(vec!["User.Read".to_owned(), "offline_access".to_owned()]);
        settings.silenced_checks = vec!["sso.W095".to_owned()];
    })
    .await;
    let adele = Visitor::adele(&app).await;
    assert_eq!(scope_of_the_sign_in(&app), "openid profile email User.Read", "F-19");
    assert_eq!(told(&adele.ask("/token").await), (500, "E360".to_owned(), None));
    assert_eq!(told(&adele.ask("/graph?path=me").await), (500, "E360".to_owned(), None));
    assert_eq!(adele.open("/token").await.status(), 500);
}

#[tokio::test]
async fn who_may_not_enter_leaves_none() {
    let app = saving(|settings| settings.allowable_domains = Some(vec!["fabrikam.example".to_owned()])).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let nobody = Visitor { app: &app, browser };
    assert_eq!(told(&nobody.ask("/token").await).0, 401, "a domain that is not allowed");

    let app = saving(|_| {}).await;
    app.prepare("adele@contoso.example", |_| {}).await;
    let adele = Visitor::adele(&app).await;
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    let mut update = entra_sso::users::UserUpdate::of(user.id);
    update.is_active = Some(false);
    let _ = app.sso.update_user(update).await.unwrap();
    assert_eq!(told(&adele.ask("/token").await).0, 401, "the session is over with its tokens");
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(told(&Visitor { app: &app, browser }.ask("/token").await).0, 401, "an inactive user");
}

#[tokio::test]
async fn a_sign_in_that_brings_none_says_so_and_goes_in_no_circle() {
    let app = App::of_b2c(keep).await;
    app.emulator.faults().always(Fault::NoTokenMember("access_token".to_owned()));
    let robin = Visitor::of(&app, seed::ROBIN).await;
    assert_eq!(told(&robin.ask("/token").await), (500, "E361".to_owned(), None));
    assert_eq!(robin.open("/token").await.status(), 500);
    app.advance(std::time::Duration::from_mins(2));
    let answer = robin.open("/token").await;
    assert_eq!(answer.status(), 303, "a later sign-in may bring one");
    assert!(location(&answer).contains("/login/?"), "{}", location(&answer));
}

#[tokio::test]
async fn a_session_from_before_the_setting_signs_in_again() {
    let app = saving(|_| {}).await;
    let cookie = TestUser::new("adele@contoso.example").cookie(&app.sso).await.unwrap();
    app.advance(std::time::Duration::from_mins(2));
    let ask = |name: &'static str, value: &'static str| {
        Request::get("/").header("cookie", cookie.clone()).header(name, value)
    };
    let answer = app.send(ask("sec-fetch-mode", "navigate").header("accept", "text/html"), "/token?x=1", "").await;
    assert_eq!(answer.status(), 303);
    assert!(location(&answer).contains("next=%2Ftoken%3Fx%3D1"), "{}", location(&answer));
    let (status, code, login) = told(&app.send(ask("accept", "application/json"), "/token", "").await);
    assert_eq!((status, code.as_str()), (401, "E351"), "{login:?}");
    assert!(login.is_some());
}

#[tokio::test]
async fn z1_debug_shows_none() {
    let app = saving(|_| {}).await;
    let adele = Visitor::adele(&app).await;
    let token = adele.token().await;
    let held = TestUser::new("adele").signed_in();
    let error = held.microsoft_sso_access_token().await.unwrap_err();
    for text in [format!("{held:?}"), format!("{error:?} {error}"), format!("{:?}", held.graph())] {
        assert!(!text.contains(&token) && !text.contains("ey"), "{text}");
    }
}
