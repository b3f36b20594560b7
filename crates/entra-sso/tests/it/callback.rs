//! The callback: who may bring an answer, how often, and what becomes of a bad one.

use std::time::Duration;

use entra_emulator::{Endpoint, ErrorAnswer, Fault, seed};

use crate::app::App;

const START: &str = "/microsoft_sso/login/?next=/private";

#[tokio::test]
async fn s1_s18_a_state_from_another_browser_is_refused_and_burns_nothing() {
    let app = App::start().await;
    let (owner, thief) = (app.browser(), app.browser());
    let callback = app.callback_of(&owner, START, seed::ADELE).await;

    let page = thief.get_once(&callback).await.unwrap();
    assert_eq!(app.who(&thief).await, "nobody");
    assert_eq!(app.asked(Endpoint::Token), 0, "the code was not redeemed");
    assert!(
        page.location().is_some_and(|there| there.as_str().starts_with(app.emulator.url().as_str())),
        "started once more"
    );

    let page = owner.get(&callback).await.unwrap();
    assert_eq!(page.body, "OK user=adele@contoso.example", "the owner still succeeds");
    assert_eq!(app.who(&thief).await, "nobody");
}

#[tokio::test]
async fn s1_a_restarted_attempt_from_another_browser_is_explained() {
    let app = App::start().await;
    let (owner, thief) = (app.browser(), app.browser());
    let first = app.callback_of(&owner, START, seed::ADELE).await;
    owner.clear_cookies();
    // The lost cookie starts it once more; that one is lost, too.
    let second =
        owner.start_at(&first).stop_at(app.at("/microsoft_sso/callback")).signing_in_as(seed::ADELE).await.unwrap();
    let callback = second.location().expect("back from Microsoft").to_string();
    let page = thief.get(&callback).await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert!(page.body.contains("begun in another browser"), "{}", page.body);
    assert_eq!(app.who(&thief).await, "nobody");
}

#[tokio::test]
async fn s4_s17_a_hundred_replays_are_one_token_call_and_one_session() {
    let app = App::start().await;
    app.emulator.faults().always(Fault::ReusableCode);
    let browser = app.browser();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    let replays = (0..100).map(|_| {
        let (browser, callback) = (browser.clone(), callback.clone());
        tokio::spawn(async move { browser.get_once(&callback).await.expect("an answer") })
    });
    let mut sessions = 0;
    for replay in replays.collect::<Vec<_>>() {
        let page = replay.await.unwrap();
        assert_eq!(page.status, 303);
        let cookies = page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        sessions += cookies
            .filter(|cookie| cookie.starts_with("microsoft_sso_session=") && !cookie.contains("Max-Age=0"))
            .count();
    }
    assert_eq!((app.asked(Endpoint::Token), sessions), (1, 1));
}

#[tokio::test]
async fn f37_a_used_state_with_a_session_goes_on() {
    let app = App::start().await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    assert_eq!(browser.get(&callback).await.unwrap().body, "OK user=adele@contoso.example");
    assert_eq!(browser.get(&callback).await.unwrap().body, "OK user=adele@contoso.example", "the back button");
    assert_eq!(app.asked(Endpoint::Token), 1);
}

#[tokio::test]
async fn f37_an_expired_state_starts_once_more_and_then_signs_in() {
    let app = App::start().await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    app.advance(Duration::from_secs(601));
    let page = browser.start_at(&callback).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.body, "OK user=adele@contoso.example");
}

#[tokio::test]
async fn f37_a_browser_without_cookies_is_told_and_not_sent_in_circles() {
    let app = App::start().await;
    let mut callback = app.callback_of(&app.browser(), START, seed::ADELE).await;
    let mut restarts = 0;
    loop {
        // A new browser each time: nothing is kept.
        let browser = app.browser();
        let page = browser.get_once(&callback).await.unwrap();
        let there = page.location().expect("a redirect").to_string();
        if !there.starts_with(app.emulator.url().as_str()) {
            assert!(there.contains("/microsoft_sso/"), "{there}");
            break;
        }
        restarts += 1;
        let page = browser
            .start_at(there)
            .stop_at(app.at("/microsoft_sso/callback"))
            .signing_in_as(seed::ADELE)
            .await
            .unwrap();
        callback = page.location().expect("back").to_string();
    }
    assert_eq!(restarts, 1);
}

