//! F-61, F-63: what happened is told on the next page, once; and which page that is.

use std::time::Duration;

use entra_emulator::seed;
use entra_sso::Settings;

use crate::app::App;

/// How a sign-in ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Success,
    Denied,
    Cancelled,
    Expired,
}

const ENDS: [(End, &str); 4] = [
    (End::Success, "Success: Signed in as Adele Vance."),
    (End::Denied, "Error: You cannot sign in here with this account."),
    (End::Cancelled, "Error: You cancelled the sign-in."),
    (End::Expired, "Error: This sign-in took too long. Please start again."),
];

/// An application on whose next page nothing takes the messages, whatever happened; and a browser to which it happened.
async fn after(end: End, change: impl FnOnce(&mut Settings)) -> (App, entra_emulator::Browser, entra_emulator::Page) {
    let app = App::with(|settings| {
        settings.login_failed_url = Some("/static?failed".to_owned());
        if end == End::Denied {
            settings.auto_create_users = false;
        }
        change(settings);
    })
    .await;
    let browser = app.browser();
    let page = match end {
        End::Success | End::Denied => app.sign_in(&browser, seed::ADELE).await,
        End::Cancelled => browser.start_at(app.at("/private")).cancelling().await.unwrap(),
        End::Expired => {
            // The first one starts again by itself; the second one is told.
            let late = app.callback_of(&browser, "/private", seed::ADELE).await;
            app.advance(Duration::from_hours(1));
            let again =
                browser.start_at(late).stop_at(app.at("/microsoft_sso/callback")).signing_in_as(seed::ADELE).await;
            let late = again.unwrap().location().expect("back to the callback");
            app.advance(Duration::from_hours(1));
            browser.get(&late).await.unwrap()
        }
    };
    (app, browser, page)
}

#[tokio::test]
async fn f63_what_happened_is_told_once_on_the_next_page() {
    for (end, expected) in ENDS {
        let (app, browser, page) = after(end, |_| {}).await;
        let leads = if end == End::Success { "/private" } else { "/static" };
        assert_eq!((page.status, page.url.path()), (200, leads), "{end:?}: {}", page.body);
        assert_eq!(page.url.query() == Some("failed"), end != End::Success, "{end:?}");
        let told = browser.get(app.at("/messages")).await.unwrap().body;
        assert_eq!(told, expected, "{end:?}");
        assert_eq!(browser.get(app.at("/messages")).await.unwrap().body, "", "{end:?}: once");
    }
}

#[tokio::test]
async fn f63_without_messages_nothing_waits_and_failures_have_a_page() {
    for (end, expected) in ENDS {
        let (app, browser, page) = after(end, |settings| settings.enable_messages = false).await;
        assert_eq!(browser.get(app.at("/messages")).await.unwrap().body, "", "{end:?}");
        let (_, text) = expected.split_once(": ").unwrap();
        let on_a_page = page.status >= 400 && page.body.contains(text);
        assert_eq!(on_a_page, end != End::Success, "{end:?}: {} {}", page.status, page.body);
    }
}

#[tokio::test]
async fn f63_without_login_failed_url_it_is_told_on_the_login_page() {
    for (end, expected) in &ENDS[1..] {
        let (_app, _, page) = after(*end, |settings| settings.login_failed_url = None).await;
        assert_eq!((page.status, page.url.path()), (200, "/microsoft_sso/"), "{end:?}");
        let (_, text) = expected.split_once(": ").unwrap();
        assert!(page.body.contains(text) && page.body.contains("role=\"alert\""), "{end:?}: {}", page.body);
        assert!(page.body.contains("?next=%2Fprivate"), "{end:?}: the next try leads to the same place");
    }
}

/// Where a sign-in leads: a known or a new user, with and without `next`.
#[tokio::test]
async fn f61_a_sign_in_leads_where_the_settings_say() {
    let settings = |settings: &mut Settings| {
        settings.next_url = "/static?home=1".to_owned();
        settings.new_user_redirect_url = Some("/static?new=1".to_owned());
    };
    for (next, new, known) in [
        ("", "/static?new=1", "/static?home=1"),
        ("?next=/private%3Fa%3D1%26b%3D%252F", "/static?new=1", "/private?a=1&b=%2F"),
        ("?next=https://evil.example/", "/static?new=1", "/static?home=1"),
        ("?next=/microsoft_sso/logout/", "/static?new=1", "/static?home=1"),
    ] {
        let app = App::with(settings).await;
        for expected in [new, known] {
            let browser = app.browser();
            let start = app.at(&format!("/microsoft_sso/login/{next}"));
            let page = browser.start_at(start).signing_in_as(seed::ADELE).await.unwrap();
            assert_eq!(&page.url[url::Position::BeforePath..url::Position::AfterQuery], expected, "{next}");
            assert_eq!(app.who(&browser).await, seed::ADELE, "{next}");
        }
    }
}

#[tokio::test]
async fn f61_without_a_page_for_new_users_they_go_where_everybody_goes() {
    let app = App::with(|settings| settings.next_url = "/static?home=1".to_owned()).await;
    let start = app.at("/microsoft_sso/login/");
    let page = app.browser().start_at(start).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.url.path(), page.url.query()), ("/static", Some("home=1")));
}

/// F-66: a GET asks, a POST leads to `logout_redirect_path`.
#[tokio::test]
async fn f61_a_sign_out_leads_where_the_settings_say() {
    let app = App::with(|settings| settings.logout_redirect_path = "/static?bye=1".to_owned()).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let question = browser.get(app.at("/microsoft_sso/logout/")).await.unwrap();
    assert!(question.body.contains("method=\"post\""), "{}", question.body);
    assert_eq!(app.who(&browser).await, seed::ADELE, "a GET signs nobody out");
    let page = browser.post_form_from(app.at("/"), app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    assert_eq!((page.url.path(), page.url.query()), ("/static", Some("bye=1")), "{}", page.body);
    assert_eq!(app.who(&browser).await, "nobody");
}
