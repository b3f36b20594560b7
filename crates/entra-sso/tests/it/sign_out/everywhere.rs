//! "Sign out everywhere": one form ends all sessions of a user, and nobody else's.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use entra_emulator::{Browser, seed};
use entra_sso::{
    oidc::{ManualClock, Timestamp},
    session::MemorySessions,
};
use http::{Request, Response};

use super::LOGOUT;
use crate::{
    app::{App, NOW},
    back_channel_logout::stores::app_of_one_role,
    openid_provider::OpenIdProvider,
    stores::Switchable,
};

/// Posts the form of our own page.
async fn post(app: &App, cookie: &str, content_type: &str, body: &str) -> Response<Bytes> {
    let request = Request::post("/").header("sec-fetch-site", "same-origin").header("content-type", content_type);
    app.send(request.header("cookie", cookie), LOGOUT, body.to_owned()).await
}

const FORM: &str = "application/x-www-form-urlencoded";

async fn signed_in(app: &App, who: &str) -> Browser {
    let browser = app.browser();
    app.sign_in(&browser, who).await;
    browser
}

#[tokio::test]
async fn f66_everywhere_ends_all_sessions_of_the_user_and_nobody_elses() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let (one, two, three) =
        (signed_in(&app, seed::ADELE).await, signed_in(&app, seed::ADELE).await, signed_in(&app, seed::ADELE).await);
    let alex = signed_in(&app, seed::ALEX).await;
    let answer = post(&app, &app.cookies(&one), FORM, "everywhere=1").await;
    let there = answer.headers()["location"].to_str().unwrap();
    assert!(there.starts_with(app.emulator.url().as_str()), "slo_enabled goes on as usual: {there}");
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    for browser in [&one, &two, &three] {
        assert_eq!(app.who(browser).await, "nobody");
    }
    assert_eq!(app.who(&alex).await, "alex@contoso.example");
    assert_eq!(app.who(&signed_in(&app, seed::ADELE).await).await, "adele@contoso.example", "and may come again");
}

