//! More than being signed in: recently, in an authentication context, or as an API's challenge asks (F-20, F-54).

use std::time::Duration;

use axum::{Router, response::IntoResponse as _, routing::get};
use entra_emulator::{Browser, Emulator, Endpoint, Fault, seed};
use entra_sso::{EntraSso, Rejection, SignedIn, StepUp, require};
use serde_json::{Value, json};
use url::Url;

use crate::{
    app::{App, NOW, tables},
    openid_provider::OpenIdProvider,
};

const COOKIE: &str = "microsoft_sso_session";
const CHALLENGE: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c7"}}}"#;

fn application(sso: &EntraSso) -> Router {
    let recently = || require::within(Duration::from_mins(10));
    let page = |guards: Vec<require::Require>, path: &str| {
        let router = Router::new().route(path, get(inside).post(inside));
        guards.into_iter().fold(router, Router::route_layer)
    };
    Router::new()
        .route("/", get(home))
        .route("/private", get(inside))
        .route("/challenged", get(challenged))
        .merge(page(vec![recently()], "/recent"))
        .merge(page(vec![require::acrs("c1")], "/strong"))
        .merge(page(vec![recently(), require::acrs("c1"), require::acrs("c2")], "/all"))
        .merge(sso.routes())
        .layer(sso.layer())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}

async fn inside(user: SignedIn) -> String {
    format!("in: {}", user.username())
}

async fn challenged(user: SignedIn) -> Result<String, Rejection> {
    Err(user.step_up(StepUp::new().claims(CHALLENGE)))
}

async fn start() -> App {
    App::serving(application, Emulator::env, "", |_, _| {}).await
}

/// Signed in as Adele, in a way that proves nothing further.
async fn signed_in(app: &App) -> Browser {
    let browser = app.browser();
    assert_eq!(app.sign_in(&browser, seed::ADELE).await.body, "in: adele@contoso.example");
    browser
}

fn session(app: &App, browser: &Browser) -> Option<String> {
    browser.cookie(&app.url, COOKIE)
}

/// Where this address leads, one step further.
async fn next(browser: &Browser, url: &str) -> Url {
    let page = browser.get_once(url).await.unwrap();
    page.location().unwrap_or_else(|| panic!("no redirect from {url}: {} {}", page.status, page.body))
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The request to Microsoft that opening `path` leads to.
async fn asked_of_microsoft(app: &App, browser: &Browser, path: &str) -> Url {
    let login = next(browser, &app.at(path)).await;
    next(browser, login.as_str()).await
}

#[tokio::test]
async fn a_sign_in_has_to_be_recent() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let login = next(&browser, &app.at("/recent?a=1")).await;
    assert_eq!((login.path(), parameter(&login, "next").as_deref()), ("/microsoft_sso/login/", Some("/recent?a=1")));
    let there = next(&browser, login.as_str()).await;
    assert_eq!(parameter(&there, "max_age").as_deref(), Some("600"));
    assert!(parameter(&there, "login_hint").is_some(), "Microsoft is told who it is about");

    let page = browser.get(app.at("/recent?a=1")).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.query()), ("in: adele@contoso.example", Some("a=1")), "just signed in");
    app.advance(Duration::from_mins(9));
    let asked = app.asked(Endpoint::Authorize);
    assert_eq!(browser.get(app.at("/recent")).await.unwrap().body, "in: adele@contoso.example");
    assert_eq!(app.asked(Endpoint::Authorize), asked, "Microsoft is not asked again");

    app.advance(Duration::from_mins(2));
    let page = browser.get(app.at("/recent")).await.unwrap();
    assert!(page.emulator_page().is_some(), "Microsoft asks: {}", page.body);
    assert_eq!(app.who(&browser).await, "adele@contoso.example", "the session goes on for everything else");
    let page = browser.start_at(app.at("/recent")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.body, "in: adele@contoso.example");
}

