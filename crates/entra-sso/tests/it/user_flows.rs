//! B2C: the sign-in by a user flow, and the flows beside it, none of which begins a session (F-15, F-16).

use std::time::Duration;

use entra_emulator::{Browser, Endpoint, Page, seed};
use entra_sso::oidc::{AccountKey, AccountKind};
use entra_sso::users::{UserLookup, UserStore as _};
use url::Url;

use crate::{app::App, openid_provider::OpenIdProvider};

const START: &str = "/microsoft_sso/login/?next=/private";
const RESET: &str = "/microsoft_sso/reset_password/?next=/private";
const EDIT: &str = "/microsoft_sso/edit_profile/?next=/private";
const ROBIN_IN: &str = "OK user=robin@mail.example";

fn callback(app: &App) -> String {
    app.at("/microsoft_sso/callback")
}

/// The redirect to the callback with which a visit at the emulator ended, not yet called.
fn back(page: &Page) -> String {
    page.location().unwrap_or_else(|| panic!("expected a redirect, got {} {}", page.status, page.body)).into()
}

/// The answer of a user flow, not yet brought to the callback.
async fn reset_answer(app: &App, browser: &Browser, start: &str) -> String {
    let page = browser.start_at(app.at(start)).stop_at(callback(app)).resetting_password_of(seed::ROBIN).await.unwrap();
    back(&page)
}

/// Clicks "Forgot your password?" at the sign-in, and stops on the page of the reset flow.
async fn forget(app: &App, browser: &Browser) -> Page {
    let answer = browser.start_at(app.at(START)).stop_at(callback(app)).forgetting_password().await.unwrap();
    browser.start_at(back(&answer)).asking_nobody().await.unwrap()
}

fn policy(page: &Page) -> String {
    page.url.path_segments().into_iter().flatten().nth(1).unwrap_or_default().to_ascii_lowercase()
}

fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The callback's address with the state of one answer and the rest of another.
fn mixed(state_of: &str, rest_of: &str) -> String {
    let mut url = Url::parse(rest_of).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let state = parameter(state_of, "state");
    url.query_pairs_mut()
        .clear()
        .extend_pairs(pairs.iter().map(|(name, value)| (name, if name == "state" { &state } else { value })));
    url.into()
}

#[tokio::test]
async fn f15_a_user_of_b2c_signs_in_by_his_policy() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ROBIN).await;
    assert_eq!(page.body, ROBIN_IN);
    let account = AccountKey::new(AccountKind::B2c, seed::B2C_TENANT, seed::ROBIN_ID);
    let user = app.users.find(UserLookup::Account(account)).await.unwrap().expect("keyed by tenant and subject");
    assert_eq!(user.email.as_deref(), Some(seed::ROBIN), "the first of `emails`");
    assert_eq!(user.full_name(), "Robin Reyes");
    assert_eq!((app.asked(Endpoint::Me), app.asked(Endpoint::Photo)), (0, 0), "B2C has no Graph");
}

#[tokio::test]
async fn f18_where_a_customer_has_his_password_makes_him_no_guest() {
    let app = App::of_b2c(|settings| settings.guests = entra_sso::settings::Access::Deny).await;
    assert_eq!(app.sign_in(&app.browser(), seed::KIM).await.body, "OK user=kim@social.example");
}

#[tokio::test]
async fn f45_no_address_of_b2c_is_trusted() {
    let app = App::of_b2c(|settings| settings.allowable_domains = Some(vec!["mail.example".to_owned()])).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ROBIN).await;
    assert_eq!(app.who(&browser).await, "nobody", "anybody signs himself up there, with any address");
}

#[tokio::test]
async fn f16_a_forgotten_password_leads_through_the_reset_flow_back_into_the_sign_in() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let page = forget(&app, &browser).await;
    assert_eq!(policy(&page), "b2c_1_reset");

    let answer = browser.start_at(page.url.as_str()).stop_at(callback(&app)).resetting_password_of(seed::ROBIN).await;
    let answer = back(&answer.unwrap());
    assert!(!parameter(&answer, "code").is_empty(), "B2C gives a code");
    let asked = app.asked(Endpoint::Token);
    let page = browser.get_once(&answer).await.unwrap();
    assert!(page.location().unwrap().path().contains("b2c_1_susi"), "{:?}", page.location());
    assert_eq!(app.asked(Endpoint::Token), asked, "the code of the reset flow is never redeemed");
    assert_eq!(app.who(&browser).await, "nobody", "a new password begins no session");

    let page = browser.start_at(back(&page)).signing_in_as(seed::ROBIN).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"), "`next` is kept");
}

