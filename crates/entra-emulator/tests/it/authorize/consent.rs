//! Consent: who is asked, once, and what a "no" does.

use entra_emulator::{Browser, Page, seed};

use crate::flow::{Ask, start, told};

async fn picked(browser: &Browser, ask: &Ask, name: &str) -> Page {
    let visit = browser.start_at(ask.url()).stop_at("http://localhost/");
    let page = visit.asking_nobody().await.expect("a page");
    let form = page.form("accounts").expect("the account page").set("account", name);
    // The redirect to the application must not be followed: nobody listens there.
    match browser.submit(&page, &form).await {
        Ok(page) => page,
        Err(error) => panic!("consent was not asked for: {error}"),
    }
}

#[tokio::test]
async fn new_scopes_are_asked_for_once() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator).set("scope", "openid profile Mail.Read");
    let page = picked(&browser, &ask, seed::ADELE).await;
    assert_eq!(page.emulator_page().as_deref(), Some("consent"));
    assert!(page.body.contains("Mail.Read"));
    assert!(told(&ask.answered_to(&browser, seed::ADELE).await).contains_key("code"));
    let again = browser.start_at(ask.url()).stop_at("http://localhost/").asking_nobody().await.expect("an answer");
    assert!(told(&again).contains_key("code"), "not asked twice");
    let alex = picked(&Browser::new(), &ask, seed::ALEX).await;
    assert_eq!(alex.emulator_page().as_deref(), Some("consent"), "consent is each user's own");
}

#[tokio::test]
async fn declining_is_65004() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).set("scope", "openid Mail.Read");
    let browser = Browser::new();
    let visit = browser.start_at(ask.url()).stop_at("http://localhost/");
    let answer = told(&visit.declining_as(seed::ADELE).await.expect("an answer"));
    assert_eq!(answer["error"], "access_denied");
    assert!(answer["error_description"].starts_with("AADSTS65004:"));
    let silent = told(&ask.set("prompt", "none").answered_to(&browser, seed::ADELE).await);
    assert_eq!(silent["error"], "consent_required");
    assert!(silent["error_description"].starts_with("AADSTS65001:"));
}

#[tokio::test]
async fn prompt_consent_asks_for_what_was_granted() {
    let emulator = start().await;
    let page = picked(&Browser::new(), &Ask::new(&emulator).set("prompt", "consent"), seed::ADELE).await;
    assert_eq!(page.emulator_page().as_deref(), Some("consent"));
}

#[tokio::test]
async fn administrators_do_not_speak_for_personal_accounts() {
    let emulator = start().await;
    let page = picked(&Browser::new(), &Ask::new(&emulator).at("consumers"), seed::PAT).await;
    assert_eq!(page.emulator_page().as_deref(), Some("consent"));
}

#[tokio::test]
async fn consent_is_not_given_for_somebody_who_did_not_sign_in() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).set("scope", "openid Mail.Read");
    let url = format!("{}{}/login", emulator.url(), seed::CONTOSO);
    let request = ask.encoded();
    let fields = [("request", request.as_str()), ("account", seed::ADELE), ("decision", "accept")];
    let page = Browser::new().post_form(&url, &fields).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"), "asks who it is first");
}