#[tokio::test]
async fn k1_a_step_up_changes_the_session_id_and_ends_the_session_before() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let before = session(&app, &browser).unwrap();
    assert_eq!(browser.get(app.at("/strong")).await.unwrap().body, "in: adele@contoso.example");
    assert_ne!(session(&app, &browser).unwrap(), before);
    let thief = app.browser();
    thief.set_cookie(&app.url, &format!("{COOKIE}={before}; Path=/"));
    assert_eq!(app.who(&thief).await, "nobody");
}

#[tokio::test]
async fn an_authentication_context_is_asked_for_and_held() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let there = asked_of_microsoft(&app, &browser, "/strong").await;
    let claims: Value = serde_json::from_str(&parameter(&there, "claims").unwrap()).unwrap();
    assert_eq!(claims, json!({ "id_token": { "acrs": { "essential": true, "value": "c1" } } }));
    assert_eq!(parameter(&there, "max_age"), None);
    assert_eq!(browser.get(app.at("/strong")).await.unwrap().body, "in: adele@contoso.example");
    let again = browser.get_once(app.at("/strong")).await.unwrap();
    assert_eq!((again.status, again.body.as_str()), (200, "in: adele@contoso.example"));
}

#[tokio::test]
async fn r6_guards_that_ask_for_different_proofs_do_not_send_a_browser_to_and_fro() {
    let app = start().await;
    let browser = app.browser();
    let page = browser.start_at(app.at("/all")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.url.path(), page.body.as_str()), ("/all", "in: adele@contoso.example"));
    assert!(app.asked(Endpoint::Token) <= 4, "one sign-in, and one for each guard");
    assert_eq!(browser.get_once(app.at("/all")).await.unwrap().status, 200);
}

#[tokio::test]
async fn what_the_token_does_not_prove_is_refused_and_the_session_stays_as_it_was() {
    let long_ago = json!(NOW - 10_000);
    for (path, fault) in [
        ("/strong", Fault::NoClaim("acrs".to_owned())),
        ("/strong", Fault::Claim("acrs".to_owned(), json!(["c2", "c11", "C1"]))),
        ("/strong", Fault::Claim("acrs".to_owned(), json!([]))),
        ("/recent", Fault::NoClaim("auth_time".to_owned())),
        ("/recent", Fault::Claim("auth_time".to_owned(), long_ago)),
        ("/recent", Fault::Claim("auth_time".to_owned(), json!("now"))),
        ("/recent", Fault::Claim("auth_time".to_owned(), json!(NOW + 10_000))),
    ] {
        let app = start().await;
        let browser = signed_in(&app).await;
        let before = session(&app, &browser);
        let tokens = app.asked(Endpoint::Token);
        app.emulator.faults().once(fault.clone());
        let page = browser.get(app.at(path)).await.unwrap();
        assert!(!page.body.starts_with("in:") && page.url.path() != path, "{path} {fault:?}: {}", page.body);
        assert_eq!(app.asked(Endpoint::Token), tokens + 1, "{fault:?}: tried once and explained");
        assert_eq!(session(&app, &browser), before, "{fault:?}");
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "{fault:?}");
        assert!(browser.get_once(app.at(path)).await.unwrap().location().is_some(), "{fault:?}: still asked for");
    }
}

#[tokio::test]
async fn r6_who_cannot_prove_it_or_turns_back_is_told_once_and_not_sent_around() {
    for fault in [Fault::NoClaim("auth_time".to_owned()), Fault::NoClaim("acrs".to_owned())] {
        let app = start().await;
        let browser = signed_in(&app).await;
        let tokens = app.asked(Endpoint::Token);
        app.emulator.faults().always(fault.clone());
        let page = browser.get(app.at("/all")).await.unwrap();
        assert_eq!(page.url.path(), "/microsoft_sso/callback/", "{fault:?}: {}", page.body);
        assert!(app.asked(Endpoint::Token) <= tokens + 3, "{fault:?}");
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "{fault:?}");
    }
    let app = start().await;
    let browser = signed_in(&app).await;
    let login = next(&browser, &app.at("/recent")).await.to_string().replace('#', "&prompt=login#");
    let page = browser.start_at(login).cancelling().await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/callback/", "{}", page.body);
    assert_eq!(app.who(&browser).await, "adele@contoso.example");
}