#[tokio::test]
async fn bad_callbacks_are_refused_and_leave_nothing() {
    let app = App::start().await;
    let browser = app.browser();
    let long = "x".repeat(60 * 1024);
    let good = app.callback_of(&browser, START, seed::ADELE).await;
    // Microsoft's redirect ends in an empty fragment.
    let query = good.split_once('?').unwrap().1.trim_end_matches('#').to_owned();
    let state = query.split('&').find(|pair| pair.starts_with("state=")).unwrap().to_owned();
    // The browser that began it brings each of these, with its seed: nothing else can be the reason for the refusal.
    let refused = Some(400);
    let cases: Vec<(&str, String, Option<u16>)> = vec![
        ("nothing", String::new(), None),
        ("no state", "code=abc".to_owned(), None),
        ("S10: two codes", format!("{query}&code=second"), refused),
        ("S10: two states", format!("{query}&{state}"), refused),
        ("S9: an ID token in the query", format!("{query}&id_token=a.b.c"), refused),
        ("S9: an access token in the query", format!("{query}&access_token=abc"), refused),
        ("an unknown state", "code=abc&state=AAAA".to_owned(), None),
        ("a state that is no base64url", "code=abc&state=%3Cscript%3E".to_owned(), None),
        ("a state with a changed letter", query.replace("state=A", "state=B"), None),
        (
            "S13: an error without a state",
            "error=access_denied&error_description=%3Cb%3Ehi%3C/b%3E%0d%0aX:1".to_owned(),
            None,
        ),
        ("too long", format!("code={long}&state=AAAA"), None),
        ("not UTF-8", "code=%ff%fe&state=%80".to_owned(), refused),
        ("a lone percent", "code=%&state=%2".to_owned(), None),
        ("NUL", "code=a%00b&state=AAAA".to_owned(), refused),
    ];
    for (name, query, status) in cases {
        let page = browser.get_once(app.at(&format!("/microsoft_sso/callback/?{query}"))).await.unwrap();
        match status {
            Some(status) => assert_eq!(page.status, status, "{name}: {:?}", page.location()),
            None => assert_eq!(page.location().unwrap().path(), "/microsoft_sso/", "{name}: told on the login page"),
        }
        assert!(!page.body.contains("<b>") && !page.body.contains("<script>"), "{name}: reflected");
        assert_eq!(app.who(&browser).await, "nobody", "{name}");
        assert_eq!(app.asked(Endpoint::Token), 0, "{name}: nothing was redeemed");
        assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, None, "{name}: no user");
    }
    assert_eq!(browser.get(&good).await.unwrap().body, "OK user=adele@contoso.example", "and the good one still works");
}

#[tokio::test]
async fn s6_without_its_seed_cookie_a_callback_fails_closed() {
    let app = App::start().await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    let names: Vec<String> = browser.cookies(&app.url).into_iter().map(|(name, _)| name).collect();
    let seed_cookie = names.iter().find(|name| name.starts_with("microsoft_sso_attempt_")).expect("the seed cookie");
    for value in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "gone; Max-Age=0"] {
        browser.set_cookie(&app.url, &format!("{seed_cookie}={value}; Path=/"));
        let page = browser.get_once(&callback).await.unwrap();
        assert_eq!(page.status, 303);
        assert_eq!(app.asked(Endpoint::Token), 0, "{value:?}");
        assert_eq!(app.who(&browser).await, "nobody", "{value:?}");
    }
}

#[tokio::test]
async fn s15_a_tossed_cookie_of_another_attempt_opens_nothing() {
    let app = App::start().await;
    let (attacker, victim) = (app.browser(), app.browser());
    let theirs = app.callback_of(&attacker, START, seed::ALEX).await;
    // The victim has an attempt of his own; the attacker's state comes with the victim's seed under the attacker's name.
    app.callback_of(&victim, START, seed::ADELE).await;
    let own =
        victim.cookies(&app.url).into_iter().find(|(name, _)| name.starts_with("microsoft_sso_attempt_")).unwrap();
    let name =
        attacker.cookies(&app.url).into_iter().find(|(name, _)| name.starts_with("microsoft_sso_attempt_")).unwrap().0;
    victim.set_cookie(&app.url, &format!("{name}={}; Path=/", own.1));
    victim.get_once(&theirs).await.unwrap();
    assert_eq!(app.asked(Endpoint::Token), 0);
    assert_eq!(app.who(&victim).await, "nobody");
}

#[tokio::test]
async fn s13_what_microsoft_refuses_is_told_and_never_reflected() {
    let hostile = "<script>alert(1)</script>\r\nSet-Cookie: x=1";
    let cases = [
        ("access_denied", 65004, "/microsoft_sso/", 200),
        ("consent_required", 65001, "/microsoft_sso/callback/", 403),
        ("server_error", 90036, "/microsoft_sso/callback/", 502),
        ("temporarily_unavailable", 90055, "/microsoft_sso/callback/", 502),
        ("invalid_request", 90014, "/microsoft_sso/callback/", 500),
        ("unauthorized_client", 700_016, "/microsoft_sso/callback/", 500),
        ("made_up_error", 1, "/microsoft_sso/callback/", 403),
    ];
    for (error, number, path, status) in cases {
        let app = App::start().await;
        app.emulator.faults().always(Fault::AuthorizeError(ErrorAnswer::new(error, number, hostile)));
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert_eq!((page.url.path(), page.status), (path, status), "{error}: {}", page.body);
        assert!(!page.body.contains("alert(1)"), "{error}: provider text never reaches the page");
        let consent = page.body.contains(&format!("adminconsent?client_id={}", seed::APP_ID));
        assert_eq!(consent, number == 65001, "{error}: the link by which an administrator approves");
        assert!(page.headers.get("x").is_none());
        assert_eq!(app.who(&browser).await, "nobody");
    }
}

