//! Sign-out that goes on to the provider (F-66): the session here ends first, whatever becomes of it there.

mod csrf;
mod everywhere;

use std::{collections::HashMap, time::Duration};

use entra_emulator::{Browser, Directory, Endpoint, Fault, TenantKind, seed};
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
    assert!(!parameters.contains_key("logout_hint"), "a claim of that name is Microsoft's alone");
    assert_eq!(parameters["id_token_hint"], provider.says().id_token, "with it the provider leads back");
    assert_eq!(app.emulator.journal().total(), 0);
}

#[tokio::test]
async fn l5_a_long_id_token_is_neither_kept_nor_sent() {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |settings| settings.slo_enabled = true).await;
    provider.says().claims["notes"] = json!("x".repeat(4096));
    let browser = app.browser();
    browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    let (there, _) = sign_out(&app, &browser).await;
    assert!(there.as_str().starts_with(&format!("{}/logout?", provider.url)), "{there}");
    assert!(!parameters(&there).contains_key("id_token_hint"), "L5: {there}");
    assert_eq!(parameters(&there)["post_logout_redirect_uri"], app.at("/"));
}

#[tokio::test]
async fn f66_an_authority_of_many_tenants_is_left_at_the_users_own() {
    for segment in ["common", "organizations"] {
        let app = App::of_tenant(segment, |settings, _| {
            settings.slo_enabled = true;
            settings.allow_any_tenant = true;
            settings.allowable_domains = Some(vec!["*".to_owned()]);
            settings.logout_redirect_path = "/bye now/grüße?a=1&b=%23".to_owned();
        })
        .await;
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        let (there, _) = sign_out(&app, &browser).await;
        assert_eq!(there.path(), format!("/{}/oauth2/v2.0/logout", seed::CONTOSO), "{segment}");
        let home = &parameters(&there)["post_logout_redirect_uri"];
        assert_eq!(*home, app.at("/bye%20now/gr%C3%BC%C3%9Fe?a=1&b=%23"), "{segment}");
    }
}

#[tokio::test]
async fn k2_a_cookie_from_before_a_sign_out_opens_nothing() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let old = app.cookies(&browser);
    sign_out(&app, &browser).await;
    for path in ["/", "/private", "/microsoft_sso/me", "/microsoft_sso/logout/"] {
        let answer = app.send(Request::get("/").header("cookie", &old), path, "").await;
        assert!(!String::from_utf8_lossy(answer.body()).contains("dele"), "{path}");
    }
    let again = Request::post("/").header("sec-fetch-site", "same-origin").header("cookie", &old);
    let answer = app.send(again, LOGOUT, "").await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &"/#".parse().unwrap()), "home");
}

/// OIDF: whatever `state` comes back from there, or none, nobody is signed in any more.
#[tokio::test]
async fn l5_whatever_comes_back_from_there_the_sign_out_holds() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let (there, _) = sign_out(&app, &browser).await;
    assert!(!parameters(&there).contains_key("state"), "nothing is asked of the way back");
    for query in ["", "?state=other", "?state=", "?state=a&state=b", "?error=access_denied"] {
        assert_eq!(browser.get(app.at(&format!("/{query}"))).await.unwrap().body, "nobody", "{query}");
    }
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
    let parameters = parameters(&there);
    assert_eq!(parameters["post_logout_redirect_uri"], app.at("/"));
    assert!(!parameters.contains_key("logout_hint"), "{there}");
    assert_eq!(parameters["id_token_hint"].split('.').count(), 3, "{there}");
}

/// B2C shows an error for a hint that is over, and leads back without one unless it is set to require it.
#[tokio::test]
async fn f66_b2c_leads_back_with_the_id_token_and_is_sent_none_that_is_over() {
    for (needs, minutes, hinted) in [(true, 0, true), (false, 0, true), (false, 61, false)] {
        let app = App::of_b2c(|settings| {
            settings.slo_enabled = true;
            settings.session_cookie_age = Duration::from_hours(4);
            settings.logout_redirect_path = "/static".to_owned();
        })
        .await;
        let directory = app.emulator.directory();
        directory.add_redirect_uri(seed::B2C_APP_ID, &app.at("/static")).unwrap();
        let require = |directory: &mut Directory| {
            for tenant in &mut directory.tenants {
                if let TenantKind::B2c(b2c) = &mut tenant.kind {
                    b2c.user_flows.iter_mut().for_each(|flow| flow.logout_needs_id_token = needs);
                }
            }
            Ok(())
        };
        directory.change(require).unwrap();
        let browser = app.browser();
        app.sign_in(&browser, seed::ROBIN).await;
        app.advance(Duration::from_mins(minutes));
        let (there, _) = sign_out(&app, &browser).await;
        assert_eq!(parameters(&there).contains_key("id_token_hint"), hinted, "{needs} {minutes}");
        let page = browser.get(&there).await.unwrap();
        assert_eq!(page.body, "static", "back here: {needs} {minutes}: {}", page.url);
    }
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