#[tokio::test]
async fn f16_the_reset_flow_is_started_once_in_a_journey() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let reset = forget(&app, &browser).await;
    let page = browser.start_at(reset.url.as_str()).stop_at(callback(&app)).cancelling().await.unwrap();
    let sign_in = browser.get_once(back(&page)).await.unwrap();
    // At the sign-in that follows, "Forgot your password?" once more.
    let page = browser.start_at(back(&sign_in)).stop_at(callback(&app)).forgetting_password().await.unwrap();
    let page = browser.get(back(&page)).await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/", "told, and not sent round again");
    assert!(page.body.contains("Forgot your password?") && page.body.contains("?next=%2Fprivate"), "{}", page.body);
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn f16_without_a_reset_policy_a_forgotten_password_is_told() {
    let app = App::of_b2c(|settings| settings.reset_password_policy = None).await;
    let browser = app.browser();
    let page = browser.start_at(app.at(START)).forgetting_password().await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert!(!page.body.contains("Forgot your password?"), "{}", page.body);
    assert_eq!(browser.get(app.at(RESET)).await.unwrap().status, 404);
}

#[tokio::test]
async fn f16_the_routes_exist_only_where_they_are_configured() {
    let app = App::start().await;
    assert_eq!(app.sso.edit_profile_path("/private"), None);
    for path in [RESET, EDIT] {
        assert_eq!(app.browser().get(app.at(path)).await.unwrap().status, 404, "{path}");
    }
    let app = App::of_b2c(|settings| settings.edit_profile_policy = None).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ROBIN).await;
    assert_eq!(browser.get(app.at(EDIT)).await.unwrap().status, 404);
}

#[tokio::test]
async fn f16_a_cancelled_sign_in_is_told_on_the_login_page() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let page = browser.start_at(app.at(START)).cancelling().await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert!(page.body.contains("cancelled") && page.body.contains("?next=%2Fprivate"), "{}", page.body);
}

#[tokio::test]
async fn f16_a_cancelled_reset_leads_back_into_the_sign_in_or_to_where_a_user_was() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let page = browser.start_at(app.at(RESET)).stop_at(callback(&app)).cancelling().await.unwrap();
    let page = browser.get_once(back(&page)).await.unwrap();
    assert!(page.location().unwrap().path().contains("b2c_1_susi"));
    assert_eq!(app.who(&browser).await, "nobody");

    app.sign_in(&browser, seed::ROBIN).await;
    let page = browser.start_at(app.at(RESET)).cancelling().await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"));
}

#[tokio::test]
async fn f16_the_profile_is_edited_by_who_is_signed_in_and_a_sign_in_brings_the_new_values() {
    let app = App::of_b2c(|_| {}).await;
    let path = app.sso.edit_profile_path("/private").unwrap();
    assert_eq!(path, "/microsoft_sso/edit_profile/?next=%2Fprivate", "for the application's own menu");
    let browser = app.browser();
    let page = browser.get_once(app.at(EDIT)).await.unwrap();
    assert!(page.location().unwrap().path().starts_with("/microsoft_sso/login"), "a stranger signs in first");

    app.sign_in(&browser, seed::ROBIN).await;
    let session = session_cookie(&app, &browser);
    let page = browser.start_at(app.at(EDIT)).cancelling().await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"), "cancelled: where the user was");
    assert_eq!(session_cookie(&app, &browser), session, "and as he was");

    let asked = app.asked(Endpoint::Token);
    let page = browser.start_at(app.at(EDIT)).stop_at(callback(&app));
    let page = page.editing_profile_as(seed::ROBIN, &[("given_name", "Rob"), ("surname", "Hill")]).await.unwrap();
    let page = browser.get_once(back(&page)).await.unwrap();
    assert!(page.location().unwrap().path().contains("b2c_1_susi"), "{:?}", page.location());
    assert_eq!(app.asked(Endpoint::Token), asked, "the code of the flow is never redeemed");
    assert_eq!(session_cookie(&app, &browser), session, "the flow itself begins no session");

    let page = browser.get(back(&page)).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"), "B2C knows the browser and asks nothing");
    assert_ne!(session_cookie(&app, &browser), session, "the sign-in did");
    let account = AccountKey::new(AccountKind::B2c, seed::B2C_TENANT, seed::ROBIN_ID);
    let user = app.users.find(UserLookup::Account(account)).await.unwrap().expect("still the same user");
    assert_eq!(user.full_name(), "Rob Hill", "whoever edits a profile sees it, also without `always_update_user_data`");
    assert!(browser.get(app.at("/messages")).await.unwrap().body.contains("profile was saved"));
}

fn session_cookie(app: &App, browser: &Browser) -> Option<(String, String)> {
    browser.cookies(&app.url).into_iter().find(|(name, _)| name.ends_with("_session"))
}