/// F-37: the back button after a step-up that was finished; and who lost the cookie of one is not sent around.
#[tokio::test]
async fn f37_r6_a_step_up_without_its_cookie_leads_on_if_it_was_finished() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let callback = app.callback_of(&browser, "/strong", seed::ADELE).await;
    let lost = app.browser();
    lost.set_cookie(&app.url, &format!("{COOKIE}={}; Path=/", session(&app, &browser).unwrap()));
    let told = lost.get(&callback).await.unwrap();
    assert!(told.status == 400 && told.body.contains("E380-"), "{} {}", told.url, told.body);
    for _ in 0..2 {
        assert_eq!(browser.get(&callback).await.unwrap().body, "in: adele@contoso.example");
        app.advance(Duration::from_mins(2));
    }
    let nobody = next(&app.browser(), &callback).await;
    assert!(nobody.as_str().starts_with(app.emulator.url().as_str()), "{nobody}");
}

#[tokio::test]
async fn s14_no_link_asks_for_a_step_up_but_ours() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let real = parameter(&next(&browser, &app.at("/strong")).await, "step").unwrap();
    let altered = if real.ends_with('A') {
        real.replacen(&real[5..9], "AAAA", 1)
    } else {
        format!("{}A", &real[..real.len() - 1])
    };
    for forged in ["", "x", "c1", r#"{"a":"c1"}"#, &altered, &real[..real.len() - 4], &format!("{real}{real}")] {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("next", "/private")
            .append_pair("step", forged)
            .extend_pairs([("max_age", "0"), ("acrs", "c9"), ("claims", CHALLENGE), ("scope", "Mail.Read")])
            .finish();
        let link = app.at(&format!("/microsoft_sso/login/?{query}"));
        assert_eq!(next(&browser, &link).await.path(), "/private", "signed in already: {forged}");
        let there = next(&app.browser(), &link).await;
        for name in ["max_age", "acrs", "claims", "acr_values"] {
            assert_eq!(parameter(&there, name), None, "{forged}");
        }
        assert!(!there.query().unwrap().contains("Mail.Read"));
    }
    let link = app.at(&format!("/microsoft_sso/login/?next=/private&step={real}"));
    assert!(parameter(&next(&browser, &link).await, "claims").is_some(), "ours counts");
    app.advance(Duration::from_mins(10));
    assert_eq!(next(&browser, &link).await.path(), "/private", "and not for longer than a sign-in may take");
}

#[tokio::test]
async fn another_account_gets_a_session_of_its_own_and_no_proof_of_the_first() {
    let app = start().await;
    let browser = app.browser();
    browser.start_at(app.at("/strong")).signing_in_as(seed::ADELE).await.unwrap();
    let adeles = session(&app, &browser).unwrap();
    assert_eq!(browser.get_once(app.at("/strong")).await.unwrap().status, 200);
    let login = next(&browser, &app.at("/recent")).await;
    let page = browser.start_at(format!("{login}").replace('#', "&prompt=select_account#"));
    let page = page.signing_in_as(seed::ALEX).await.unwrap();
    assert_eq!((page.url.path(), page.body.as_str()), ("/recent", "in: alex@contoso.example"));
    let strong = browser.get_once(app.at("/strong")).await.unwrap();
    assert!(strong.location().is_some(), "what Adele proved is not Alex's");
    let thief = app.browser();
    thief.set_cookie(&app.url, &format!("{COOKIE}={adeles}; Path=/"));
    assert_eq!(app.who(&thief).await, "nobody");
}

