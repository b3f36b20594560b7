//! Answers at doors that are not theirs, and sessions of providers that are gone (S5, S7, K13).

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use entra_emulator::{Browser, Endpoint, seed};
use entra_sso::{EntraSso, Settings, oidc::Secret, session::MemorySessions};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{LOGIN, answer_of, with_partner};
use crate::{
    app::{App, application},
    openid_provider::{CLIENT_ID, CLIENT_SECRET, OpenIdProvider},
};

/// One request to an application without a port.
async fn ask(sso: &EntraSso, path: &str, cookies: &str) -> Response<Bytes> {
    let request = Request::get(path).header("host", "localhost").header("cookie", cookies);
    let answer = application(sso).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

fn location(answer: &Response<Bytes>) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// The cookies that an answer sets, as a browser sends them.
fn cookies(answer: &Response<Bytes>) -> String {
    let set = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    set.filter_map(|value| value.split(';').next()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn s5_s7_an_answer_at_another_providers_door_is_refused() {
    let (one, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    let app = App::beside(&[("one", &one), ("other", &other)], |_| {}).await;
    let doors = ["/microsoft_sso/one/callback/", "/microsoft_sso/other/callback/", "/microsoft_sso/callback/"];
    for login in ["/microsoft_sso/one/login/", "/microsoft_sso/other/login/"] {
        let browser = app.browser();
        let answer = answer_of(&app, &browser, login).await;
        for door in doors.into_iter().filter(|door| *door != answer.path()) {
            let query = answer.query().unwrap();
            let page = browser.get_once(app.at(&format!("{door}?{query}"))).await.unwrap();
            assert_eq!(page.status, 400, "{door}: not started once more, but explained: {}", page.body);
            assert!(page.body.contains("E337"), "{}", page.body);
            assert_eq!(app.who(&browser).await, "nobody", "{door}");
        }
        assert_eq!((one.asked()[1], other.asked()[1], app.asked(Endpoint::Token)), (0, 0, 0), "nothing was redeemed");
    }
    // The owner of an attempt is not hurt by any of it.
    let browser = app.browser();
    let answer = answer_of(&app, &browser, "/microsoft_sso/one/login/").await;
    browser.get_once(app.at(&format!("{}?{}", doors[1], answer.query().unwrap()))).await.unwrap();
    assert_eq!(browser.get(answer.as_str()).await.unwrap().body, "adele.v");
}

#[tokio::test]
async fn s5_an_attempt_at_microsoft_is_refused_at_a_providers_door() {
    let (app, provider) = with_partner(|_| {}).await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, "/microsoft_sso/login/?next=/private", seed::ADELE).await;
    let elsewhere = callback.replace("/microsoft_sso/callback/", "/microsoft_sso/partner/callback/");
    let page = browser.get_once(&elsewhere).await.unwrap();
    assert_eq!((page.status, app.asked(Endpoint::Token), provider.asked()), (400, 0, [0; 3]));
    assert_eq!(browser.get(&callback).await.unwrap().body, "OK user=adele@contoso.example");
}

/// Further parameters of an authorization answer.
type Answer = Vec<(&'static str, String)>;

#[tokio::test]
async fn s7_the_issuer_of_the_answer_is_judged() {
    let wrong = "https://honest.example".to_owned();
    let cases: [(&str, Value, Answer, bool); 4] = [
        ("none, none promised", json!({}), vec![], true),
        ("another provider's", json!({}), vec![("iss", wrong.clone())], false),
        ("promised and missing", json!({ "authorization_response_iss_parameter_supported": true }), vec![], false),
        ("twice", json!({}), vec![("iss", wrong.clone()), ("iss", wrong)], false),
    ];
    for (name, metadata, answer, enters) in cases {
        let (app, provider) = with_partner(|_| {}).await;
        provider.says().metadata = metadata;
        provider.says().answer = answer;
        let browser = app.browser();
        browser.get(app.at(LOGIN)).await.unwrap();
        assert_eq!(app.who(&browser).await != "nobody", enters, "{name}");
        assert_eq!(provider.asked()[1], usize::from(enters), "{name}: the code was redeemed");
    }
    let (app, provider) = with_partner(|_| {}).await;
    provider.says().metadata = json!({ "authorization_response_iss_parameter_supported": true });
    provider.says().answer = vec![("iss", provider.url.clone())];
    assert_eq!(app.browser().get(app.at(LOGIN)).await.unwrap().body, "OK user=adele.v");
}

#[tokio::test]
async fn k13_a_providers_session_counts_where_the_provider_is_one_of_the_sites() {
    let (app, provider) = with_partner(|_| {}).await;
    let browser = app.browser();
    browser.get(app.at(LOGIN)).await.unwrap();
    assert_eq!(app.who(&browser).await, "adele.v");
    app.emulator.journal().clear();
    let page = browser.get(app.at("/microsoft_sso/login/?next=/private")).await.unwrap();
    assert_eq!(page.body, "OK user=adele.v", "who is signed in skips Microsoft, too");
    assert_eq!((app.emulator.journal().total(), provider.asked()[0]), (0, 1));
}

#[tokio::test]
async fn k13_a_session_of_a_provider_that_is_gone_is_nobodys() {
    let provider = OpenIdProvider::start().await;
    let sessions = Arc::new(MemorySessions::with_clock(provider.clock.clock()));
    let build = |providers: &str| {
        let toml = format!(
            "application_id = {:?}\nclient_secret = \"x\"\ntenant_id = {:?}\n{providers}",
            seed::APP_ID,
            seed::CONTOSO
        );
        let mut settings = Settings::from_toml(&toml).unwrap();
        settings.secret_keys = vec![Secret::new("n0WqV3kKx5m2Yt8sQb1Zr7uHc4Lf9Ja6De0Gi3Po5Xw=")];
        EntraSso::builder(settings).sessions(sessions.clone()).clock(provider.clock.clock()).build()
    };
    let table = |name: &str, client: &str| {
        format!(
            "[[provider]]\nname = {name:?}\noidc_authority = {:?}\nclient_id = {client:?}\nclient_secret = {CLIENT_SECRET:?}\n",
            provider.url
        )
    };
    let with = build(&table("partner", CLIENT_ID)).unwrap();
    let start = ask(&with, "/microsoft_sso/partner/login/", "").await;
    let back = Browser::new().get_once(location(&start)).await.unwrap().location().unwrap().clone();
    let done = ask(&with, &back[url::Position::BeforePath..], &cookies(&start)).await;
    assert_eq!(location(&done), "/#");
    let cookie = cookies(&done);
    let home = async |sso: &EntraSso| String::from_utf8_lossy(ask(sso, "/", &cookie).await.body()).into_owned();
    assert_eq!(home(&with).await, "adele.v");
    assert_eq!(home(&build("").unwrap()).await, "nobody", "no such provider");
    assert_eq!(home(&build(&table("partner", "another")).unwrap()).await, "nobody", "another application there");

    let twins = build(&format!("{}{}", table("one", CLIENT_ID), table("other", CLIENT_ID))).unwrap_err();
    assert!(format!("{twins:?}").contains("`one` and `other` are the same application"), "S5: {twins:?}");
}

#[tokio::test]
async fn s1_s4_a_providers_answer_counts_once_and_in_its_own_browser() {
    let (app, provider) = with_partner(|_| {}).await;
    let (owner, thief) = (app.browser(), app.browser());
    let answer = answer_of(&app, &owner, LOGIN).await;
    let page = thief.get_once(answer.as_str()).await.unwrap();
    assert!(page.location().unwrap().as_str().starts_with(&provider.url), "S1: begun once more, in that browser");
    assert_eq!((provider.asked()[1], app.who(&thief).await.as_str()), (0, "nobody"));

    let replays = futures_util::future::join_all((0..30).map(|_| owner.get_once(answer.as_str()))).await;
    let begins = |page: &entra_emulator::Page| {
        let cookies = page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        cookies.filter(|cookie| cookie.starts_with("microsoft_sso_session=") && !cookie.contains("Max-Age=0")).count()
    };
    let sessions: usize = replays.iter().map(|page| begins(page.as_ref().unwrap())).sum();
    assert_eq!((provider.asked()[1], sessions), (1, 1), "S4: one token call, one session");
    assert_eq!(app.who(&owner).await, "adele.v");
}