#[tokio::test]
async fn f66_anything_but_the_field_signs_out_this_browser_alone() {
    let app = App::start().await;
    let other = signed_in(&app, seed::ADELE).await;
    for (content_type, body) in [
        (FORM, ""),
        (FORM, "everywhere=0"),
        (FORM, "everywhere="),
        (FORM, "everywhere=true"),
        (FORM, "Everywhere=1"),
        ("application/json", r#"{"everywhere":1}"#),
        ("text/plain", "everywhere=1"),
        ("multipart/form-data; boundary=x", "everywhere=1"),
    ] {
        let browser = signed_in(&app, seed::ADELE).await;
        let answer = post(&app, &app.cookies(&browser), content_type, body).await;
        assert_eq!((answer.status().as_u16(), app.who(&browser).await.as_str()), (303, "nobody"), "{body}");
        assert_eq!(app.who(&other).await, "adele@contoso.example", "{content_type} {body}");
    }
    let browser = signed_in(&app, seed::ADELE).await;
    let long = format!("everywhere=1&x={}", "x".repeat(70_000));
    assert_eq!(post(&app, &app.cookies(&browser), FORM, &long).await.status(), 413);
    assert_eq!(app.who(&browser).await, "adele@contoso.example", "what is too long ends nothing");
    post(&app, &app.cookies(&browser), "Application/X-WWW-Form-Urlencoded; charset=utf-8", "x=y&everywhere=1").await;
    assert_eq!(app.who(&other).await, "nobody");
}

#[tokio::test]
async fn f66_nobody_and_a_session_that_is_over_end_nobodys() {
    let app = App::start().await;
    let other = signed_in(&app, seed::ADELE).await;
    let browser = signed_in(&app, seed::ADELE).await;
    let old = app.cookies(&browser);
    post(&app, &old, FORM, "").await;
    for cookie in [old.as_str(), "", "microsoft_sso_session=AAAA"] {
        let answer = post(&app, cookie, FORM, "everywhere=1").await;
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/#"));
        assert_eq!(app.who(&other).await, "adele@contoso.example");
    }
}

#[tokio::test]
async fn f66_the_page_says_how_many_other_sessions_there_are() {
    let app = App::start().await;
    let browser = signed_in(&app, seed::ADELE).await;
    let page = async || browser.get(app.at(LOGOUT)).await.unwrap().body;
    assert!(!page().await.contains("everywhere"), "one session is one button");
    for count in 1..=2 {
        signed_in(&app, seed::ADELE).await;
        signed_in(&app, seed::ALEX).await;
        let page = page().await;
        assert!(page.contains(&format!("other devices: {count}</p>")), "{page}");
        assert!(page.contains(r#"name="everywhere" value="1">Sign out everywhere"#), "{page}");
    }
    for _ in 0..20 {
        signed_in(&app, seed::ADELE).await;
    }
    assert!(page().await.contains("other devices: 20+</p>"));
    app.advance(Duration::from_mins(61));
    let last = signed_in(&app, seed::ADELE).await;
    let page = last.get(app.at(LOGOUT)).await.unwrap().body;
    assert!(!page.contains("everywhere"), "those that are over are none: {page}");
}

#[tokio::test]
async fn f66_a_store_that_is_away_ends_nothing_and_the_cookie_stays() {
    let clock = ManualClock::at(Timestamp::from_unix(NOW));
    let store = Switchable(Arc::new(MemorySessions::with_clock(clock.clock())), Arc::new(AtomicBool::new(false)));
    let app = App::plugged(|settings| settings.slo_enabled = true, |builder| builder.sessions(store.clone())).await;
    let (browser, other) = (signed_in(&app, seed::ADELE).await, signed_in(&app, seed::ADELE).await);
    for body in ["", "everywhere=1"] {
        store.1.store(true, Ordering::SeqCst);
        let answer = post(&app, &app.cookies(&browser), FORM, body).await;
        assert_eq!(answer.status(), 503, "{body}");
        let page = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(!answer.headers().contains_key("set-cookie") && !answer.headers().contains_key("location"), "{body}");
        assert!(!page.contains("Signed out"), "nothing is pretended: {page}");
        assert!(page.contains(r#"<a class="button" href="&#x2f;microsoft_sso&#x2f;logout&#x2f;">Try again"#), "{page}");
        store.1.store(false, Ordering::SeqCst);
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "{body}");
    }
    assert_eq!(post(&app, &app.cookies(&browser), FORM, "everywhere=1").await.status(), 303, "and then it can be done");
    assert_eq!(app.who(&other).await, "nobody");
}

/// One person with an account at Microsoft and one at a partner, whom a backend takes for the same user.
#[tokio::test]
async fn f66_everywhere_is_every_provider() {
    let provider = OpenIdProvider::start().await;
    let app = app_of_one_role(&provider).await;
    for asking in 0..2 {
        let browsers = [app.browser(), app.browser()];
        app.sign_in(&browsers[0], seed::ADELE).await;
        browsers[1].get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
        for browser in &browsers {
            assert_eq!(app.who(browser).await, "role");
        }
        post(&app, &app.cookies(&browsers[asking]), FORM, "everywhere=1").await;
        for browser in &browsers {
            assert_eq!(app.who(browser).await, "nobody");
        }
    }
}

/// A browser gets a page and a way back, a script its status and JSON.
#[tokio::test]
async fn l2_who_is_refused_is_told_in_his_own_form() {
    let app = App::start().await;
    for (mode, expected) in [(Some("navigate"), "text/html"), (None, "text/html"), (Some("cors"), "application/json")] {
        let request = Request::post("/").header("sec-fetch-site", "cross-site").header("accept", "text/html,*/*");
        let request = mode.into_iter().fold(request, |request, mode| request.header("sec-fetch-mode", mode));
        let answer = app.send(request, LOGOUT, "").await;
        assert_eq!(answer.status(), 403, "{mode:?}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(expected), "{mode:?}");
        let told = String::from_utf8_lossy(answer.body());
        assert!(told.contains("E322-") && !told.contains("cannot sign in"), "{mode:?}: {told}");
    }
}

#[tokio::test]
async fn f66_the_forms_for_an_applications_own_pages_are_in_its_language() {
    let app = App::with(|settings| settings.languages = vec!["en".to_owned(), "de".to_owned()]).await;
    let [english, german] = ["", "de"].map(|language| app.sso.sign_out_everywhere_form_in(language));
    assert_eq!(
        english,
        r#"<form class="entra-sso-sign-out" method="post" action="&#x2f;microsoft_sso&#x2f;logout&#x2f;"><button type="submit" name="everywhere" value="1">Sign out everywhere</button></form>"#
    );
    assert!(german.contains(">Überall abmelden<"), "{german}");
    assert_eq!(app.sso.sign_out_everywhere_form(), english);
    assert!(!app.sso.sign_out_form().contains("everywhere"));
}