#[tokio::test]
async fn f16_s4_an_answer_of_a_flow_counts_once_and_never_signs_in() {
    let app = App::of_b2c(|_| {}).await;
    let (owner, thief) = (app.browser(), app.browser());
    let answer = reset_answer(&app, &owner, RESET).await;

    let page = thief.get_once(&answer).await.unwrap();
    assert!(page.location().unwrap().path().contains("b2c_1_susi"), "S1: another browser begins a sign-in of its own");
    assert_eq!(app.who(&thief).await, "nobody");

    // Double submit, replay, back button: each time no more than a sign-in begins.
    for _ in 0..3 {
        let page = owner.get_once(&answer).await.unwrap();
        assert!(page.location().unwrap().path().contains("b2c_1_susi"), "{:?}", page.location());
        assert_eq!(app.who(&owner).await, "nobody");
    }
    assert_eq!(app.asked(Endpoint::Token), 0);

    // The back button of who is signed in meanwhile leads to where he was going.
    app.sign_in(&owner, seed::ROBIN).await;
    assert_eq!(owner.get(&answer).await.unwrap().body, ROBIN_IN);
}

#[tokio::test]
async fn f16_an_answer_of_a_flow_that_came_too_late_begins_a_sign_in() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let answer = reset_answer(&app, &browser, RESET).await;
    app.advance(Duration::from_secs(601));
    let page = browser.start_at(&answer).signing_in_as(seed::ROBIN).await.unwrap();
    assert_eq!(page.body, ROBIN_IN);
}

#[tokio::test]
async fn f16_s7_states_and_answers_of_different_flows_do_not_go_together() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let reset = reset_answer(&app, &browser, RESET).await;
    let sign_in = browser.start_at(app.at(START)).stop_at(callback(&app)).signing_in_as(seed::ROBIN).await.unwrap();
    let sign_in = back(&sign_in);

    // A sign-in's code under the state of a reset: acknowledged as a reset, the code thrown away.
    let page = browser.get_once(mixed(&reset, &sign_in)).await.unwrap();
    assert!(page.location().unwrap().path().contains("b2c_1_susi"));
    assert_eq!((app.asked(Endpoint::Token), app.who(&browser).await.as_str()), (0, "nobody"));

    // A reset's code under the state of a sign-in: B2C does not redeem it at the policy that signs in.
    let page = browser.get(mixed(&sign_in, &reset)).await.unwrap();
    assert!(!page.body.starts_with("OK user"), "{}", page.body);
    assert_eq!((app.asked(Endpoint::Token), app.who(&browser).await.as_str()), (1, "nobody"));
}

#[tokio::test]
async fn f16_an_edit_answer_without_a_session_begins_none() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ROBIN).await;
    let page = browser.start_at(app.at(EDIT)).stop_at(callback(&app));
    let answer = back(&page.editing_profile_as(seed::ROBIN, &[]).await.unwrap());
    browser.set_cookie(&app.url, "microsoft_sso_session=gone; Path=/; Max-Age=0");
    browser.get_once(&answer).await.unwrap();
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn r7_s14_a_link_to_a_flow_leads_to_this_site_only() {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    for next in ["//evil.test", "https://evil.test/", "/microsoft_sso/logout/", "javascript:alert(1)"] {
        let start =
            format!("/microsoft_sso/reset_password/?next={next}&policy=B2C_1_other&p=B2C_1_other&redirect_uri=x");
        let page = browser.get_once(app.at(&start)).await.unwrap();
        let there = page.location().unwrap();
        assert!(there.path().contains("b2c_1_reset"), "{there}");
        assert_eq!(there.fragment(), Some(""), "R7: a fragment of our own");
        assert!(there.query_pairs().all(|(name, _)| name != "policy"), "{there}");
        let page = browser.start_at(there.as_str()).stop_at(callback(&app)).cancelling().await.unwrap();
        let page = browser.get_once(back(&page)).await.unwrap();
        let page = browser.start_at(back(&page)).signing_in_as(seed::ROBIN).await.unwrap();
        assert_eq!(page.url.path(), "/", "{next}");
        browser.clear_cookies();
    }
}

#[tokio::test]
async fn s19_a_flow_may_begin_at_another_host_than_the_callbacks() {
    let app = App::of_b2c(|settings| {
        settings.allowed_hosts = vec!["localhost".parse().unwrap(), "127.0.0.1".parse().unwrap()];
        settings.callback_domain = Some("localhost".parse().unwrap());
    })
    .await;
    for start in [RESET, EDIT] {
        let elsewhere = app.at(start).replace("localhost", "127.0.0.1");
        let there = app.browser().get_once(&elsewhere).await.unwrap().location().unwrap();
        assert_eq!(there.host_str(), Some("localhost"));
        assert!(start.starts_with(there.path()) && there.query().unwrap().contains("next=/private"), "{there}");
    }
}

#[tokio::test]
async fn f16_who_is_signed_in_with_another_provider_has_no_profile_here() {
    let provider = OpenIdProvider::start().await;
    let app = App::of_b2c_beside(&[("partner", &provider)]).await;
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    assert_eq!(app.who(&browser).await, "adele.v");
    let page = browser.get(app.at(EDIT)).await.unwrap();
    assert_eq!(page.url.path(), "/", "led home, and not in circles");
    assert_eq!(app.emulator.journal().total(), 0);
}
