//! A sign-in from its start to its page.

use entra_emulator::{Browser, Endpoint, seed};

use super::{ADELE_IN, CALLBACK, START, answer_of, app, body, location, posting, secure, sign_in};
use crate::app::App;

fn set_cookies(page: &entra_emulator::Page) -> Vec<&str> {
    page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect()
}

#[tokio::test]
async fn f33_the_answer_comes_as_a_post_and_the_code_is_in_no_address() {
    let app = app().await;
    let browser = app.browser();
    let start = browser.get_once(app.at(START)).await.unwrap();
    let there = start.location().unwrap();
    assert!(there.query_pairs().any(|pair| pair == ("response_mode".into(), "form_post".into())), "{there}");
    let cookies = set_cookies(&start);
    let [seed_cookie] = cookies.as_slice() else { panic!("{cookies:?}") };
    assert!(seed_cookie.contains("; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=600"), "S11: {seed_cookie}");

    let (page, form) = answer_of(&app, &browser, there.as_str(), seed::ADELE).await;
    assert_eq!(form.action, app.at(CALLBACK));
    let code = form.field("code").expect("a code");
    assert!(!page.url.as_str().contains(code), "not at Microsoft either");
    let answer = app.send(posting(&app, &browser), CALLBACK, body(&form)).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/private"));
    let set: Vec<&str> = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = set.iter().find(|cookie| cookie.starts_with("microsoft_sso_session=")).expect("a session");
    assert!(session.contains("; HttpOnly; SameSite=Lax; Path=/; ") && !session.contains("Secure"), "{session}");
    let cleared = set.iter().find(|cookie| cookie.starts_with("microsoft_sso_attempt_")).expect("the seed goes");
    assert!(cleared.contains("=; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=0;"), "K2: {cleared}");
}

#[tokio::test]
async fn f33_it_works_without_a_session_cookie_and_next_survives() {
    let app = app().await;
    let browser = app.browser();
    let page = browser.start_at(app.at("/private?a=b%20c&d=%C3%A4")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.query()), (ADELE_IN, Some("a=b%20c&d=%C3%A4")));
    assert_eq!(app.who(&browser).await, seed::ADELE);
}

/// The longest `next` that the query mode takes is taken here, too, with the session in the state.
#[tokio::test]
async fn f33_a_long_next_fits_into_the_state() {
    let app = app().await;
    let browser = app.browser();
    sign_in(&app, &browser).await;
    let next = format!("/private?{}", "n".repeat(1_000));
    let start = format!("/microsoft_sso/login/?prompt=login&next={}", next.replace('?', "%3F"));
    let there = browser.get_once(app.at(&start)).await.unwrap().location().expect("to Microsoft");
    let (_, state) = there.query_pairs().find(|(name, _)| name == "state").unwrap();
    assert!(state.len() <= 2_800, "{} characters", state.len());
    let (page, form) = answer_of(&app, &browser, there.as_str(), seed::ADELE).await;
    let page = browser.submit(&page, &form).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ADELE_IN, "/private"));
}

/// S16: opened at once, from one process, finished in another order than they were opened in.
#[tokio::test]
async fn s16_twenty_interleaved_sign_ins_all_succeed() {
    let app = app().await;
    let browsers: Vec<Browser> = (0..20).map(|_| app.browser()).collect();
    let one = app.browser();
    for browser_of in [&(|tab: usize| browsers[tab].clone()) as &dyn Fn(usize) -> Browser, &|_| one.clone()] {
        let starts = (0..20).map(|tab| {
            let start = app.at(&format!("/microsoft_sso/login/?next=/private%3Ftab%3D{tab}"));
            let browser = browser_of(tab);
            tokio::spawn(async move { browser.get_once(start).await.unwrap().location().expect("to Microsoft") })
        });
        let mut microsoft = Vec::new();
        for start in starts.collect::<Vec<_>>() {
            microsoft.push(start.await.unwrap());
        }
        for tab in (0..20).map(|tab| (tab * 7 + 3) % 20) {
            let browser = browser_of(tab);
            let (page, form) = answer_of(&app, &browser, microsoft[tab].as_str(), seed::ADELE).await;
            let page = browser.submit(&page, &form).await.unwrap();
            assert_eq!((page.body.as_str(), page.url.query()), (ADELE_IN, Some(format!("tab={tab}").as_str())));
            let left = browser.cookies(&app.url).into_iter().filter(|(name, _)| name.contains("attempt"));
            assert!(left.count() < 20, "each callback takes its own cookie away");
        }
    }
    assert_eq!(app.asked(Endpoint::Token), 40);
}

#[tokio::test]
async fn s19_the_callback_may_be_at_another_host_than_the_request() {
    let app = App::of_tenant(seed::CONTOSO, |settings, port| {
        secure(settings);
        settings.callback_domain = Some(format!("localhost:{port}").parse().expect("a host and a port"));
        settings.allowed_hosts = vec!["localhost".parse().unwrap(), "127.0.0.1".parse().unwrap()];
    })
    .await;
    let start = app.at(START).replace("localhost", "127.0.0.1");
    let page = app.browser().start_at(start).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.host_str()), (ADELE_IN, Some("localhost")));
}
