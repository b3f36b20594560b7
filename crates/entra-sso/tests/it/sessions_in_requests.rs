//! Sessions as requests meet them: ids, cookies, deadlines, sign-out.

use std::time::Duration;

use entra_emulator::{Browser, Page, seed};
use entra_sso::users::{Updated, UserStore as _, UserUpdate};

use crate::app::App;

/// What the request says, and the answer.
type Case<'a> = (&'static str, &'a [(&'static str, &'a str)], u16);

const COOKIE: &str = "microsoft_sso_session";

fn set_cookies(page: &Page) -> Vec<String> {
    page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn k1_the_id_changes_at_every_sign_in_and_the_old_session_is_over() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let before = browser.cookie(&app.url, COOKIE).expect("a session");
    let start = app.at("/microsoft_sso/login/?next=/private&prompt=select_account");
    let page = browser.start_at(start).signing_in_as(seed::ALEX).await.unwrap();
    assert_eq!(page.body, "OK user=alex@contoso.example");
    let after = browser.cookie(&app.url, COOKIE).expect("a session");
    assert_ne!(before, after);
    let thief = app.browser();
    thief.set_cookie(&app.url, &format!("{COOKIE}={before}; Path=/"));
    assert_eq!(app.who(&thief).await, "nobody", "the session before is over");
}

#[tokio::test]
async fn k1_an_id_that_the_browser_brings_is_never_used() {
    let app = App::start().await;
    let browser = app.browser();
    let planted = "A".repeat(43);
    browser.set_cookie(&app.url, &format!("{COOKIE}={planted}; Path=/"));
    app.sign_in(&browser, seed::ADELE).await;
    assert_ne!(browser.cookie(&app.url, COOKIE), Some(planted));
}

#[tokio::test]
async fn k2_sign_out_ends_the_session_on_the_server() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let cookie = browser.cookie(&app.url, COOKIE).unwrap();
    let page = browser.post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    assert_eq!((page.url.path(), page.body.as_str()), ("/", "nobody"));
    assert_eq!(browser.cookie(&app.url, COOKIE), None);
    let thief = app.browser();
    thief.set_cookie(&app.url, &format!("{COOKIE}={cookie}; Path=/"));
    assert_eq!(app.who(&thief).await, "nobody", "the old cookie opens nothing");
}

#[tokio::test]
async fn k3_cookies_have_their_attributes() {
    let app = App::start().await;
    let browser = app.browser();
    let start = browser.get_once(app.at("/microsoft_sso/login/")).await.unwrap();
    let callback = app.callback_of(&browser, "/microsoft_sso/login/", seed::ADELE).await;
    let done = browser.get_once(&callback).await.unwrap();
    let set: Vec<String> = set_cookies(&start).into_iter().chain(set_cookies(&done)).collect();
    for kind in ["microsoft_sso_session=", "microsoft_sso_attempt_", "microsoft_sso_messages="] {
        assert!(set.iter().any(|cookie| cookie.starts_with(kind)), "{kind} in {set:?}");
    }
    for cookie in set {
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(attribute), "{attribute} in {cookie}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("Secure"), "http on loopback: {cookie}");
    }
}

#[tokio::test]
async fn k4_k6_a_cookie_that_we_did_not_make_is_nobody() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let good = browser.cookie(&app.url, COOKIE).unwrap();
    let attempt = app.browser();
    let callback = app.callback_of(&attempt, "/microsoft_sso/login/", seed::ADELE).await;
    let state = callback.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let seed_value = attempt.cookies(&app.url).into_iter().find(|(name, _)| name.contains("attempt")).unwrap().1;
    let flipped = if good.starts_with('A') { good.replacen('A', "B", 1) } else { format!("A{}", &good[1..]) };
    let cases = [
        ("empty", String::new()),
        ("flipped", flipped),
        ("truncated", good[..42].to_owned()),
        ("longer", format!("{good}A")),
        ("a state", state),
        ("a seed", seed_value),
        ("an empty JWT", "eyJhbGciOiJub25lIn0.e30.".to_owned()),
        ("another text", "x".repeat(43)),
    ];
    for (name, value) in cases {
        let thief = app.browser();
        thief.set_cookie(&app.url, &format!("{COOKIE}={value}; Path=/"));
        assert_eq!(app.who(&thief).await, "nobody", "{name}");
    }
    assert_eq!(app.who(&browser).await, "adele@contoso.example", "nobody was signed out by it");
}

