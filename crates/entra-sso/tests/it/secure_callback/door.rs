//! What the door takes: one form by POST, and nothing else.

use entra_emulator::{Endpoint, Form, seed};
use http::{Method, Request, header};

use super::{ADELE_IN, CALLBACK, START, answer_of, app, body, location, posting, text};
use crate::app::App;

/// S9: an answer in the query is refused, whoever brings it; the code stays good, and is in no log.
#[tokio::test]
async fn s9_a_get_with_an_answer_is_refused_and_redeems_nothing() {
    let app = app().await;
    let browser = app.browser();
    let (page, form) = answer_of(&app, &browser, START, seed::ADELE).await;
    let address = format!("{CALLBACK}?{}", body(&form));
    for method in [Method::GET, Method::HEAD] {
        let request = Request::builder().method(method).header(header::COOKIE, app.cookies(&browser));
        let answer = app.send(request.header(header::ACCEPT, "text/html"), &address, "").await;
        assert_eq!(answer.status(), 405);
        assert!(answer.headers().get("set-cookie").is_none());
        assert_eq!(answer.headers()["referrer-policy"], "no-referrer", "the code goes nowhere from here");
    }
    let answer = app.send(Request::get("/").header(header::ACCEPT, "text/html"), &address, "").await;
    let page_text = text(&answer);
    assert!(page_text.contains("<html") && page_text.contains("E323-"), "a page with a reference: {page_text}");
    assert!(!page_text.contains(form.field("code").unwrap()) && !page_text.contains("require_secure_callback"));
    assert_eq!(app.asked(Endpoint::Token), 0);
    assert_eq!(browser.submit(&page, &form).await.unwrap().body, ADELE_IN, "no mark was left");
}

#[tokio::test]
async fn s9_s10_x4_bad_posts_are_refused_and_leave_nothing() {
    let app = app().await;
    let browser = app.browser();
    let (page, form) = answer_of(&app, &browser, START, seed::ADELE).await;
    let good = body(&form);
    let state = form.field("state").unwrap();
    let told = |next: &str, code: &str| format!("303 /microsoft_sso/login/?next={next}&again={code}");
    let unknown = told("%2F", "E301");
    let cases: Vec<(&str, String, &str)> = vec![
        ("X4: an empty POST", String::new(), &unknown),
        ("no state", "code=abc".to_owned(), &unknown),
        ("S10: two codes", format!("{good}&code=second"), "400"),
        ("S10: two states", format!("{good}&state={state}"), "400"),
        ("S9: an ID token", format!("{good}&id_token=a.b.c"), "400"),
        ("S9: an access token", format!("{good}&access_token=abc"), "400"),
        ("an unknown state", "code=abc&state=AAAA".to_owned(), &unknown),
        ("a changed state", good.replace("state=A", "state=B"), &unknown),
        ("S13: an error without a state", "error=access_denied&error_description=%3Cb%3Ehi".to_owned(), &unknown),
        ("not UTF-8", "code=%ff%fe&state=%80".to_owned(), "400"),
        ("NUL", "code=a%00b&state=AAAA".to_owned(), "400"),
        ("64 KiB", format!("code={}&state=AAAA", "x".repeat(65_536 - 16)), &unknown),
        ("more than 64 KiB", format!("{good}&x={}", "x".repeat(65_536)), "413"),
    ];
    for (name, sent, expected) in cases {
        let answer = app.send(posting(&app, &browser), CALLBACK, sent).await;
        let got = match answer.status().as_u16() {
            303 => format!("303 {}", location(&answer)),
            status => status.to_string(),
        };
        assert_eq!(got, expected, "{name}: {}", text(&answer));
        assert!(!text(&answer).contains("<b>"), "{name}: reflected");
        assert!(answer.headers().get("set-cookie").is_none(), "{name}");
    }
    nothing_happened(&app, &page, &form, &browser).await;
}

/// S10: a parameter in the address belongs to nobody's answer.
#[tokio::test]
async fn s10_parameters_in_query_and_body_and_other_types_are_refused() {
    let app = app().await;
    let browser = app.browser();
    let (page, form) = answer_of(&app, &browser, START, seed::ADELE).await;
    let good = body(&form);
    for query in ["?code=other", "?state=AAAA", "?x=1", "?iss=https%3A%2F%2Fevil.example"] {
        let answer = app.send(posting(&app, &browser), &format!("{CALLBACK}{query}"), good.clone()).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert!(text(&answer).contains("E381"), "{query}: {}", text(&answer));
    }
    let plain = || posting(&app, &browser).header(header::ACCEPT, "text/html");
    for content_type in ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www"] {
        let mut request = plain();
        request.headers_mut().unwrap().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        let answer = app.send(request, CALLBACK, good.clone()).await;
        assert_eq!((answer.status().as_u16(), text(&answer).contains("E381")), (400, true), "{content_type}");
    }
    let twice = plain().header(header::CONTENT_TYPE, "text/plain");
    assert_eq!(app.send(twice, CALLBACK, good.clone()).await.status(), 400, "two types");
    nothing_happened(&app, &page, &form, &browser).await;
}

async fn nothing_happened(app: &App, page: &entra_emulator::Page, form: &Form, browser: &entra_emulator::Browser) {
    assert_eq!(app.asked(Endpoint::Token), 0, "nothing was redeemed");
    assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, None, "no user");
    assert_eq!(browser.submit(page, form).await.unwrap().body, ADELE_IN, "and the good one still works");
}

#[tokio::test]
async fn a_type_with_a_character_set_is_a_form() {
    let app = app().await;
    let browser = app.browser();
    let (_, form) = answer_of(&app, &browser, START, seed::ADELE).await;
    let mut request = posting(&app, &browser);
    let form_type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8".parse().unwrap();
    request.headers_mut().unwrap().insert(header::CONTENT_TYPE, form_type);
    assert_eq!(location(&app.send(request, CALLBACK, body(&form)).await), "/private");
}

/// S9: what comes by POST is refused where the answer was asked for in the query.
#[tokio::test]
async fn s9_a_post_is_refused_in_query_mode_with_a_page() {
    let app = App::start().await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, START, seed::ADELE).await;
    let answer = app.send(posting(&app, &browser), CALLBACK, callback.split_once('?').unwrap().1.to_owned()).await;
    assert_eq!(answer.status(), 405);
    assert!(text(&answer).contains("<html") && text(&answer).contains("E323-"), "{}", text(&answer));
    assert_eq!(app.asked(Endpoint::Token), 0);
    assert_eq!(browser.get(&callback).await.unwrap().body, ADELE_IN);
}
