//! Attempts that cannot be finished: back to the start, where the session's cookie is (F-37, R6).

use std::time::Duration;

use entra_emulator::{Browser, Endpoint, Page, seed};

use super::{ADELE_IN, START, answer_of, app, secure, sign_in};
use crate::app::App;

/// Follows what the POST of this form leads to, up to Microsoft.
async fn bring(app: &App, browser: &Browser, (page, form): &(Page, entra_emulator::Form)) -> Page {
    let mut page = browser.submit(page, form).await.unwrap();
    if page.url.as_str().starts_with(app.emulator.url().as_str()) {
        page = browser.start_at(page.url.as_str()).signing_in_as(seed::ADELE).await.unwrap();
    }
    page
}

#[tokio::test]
async fn f37_a_used_state_with_a_session_goes_on() {
    let app = app().await;
    let browser = app.browser();
    let (page, form) = answer_of(&app, &browser, START, seed::ADELE).await;
    for _ in 0..3 {
        let page = browser.submit(&page, &form).await.unwrap();
        assert_eq!((page.body.as_str(), page.url.path()), (ADELE_IN, "/private"), "the back button, a reload");
    }
    assert_eq!(app.asked(Endpoint::Token), 1);
    assert_eq!(app.asked(Endpoint::Authorize), 1, "Microsoft is not asked again");
}

#[tokio::test]
async fn f37_an_expired_state_starts_once_more_and_then_signs_in() {
    let app = app().await;
    let browser = app.browser();
    let answer = answer_of(&app, &browser, START, seed::ADELE).await;
    app.advance(Duration::from_secs(601));
    assert_eq!(bring(&app, &browser, &answer).await.body, ADELE_IN);
}

#[tokio::test]
async fn f37_what_cannot_be_finished_is_told_the_second_time() {
    let app = app().await;
    let browser = app.browser();
    let answer = answer_of(&app, &browser, START, seed::ADELE).await;
    app.advance(Duration::from_secs(601));
    let once_more = browser.submit(&answer.0, &answer.1).await.unwrap();
    let answer = answer_of(&app, &browser, once_more.url.as_str(), seed::ADELE).await;
    app.advance(Duration::from_secs(601));
    let page = browser.submit(&answer.0, &answer.1).await.unwrap();
    assert_eq!((page.status, page.url.path()), (400, "/microsoft_sso/login/"));
    assert!(page.body.contains("took too long") && page.body.contains("E304-"), "{}", page.body);
    assert!(page.body.contains("?next=%2Fprivate"), "the next try leads to the same place");
    // Somebody who signed in elsewhere meanwhile is not told but goes on.
    sign_in(&app, &browser).await;
    assert_eq!(browser.submit(&answer.0, &answer.1).await.unwrap().body, ADELE_IN);
}

/// R6: Safari over http, or cookies that are blocked: one restart, then a page that says what to do.
#[tokio::test]
async fn r6_a_browser_without_cookies_is_told_after_one_restart() {
    let app = App::with(|settings| {
        secure(settings);
        settings.languages = vec!["en".to_owned(), "de".to_owned()];
    })
    .await;
    let mut start = app.at(START);
    for expected in ["restart", "told"] {
        let browser = app.browser();
        let (page, form) = answer_of(&app, &browser, &start, seed::ADELE).await;
        let page = app.browser().submit(&page, &form).await.unwrap();
        if expected == "told" {
            assert_eq!((page.status, page.url.path()), (400, "/microsoft_sso/login/"), "{}", page.body);
            assert!(page.body.contains("E380-") && page.body.contains("Safari keeps this cookie"), "{}", page.body);
            let german = app.browser().header("accept-language", "de");
            let page = german.get(&page.url).await.unwrap();
            assert!(page.body.contains("Safari behält dieses Cookie nur über https"), "{}", page.body);
        } else {
            start = page.url.to_string();
            assert!(start.starts_with(app.emulator.url().as_str()), "{start}");
        }
    }
    assert_eq!(app.asked(Endpoint::Token), 0);
}

/// A mark that somebody made himself: the worst is a text, or a sign-in that does not start once more.
#[tokio::test]
async fn s14_a_forged_mark_does_no_harm() {
    let app = app().await;
    for mark in ["1", "2", "", "E301", "E302", "E380", "E316", "E323", "<script>", "E301%0d%0aX:1"] {
        let start = format!("/microsoft_sso/login/?next=/private&again={mark}");
        let page = app.browser().start_at(app.at(&start)).signing_in_as(seed::ADELE).await.unwrap();
        if mark.starts_with("E3") && mark.len() == 4 && !matches!(mark, "E316" | "E323") {
            assert_eq!(page.status, 400, "{mark}");
            assert!(page.body.contains(&format!("{mark}-")), "{mark}: {}", page.body);
        } else {
            assert_eq!(page.body, ADELE_IN, "{mark}");
        }
        assert!(!page.body.contains("<script>") && page.headers.get("x").is_none());
        // Who is signed in goes on, whatever the mark.
        let browser = app.browser();
        sign_in(&app, &browser).await;
        assert_eq!(browser.get(app.at(&start)).await.unwrap().body, ADELE_IN, "{mark}");
    }
}
