//! Z1: what is secret stays out of logs, pages and `Debug`, whatever happens.

use std::time::Duration;

use entra_emulator::{Endpoint, ErrorAnswer, Fault, seed};
use http::Request;
use serde_json::json;

use crate::{
    app::App,
    openid_provider::{ACCESS_TOKEN, CLIENT_SECRET, OpenIdProvider},
    told::{self, Log},
};

#[test]
fn z1_no_secret_reaches_a_log_or_a_page() {
    told::listen_on_every_thread();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    // One thread, so that everything in it is seen by this subscriber.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let all =
        async { [journeys().await, of_a_provider().await, of_user_flows().await, of_saved_tokens().await].concat() };
    let secrets = tracing::subscriber::with_default(subscriber, || runtime.block_on(all));
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("entra_sso"), "something was logged at all");
    for form in ["eyJ", "code_verifier=", "client_secret=", "Bearer "] {
        assert!(!log.contains(form), "a token, verifier or secret stands in the log: {form}");
    }
    for (name, secret) in secrets {
        assert!(secret.len() >= 16, "{name} is long enough to be looked for: {}", secret.len());
        assert!(!log.contains(&secret), "{name} stands in the log");
    }
}

/// Good and bad journeys; gives every secret that was seen.
async fn journeys() -> Vec<(String, String)> {
    let app = App::start().await;
    let mut secrets = vec![("client secret".to_owned(), seed::APP_SECRET.to_owned())];
    let faults = [
        None,
        Some(Fault::BadSignature),
        Some(Fault::WrongNonce),
        Some(Fault::Status(Endpoint::Token, 500)),
        Some(Fault::Truncated(Endpoint::Token)),
        Some(Fault::NoTokenMember("id_token".to_owned())),
        Some(Fault::TokenError(ErrorAnswer::new("invalid_client", 7_000_215, "Invalid client secret provided"))),
        Some(Fault::AuthorizeError(ErrorAnswer::new("server_error", 90036, "oops"))),
        Some(Fault::Status(Endpoint::Me, 500)),
    ];
    for fault in faults {
        let browser = app.browser();
        if let Some(fault) = fault {
            app.emulator.faults().once(fault);
        }
        let callback = app.callback_of(&browser, "/microsoft_sso/login/?next=/private", seed::ADELE).await;
        for (name, value) in url::Url::parse(&callback).unwrap().query_pairs() {
            if matches!(name.as_ref(), "code" | "state") {
                secrets.push((name.to_string(), value.to_string()));
            }
        }
        secrets.extend(browser.cookies(&app.url).into_iter().filter(|(name, _)| name.starts_with("microsoft_sso")));
        let page = browser.get(&callback).await.unwrap();
        secrets.extend(browser.cookies(&app.url).into_iter().filter(|(name, _)| name.starts_with("microsoft_sso")));
        for (name, secret) in &secrets {
            assert!(!page.body.contains(secret.as_str()), "{name} stands on a page");
        }
        browser.get(app.at("/private")).await.unwrap();
        browser.post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    }
    for text in [format!("{:?}", app.sso), format!("{:?}", app.sso.settings())] {
        assert!(!text.contains(seed::APP_SECRET), "Debug of the settings");
    }
    secrets
}

/// A provider beside Microsoft: sign-in, `UserInfo` of somebody else, sign-out, and what it tells of sign-outs.
async fn of_a_provider() -> Vec<(String, String)> {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |settings| settings.slo_enabled = true).await;
    let mut secrets = vec![("client secret".to_owned(), CLIENT_SECRET.to_owned())];
    secrets.push(("access token".to_owned(), ACCESS_TOKEN.to_owned()));
    for subject in ["adele", "somebody else"] {
        provider.says().user_info = json!({ "sub": subject });
        let browser = app.browser();
        let there = browser.get_once(app.at("/microsoft_sso/partner/login/")).await.unwrap();
        secrets.extend(browser.cookies(&app.url));
        let back = browser.get_once(there.location().unwrap()).await.unwrap();
        secrets.extend(credentials(&back.location().unwrap()));
        let page = browser.get(back.location().unwrap()).await.unwrap();
        assert!(!page.body.contains(ACCESS_TOKEN) && !page.body.contains(CLIENT_SECRET));
        secrets.extend(browser.cookies(&app.url));
        browser.post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    }
    for claims in [json!({ "sid": "sid-1" }), json!({ "sid": "sid-1" }), json!({ "sid": "sid-1", "aud": "another" })] {
        let token = provider.logout_token("a name of a logout token", &claims);
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let body = format!("logout_token={token}");
        let answer = app.send(request, "/microsoft_sso/partner/back_channel_logout/", body).await;
        assert!(!String::from_utf8_lossy(answer.body()).contains(&token));
        secrets.push(("logout token".to_owned(), token));
    }
    secrets
}

/// B2C: the answer of a flow whose code nobody redeems.
async fn of_user_flows() -> Vec<(String, String)> {
    let app = App::of_b2c(|_| {}).await;
    let browser = app.browser();
    let visit = browser.start_at(app.at("/microsoft_sso/reset_password/")).stop_at(app.at("/microsoft_sso/callback"));
    let page = visit.resetting_password_of(seed::ROBIN).await.unwrap();
    let mut secrets = credentials(&page.location().unwrap());
    secrets.push(("client secret".to_owned(), seed::B2C_APP_SECRET.to_owned()));
    browser.get_once(page.location().unwrap()).await.unwrap();
    secrets.extend(browser.cookies(&app.url));
    secrets
}

/// The code and the state of an answer.
fn credentials(answer: &url::Url) -> Vec<(String, String)> {
    answer.query_pairs().into_owned().filter(|(name, _)| matches!(name.as_str(), "code" | "state")).collect()
}

/// Tokens that are saved: refreshed, for another API, for Graph, refused, and a challenge.
async fn of_saved_tokens() -> Vec<(String, String)> {
    let app = App::with(|settings| {
        settings.save_access_token = true;
        settings.session_cookie_age = Duration::from_hours(24);
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let mut secrets = Vec::new();
    let faults = [
        None,
        Some(Fault::Status(Endpoint::Token, 503)),
        Some(Fault::Truncated(Endpoint::Token)),
        Some(Fault::BadSignature),
        Some(Fault::NoTokenMember("access_token".to_owned())),
        Some(Fault::TokenError(ErrorAnswer::new("invalid_client", 7_000_222, "expired"))),
        Some(Fault::Claim("sub".to_owned(), json!("another"))),
        Some(Fault::TokenError(ErrorAnswer::new("invalid_grant", 70_000, "used"))),
    ];
    for fault in faults {
        app.advance(Duration::from_hours(1));
        if let Some(fault) = fault {
            app.emulator.faults().once(fault);
        }
        for path in ["/token", "/token_for?scope=api://6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a/read", "/graph?path=me"] {
            let page = browser.get(app.at(path)).await.unwrap();
            if page.status == 200 && path != "/graph?path=me" && page.body.starts_with("ey") {
                secrets.push(("access token".to_owned(), page.body));
            }
        }
        secrets.extend(browser.cookies(&app.url).into_iter().filter(|(name, _)| name.starts_with("microsoft_sso")));
        app.sign_in(&browser, seed::ADELE).await;
    }
    assert!(secrets.iter().filter(|(name, _)| name == "access token").count() > 3, "tokens were seen at all");
    secrets
}