#[tokio::test]
async fn a_cancelled_sign_in_is_told_on_the_login_page() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.start_at(app.at("/private")).cancelling().await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert!(page.body.contains("cancelled"), "{}", page.body);
    assert!(page.body.contains("?next=%2Fprivate"), "the next try leads to the same place");
    let again = browser.get(app.at("/microsoft_sso/")).await.unwrap();
    assert!(!again.body.contains("cancelled"), "told once");
}

#[tokio::test]
async fn a_post_to_the_callback_is_refused_in_query_mode() {
    let app = App::start().await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    let (url, query) = callback.split_once('?').unwrap();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.post_form(url, &fields).await.unwrap();
    assert_eq!(page.status, 405);
    assert!(page.body.contains("E323") && !page.body.contains("response_mode"), "{}", page.body);
    assert_eq!(app.asked(Endpoint::Token), 0);
}

#[tokio::test]
async fn bad_tokens_leave_no_user_and_no_session() {
    let faults = [
        Fault::WrongNonce,
        Fault::WrongAudience,
        Fault::AudienceArray,
        Fault::WrongIssuer,
        Fault::WrongTenant,
        Fault::ExpiredFor(301),
        Fault::NotBeforeIn(400),
        Fault::AlgNone,
        Fault::AlgHs256,
        Fault::UnknownKey,
        Fault::PersonalAccountsKey,
        Fault::GovernmentKey,
        Fault::BadSignature,
        Fault::AccessTokenAsIdToken,
        Fault::NoClaim("tid".to_owned()),
        Fault::NoClaim("oid".to_owned()),
        Fault::NoClaim("nonce".to_owned()),
        Fault::NoTokenMember("id_token".to_owned()),
        Fault::NoTokenMember("access_token".to_owned()),
        Fault::Html(Endpoint::Token),
        Fault::Truncated(Endpoint::Token),
        Fault::Oversized(Endpoint::Token, 2 << 20),
        Fault::Status(Endpoint::Token, 500),
        Fault::Redirect(Endpoint::Token, "http://127.0.0.1:9/".to_owned()),
        Fault::TokenError(ErrorAnswer::new("invalid_client", 7_000_215, "Invalid client secret")),
        Fault::TokenError(ErrorAnswer::new("invalid_grant", 54005, "already redeemed")),
        Fault::Html(Endpoint::Discovery),
        Fault::Html(Endpoint::Keys),
        Fault::Oversized(Endpoint::Keys, 2 << 20),
    ];
    for fault in faults {
        let app = App::start().await;
        app.emulator.faults().always(fault.clone());
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert!(page.status >= 400 || page.url.path() == "/microsoft_sso/", "{fault:?}: {} {}", page.status, page.body);
        assert!(page.body.contains("eference"), "{fault:?}: a reference id");
        assert_eq!(app.who(&browser).await, "nobody", "{fault:?}");
        assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, None, "{fault:?}");
    }
}

#[tokio::test]
async fn s19_the_callback_may_be_at_another_host_than_the_request() {
    let app = App::of_tenant(seed::CONTOSO, |settings, port| {
        settings.callback_domain = Some(format!("localhost:{port}").parse().expect("a host and a port"));
        settings.allowed_hosts = vec!["localhost".parse().unwrap(), "127.0.0.1".parse().unwrap()];
    })
    .await;
    let browser = app.browser();
    let start = app.at("/microsoft_sso/login/?next=/private").replace("localhost", "127.0.0.1");
    let page = browser.start_at(start).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.body, "OK user=adele@contoso.example");
    assert_eq!(page.url.host_str(), Some("localhost"), "cookie and callback meet at one host");
}

#[tokio::test]
async fn z3_no_redirect_tells_where_the_browser_came_from() {
    let app = App::start().await;
    let browser = app.browser();
    let start = browser.get_once(app.at(START)).await.unwrap();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    let done = browser.get_once(&callback).await.unwrap();
    for (name, page) in [("start", start), ("callback", done)] {
        assert_eq!(page.status, 303, "{name}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{name}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{name}");
        assert!(page.header("location").unwrap().contains('#'), "R7: {name} writes its own fragment");
    }
}
