//! Sign-out that goes on to the provider (F-66): the session here ends first, whatever becomes of it there.

use std::collections::HashMap;

use entra_emulator::{Browser, Endpoint, Fault, seed};
use http::{HeaderMap, Request};
use serde_json::json;
use url::Url;

use crate::{
    app::App,
    openid_provider::{CLIENT_ID, OpenIdProvider},
};

const LOGOUT: &str = "/microsoft_sso/logout/";

/// Posts the sign-out form: where the browser is sent, and the answer's headers.
async fn sign_out(app: &App, browser: &Browser) -> (Url, HeaderMap) {
    let request = Request::post("/").header("sec-fetch-site", "same-origin").header("cookie", app.cookies(browser));
    let answer = app.send(request, LOGOUT, "").await;
    assert_eq!(answer.status(), 303);
    let there = answer.headers()["location"].to_str().unwrap();
    (Url::parse(&app.url).unwrap().join(there).unwrap(), answer.headers().clone())
}

fn parameters(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn f66_without_slo_enabled_a_sign_out_stays_here() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let (there, _) = sign_out(&app, &browser).await;
    assert_eq!(there.as_str(), app.at("/#"));
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn f66_a_sign_out_goes_on_to_microsoft() {
    let app = App::with(|settings| {
        settings.slo_enabled = true;
        settings.logout_redirect_path = "/static?bye=1&x=%20".to_owned();
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let (there, headers) = sign_out(&app, &browser).await;
    assert!(there.as_str().starts_with(app.emulator.url().as_str()), "{there}");
    assert!(there.path().starts_with(&format!("/{}/", seed::CONTOSO)), "its own tenant: {there}");
    let parameters = parameters(&there);
    assert_eq!(parameters["post_logout_redirect_uri"], app.at("/static?bye=1&x=%20"), "encoded, on our own origin");
    assert_eq!(parameters["client_id"], seed::APP_ID);
    assert!(!parameters["logout_hint"].is_empty() && !parameters["logout_hint"].contains('@'), "the claim login_hint");
    assert!(!parameters.contains_key("id_token_hint"));
    assert_eq!(there.fragment(), Some(""), "R7: no fragment of another page goes along");
    let cookie = headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("microsoft_sso_session=;") && cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!(app.who(&browser).await, "nobody", "over here before the browser is anywhere else");
}

#[tokio::test]
async fn f66_who_signs_out_at_microsoft_comes_back() {
    let app = App::with(|settings| {
        settings.slo_enabled = true;
        settings.logout_redirect_path = "/static".to_owned();
    })
    .await;
    app.emulator.directory().add_redirect_uri(seed::APP_ID, &app.at("/static")).unwrap();
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let (there, _) = sign_out(&app, &browser).await;
    let page = browser.start_at(there.as_str()).asking_nobody().await.unwrap();
    assert_eq!(page.body, "static");
    let page = browser.start_at(app.at("/private")).asking_nobody().await.unwrap();
    assert!(page.body.contains("accounts"), "signed out at Microsoft, too: {}", page.body);
}

#[tokio::test]
async fn l5_a_microsoft_that_is_away_keeps_nobody_signed_in() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    // Metadata is kept for a day; after that there is none to be had.
    app.emulator.faults().always(Fault::Status(Endpoint::Discovery, 500));
    let session = app.cookies(&browser);
    app.advance(std::time::Duration::from_hours(25));
    let request = Request::post("/").header("sec-fetch-site", "same-origin").header("cookie", session);
    let answer = app.send(request, LOGOUT, "").await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/#"));
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l5_without_metadata_the_session_ends_and_the_browser_goes_home() {
    let app = App::with(|settings| {
        settings.slo_enabled = true;
        settings.session_cookie_age = std::time::Duration::from_hours(48);
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    app.emulator.faults().always(Fault::Status(Endpoint::Discovery, 500));
    app.advance(std::time::Duration::from_hours(25));
    assert_eq!(app.who(&browser).await, "adele@contoso.example", "the session lives on");
    let (there, _) = sign_out(&app, &browser).await;
    assert_eq!(there.as_str(), app.at("/#"), "told nowhere to go, the browser goes home");
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn l2_a_sign_out_from_elsewhere_is_refused_and_leads_nowhere() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let cookie = app.cookies(&browser);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test"), ("x-none", "")] {
        let answer = app.send(Request::post("/").header(name, value).header("cookie", &cookie), LOGOUT, "").await;
        assert_eq!(answer.status(), 403, "{name}");
    }
    app.send(Request::get("/").header("cookie", &cookie), LOGOUT, "").await;
    assert_eq!(app.who(&browser).await, "adele@contoso.example");
}

#[tokio::test]
async fn f66_a_providers_session_ends_at_that_provider() {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |settings| settings.slo_enabled = true).await;
    provider.says().claims["login_hint"] = json!("hint of the partner");
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    let (there, _) = sign_out(&app, &browser).await;
    assert!(there.as_str().starts_with(&format!("{}/logout?", provider.url)), "{there}");
    let parameters = parameters(&there);
    assert_eq!(parameters["client_id"], CLIENT_ID);
    assert_eq!(parameters["post_logout_redirect_uri"], app.at("/"));
    assert_eq!(parameters["logout_hint"], "hint of the partner");
    assert_eq!(app.emulator.journal().total(), 0);
}

#[tokio::test]
async fn f66_a_provider_without_an_end_session_endpoint_is_left_alone() {
    let provider = OpenIdProvider::start().await;
    provider.says().metadata = json!({ "end_session_endpoint": null });
    let app = App::beside(&[("partner", &provider)], |settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    let (there, _) = sign_out(&app, &browser).await;
    assert_eq!(there.as_str(), app.at("/#"));
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn f66_b2c_ends_the_session_of_its_own_policy() {
    let app = App::of_b2c(|settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ROBIN).await;
    let (there, _) = sign_out(&app, &browser).await;
    assert!(there.path().contains("b2c_1_susi"), "{there}");
    assert_eq!(parameters(&there)["post_logout_redirect_uri"], app.at("/"));
}

#[tokio::test]
async fn f66_nobodys_sign_out_leads_home() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let (there, _) = sign_out(&app, &app.browser()).await;
    assert_eq!(there.as_str(), app.at("/#"));
    assert_eq!(app.emulator.journal().total(), 0);
}

#[tokio::test]
async fn the_sign_out_page_lets_its_form_lead_on_and_no_other_page_does() {
    for (slo, expected) in [(false, false), (true, true)] {
        let app = App::with(|settings| settings.slo_enabled = slo).await;
        let policy = async |path: &str| {
            let page = app.browser().get(app.at(path)).await.unwrap();
            page.header("content-security-policy").unwrap().to_owned()
        };
        let sign_out = policy(LOGOUT).await;
        assert_eq!(sign_out.contains("form-action 'self' https:"), expected, "{sign_out}");
        assert!(sign_out.contains("form-action 'self'"), "{sign_out}");
        let login = policy("/microsoft_sso/").await;
        assert!(!login.contains("https:") && login.contains("form-action 'self'"), "{login}");
    }
}
