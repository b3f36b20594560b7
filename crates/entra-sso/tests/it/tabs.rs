//! Many tabs of one browser.

use entra_emulator::seed;
use http::{Request, header};

use crate::app::App;

#[tokio::test]
async fn s12_s16_twenty_tabs_finish_in_any_order() {
    let app = App::start().await;
    let browser = app.browser();
    let starts = (0..20).map(|tab| {
        let (browser, url) = (browser.clone(), app.at(&format!("/microsoft_sso/login/?next=/private%3Ftab%3D{tab}")));
        tokio::spawn(async move { browser.get_once(&url).await.expect("a redirect").location().expect("to Microsoft") })
    });
    let mut microsoft = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        microsoft.push(start.await.unwrap());
    }
    // Any order that is not the one they were opened in.
    let order = (0..20).map(|tab| (tab * 7 + 3) % 20);
    for tab in order {
        let callback = browser
            .start_at(&microsoft[tab])
            .stop_at(app.at("/microsoft_sso/callback"))
            .signing_in_as(seed::ADELE)
            .await
            .unwrap()
            .location()
            .expect("back from Microsoft");
        let page = browser.get_once(&callback).await.unwrap();
        let next = page.location().expect("signed in");
        assert_eq!(next.path(), "/private", "tab {tab}");
        assert!(next.query().is_some_and(|query| query.starts_with("tab=")), "tab {tab}: {next}");
        assert_eq!(browser.get(&next).await.unwrap().body, "OK user=adele@contoso.example");
    }
    let left = browser.cookies(&app.url).into_iter().filter(|(name, _)| name.contains("attempt")).count();
    assert_eq!(left, 0, "each callback takes its own cookie away");
}

#[tokio::test]
async fn s12_at_most_twenty_attempts_wait_and_the_oldest_goes_first() {
    let app = App::start().await;
    let browser = app.browser();
    let first = app.callback_of(&browser, "/microsoft_sso/login/?next=/private", seed::ADELE).await;
    for _ in 0..25 {
        app.advance(std::time::Duration::from_secs(1));
        browser.get_once(app.at("/microsoft_sso/login/")).await.unwrap();
        let waiting = browser.cookies(&app.url).into_iter().filter(|(name, _)| name.contains("attempt")).count();
        assert!(waiting <= 20, "{waiting} cookies");
    }
    let page = browser.start_at(&first).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.body, "OK user=adele@contoso.example", "the evicted one starts once more and signs in");
}

/// Who asks, what the browser says of it (`Sec-Fetch-…`), and whether a sign-in begins.
type Case = (&'static str, &'static [(&'static str, &'static str)], bool);

/// A page of another site's with twenty pictures of the start: who waits at Microsoft goes on waiting.
#[tokio::test]
async fn s3_s12_what_a_page_shows_begins_no_sign_in() {
    let cases: &[Case] = &[
        ("another site's picture", &[("site", "cross-site"), ("mode", "no-cors"), ("dest", "image")], false),
        ("our own page's picture", &[("site", "same-origin"), ("mode", "no-cors"), ("dest", "image")], false),
        ("another site's frame", &[("site", "cross-site"), ("mode", "navigate"), ("dest", "iframe")], false),
        ("another site's object", &[("site", "cross-site"), ("mode", "navigate"), ("dest", "object")], false),
        ("another site's fetch", &[("site", "cross-site"), ("mode", "cors"), ("dest", "empty")], false),
        ("a sibling's fetch", &[("site", "same-site"), ("mode", "cors"), ("dest", "empty")], false),
        ("a mode that nobody knows", &[("site", "same-origin"), ("mode", "new"), ("dest", "empty")], false),
        ("our own fetch", &[("site", "same-origin"), ("mode", "cors"), ("dest", "empty")], true),
        ("our own frame", &[("site", "same-origin"), ("mode", "navigate"), ("dest", "iframe")], true),
        ("a sibling's frame", &[("site", "same-site"), ("mode", "navigate"), ("dest", "iframe")], true),
        ("a link at another site", &[("site", "cross-site"), ("mode", "navigate"), ("dest", "document")], true),
        ("a link of our own", &[("site", "same-origin"), ("mode", "navigate"), ("dest", "document")], true),
        ("typed", &[("site", "none"), ("mode", "navigate"), ("dest", "document")], true),
        ("an old browser", &[("mode", "navigate")], true),
        ("a browser that says nothing", &[], true),
    ];
    for secure in [false, true] {
        let app = App::with(|settings| settings.require_secure_callback = secure).await;
        let browser = app.browser();
        browser.get_once(app.at("/microsoft_sso/login/")).await.unwrap();
        for (name, headers, begins) in cases {
            let request = Request::get("/").header(header::COOKIE, app.cookies(&browser));
            let request = headers
                .iter()
                .fold(request, |request, (name, value)| request.header(format!("sec-fetch-{name}"), *value));
            let answer = app.send(request, "/microsoft_sso/login/?next=/private", "").await;
            let (status, set) = (answer.status().as_u16(), answer.headers().contains_key(header::SET_COOKIE));
            assert_eq!((status, set), if *begins { (303, true) } else { (403, false) }, "{secure} {name}");
        }
    }
}