#[tokio::test]
async fn programs_and_htmx_are_told_where_to_go() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let cookies = app.cookies(&browser);
    let page = app.at("/settings?tab=2");
    let with = |name: &str, value: &str| http::Request::builder().header("cookie", &cookies).header(name, value);
    let fetch = app.send(with("sec-fetch-mode", "cors"), "/strong", "").await;
    let post = app.send(with("accept", "text/html").method("POST"), "/strong", "").await;
    let htmx = app.send(with("hx-request", "true").header("hx-current-url", &page), "/strong", "").await;
    for answer in [&fetch, &post, &htmx] {
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!((answer.status().as_u16(), &body["code"]), (401, &json!("E351")));
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let login = body["login_url"].as_str().unwrap();
        let there = next(&browser, &app.at(login)).await;
        assert!(parameter(&there, "claims").is_some(), "{login}");
    }
    let redirect = htmx.headers()["hx-redirect"].to_str().unwrap();
    assert!(redirect.contains("next=%2Fsettings%3Ftab%3D2") && redirect.contains("step="), "{redirect}");
}

#[tokio::test]
async fn a_handler_hands_on_a_claims_challenge() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let there = asked_of_microsoft(&app, &browser, "/challenged").await;
    let claims: Value = serde_json::from_str(&parameter(&there, "claims").unwrap()).unwrap();
    assert_eq!(claims, serde_json::from_str::<Value>(CHALLENGE).unwrap());
}

#[tokio::test]
async fn a_handler_can_be_tested_without_an_application() {
    let user = entra_sso::testing::TestUser::new("adele@contoso.example").signed_in();
    assert!(!user.has_proved(&StepUp::new().acrs("c1")));
    assert_eq!(user.step_up(StepUp::new().acrs("c1")).into_response().status(), 401);
}

#[tokio::test]
async fn a_standard_provider_proves_when_and_not_in_which_context() {
    let provider = OpenIdProvider::start().await;
    let app = App::serving(application, Emulator::env, &tables(&[("partner", &provider)]), |_, _| {}).await;
    let browser = app.browser();
    provider.says().claims["auth_time"] = json!(NOW - 1000);
    let page = browser.get(app.at("/microsoft_sso/partner/login/?next=/private")).await.unwrap();
    assert_eq!(page.body, "in: adele.v");
    let login = next(&browser, &app.at("/recent")).await;
    assert_eq!(login.path(), "/microsoft_sso/partner/login/");
    provider.says().claims["auth_time"] = json!(NOW - 100);
    assert_eq!(browser.get(app.at("/recent")).await.unwrap().body, "in: adele.v");
    assert_eq!(provider.says().request["max_age"], json!("600"));
    let strong = browser.get(app.at("/strong")).await.unwrap();
    assert_eq!((strong.status, strong.url.path()), (403, "/strong"), "E352 and no redirect: {}", strong.body);
}

#[tokio::test]
async fn b2c_users_prove_when_and_are_asked_for_no_context() {
    let app = App::serving(application, crate::app::b2c, "", |_, _| {}).await;
    let browser = app.browser();
    let page = browser.start_at(app.at("/private")).signing_in_as(seed::ROBIN).await.unwrap();
    assert!(page.body.starts_with("in: "), "{}", page.body);
    let recent = browser.start_at(app.at("/recent")).signing_in_as(seed::ROBIN).await.unwrap();
    assert!(recent.url.path() == "/recent" && recent.body.starts_with("in: "), "{} {}", recent.url, recent.body);
    let strong = browser.get(app.at("/strong")).await.unwrap();
    assert_eq!((strong.status, strong.url.path()), (403, "/strong"), "{}", strong.body);
}

/// Anybody may write `acrs` into a token; it means Conditional Access where Microsoft's directory writes it.
#[tokio::test]
async fn i8_an_authentication_context_of_another_kind_of_provider_is_none() {
    let provider = OpenIdProvider::start().await;
    let app = App::serving(application, Emulator::env, &tables(&[("partner", &provider)]), |_, _| {}).await;
    let browser = app.browser();
    provider.says().claims["acrs"] = json!(["c1", "c2"]);
    provider.says().claims["auth_time"] = json!(NOW);
    let page = browser.get(app.at("/microsoft_sso/partner/login/?next=/private")).await.unwrap();
    assert_eq!(page.body, "in: adele.v");
    for path in ["/strong", "/all"] {
        let page = browser.get(app.at(path)).await.unwrap();
        assert_eq!((page.status, page.url.path()), (403, path), "{}", page.body);
    }
}