#[tokio::test]
async fn k5_cookie_headers_of_any_shape_are_survived() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let good = browser.cookie(&app.url, COOKIE).unwrap();
    let many = (0..2000).map(|n| format!("c{n}=x")).collect::<Vec<_>>().join("; ");
    let cases = [
        ("junk beside it", format!(";;; =; a; {COOKIE}={good}; ,,,"), "adele@contoso.example"),
        ("twice the same name", format!("{COOKIE}={good}; {COOKIE}=other"), "nobody"),
        ("a long name", format!("{}=x; {COOKIE}={good}", "n".repeat(8000)), "adele@contoso.example"),
        ("very many", format!("{many}; {COOKIE}={good}"), "nobody"),
        ("the https name on http", format!("__Host-{COOKIE}={good}"), "nobody"),
        ("quotes", format!("{COOKIE}=\"{good}\""), "nobody"),
    ];
    for (name, header, expected) in cases {
        let client = Browser::new().plain().header("cookie", &header);
        let page = client.get(app.at("/")).await.unwrap();
        assert_eq!((page.status, page.body.as_str()), (200, expected), "{name}");
    }
}

#[tokio::test]
async fn k8_idle_and_absolute_deadlines() {
    let app = App::with(|settings| {
        settings.session_cookie_age = Duration::from_hours(1);
        settings.session_idle_age = Some(Duration::from_mins(10));
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    for _ in 0..5 {
        app.advance(Duration::from_secs(599));
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "used before it was idle too long");
    }
    app.advance(Duration::from_secs(605));
    let idle = app.who(&browser).await;
    assert_eq!(idle, "nobody", "past the absolute deadline although it was used");

    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    app.advance(Duration::from_secs(601));
    assert_eq!(app.who(&browser).await, "nobody", "idle too long");
}

#[tokio::test]
async fn k9_a_deactivated_user_is_out_within_the_check_interval() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    let mut update = UserUpdate::of(user.id.clone());
    update.is_active = Some(false);
    assert!(matches!(app.users.update(update).await.unwrap(), Updated::Yes(_)));
    app.advance(Duration::from_secs(31));
    assert_eq!(app.who(&browser).await, "nobody");
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(page.url.path(), "/microsoft_sso/", "I9: and cannot sign in again");
}

#[tokio::test]
async fn sessions_of_a_user_can_be_ended_at_once() {
    let app = App::start().await;
    let (one, two, other) = (app.browser(), app.browser(), app.browser());
    app.sign_in(&one, seed::ADELE).await;
    app.sign_in(&two, seed::ADELE).await;
    app.sign_in(&other, seed::ALEX).await;
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!(app.sso.end_sessions_of(&user.id).await.unwrap(), 2);
    assert_eq!(app.who(&one).await, "nobody");
    assert_eq!(app.who(&two).await, "nobody");
    assert_eq!(app.who(&other).await, "alex@contoso.example");
}

#[tokio::test]
async fn l2_sign_out_needs_our_own_origin() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let logout = app.at("/microsoft_sso/logout/");
    let page = browser.get(&logout).await.unwrap();
    assert!(page.status == 200 && page.body.contains("Sign out?"), "a GET asks");
    assert_eq!(app.who(&browser).await, "adele@contoso.example");
    let cases: &[Case<'_>] = &[
        ("another site", &[("sec-fetch-site", "cross-site")], 403),
        ("the same site", &[("sec-fetch-site", "same-site")], 403),
        ("typed", &[("sec-fetch-site", "none")], 403),
        ("no word at all", &[("sec-fetch-site", ""), ("origin", "")], 403),
        ("origin null", &[("sec-fetch-site", ""), ("origin", "null")], 403),
        ("another origin", &[("sec-fetch-site", ""), ("origin", "http://evil.test")], 403),
        ("our origin", &[("sec-fetch-site", ""), ("origin", app.url.as_str())], 200),
    ];
    for (name, headers, status) in cases {
        let mut tab = browser.clone();
        for (header, value) in *headers {
            tab = tab.header(header, value);
        }
        let page = tab.post_form(&logout, &[]).await.unwrap();
        assert_eq!(page.status, *status, "{name}: {}", page.body);
        let expected = if *status == 200 { "nobody" } else { "adele@contoso.example" };
        assert_eq!(app.who(&browser).await, expected, "{name}");
    }
}
