//! External ID: a customers' tenant at paths like any other, with an issuer and a key of its own.

use std::collections::BTreeSet;

use entra_emulator::{Browser, Emulator, seed};
use serde_json::{Value, json};

use crate::flow::{Answer, Ask, TokenAsk, claims, get_json, header, start, told};

fn ask(emulator: &Emulator) -> Ask {
    let ask = Ask::new(emulator).at(seed::EXTERNAL_DOMAIN).set("client_id", seed::EXTERNAL_APP_ID);
    ask.set("scope", "openid profile email offline_access")
}

fn client(ask: TokenAsk) -> TokenAsk {
    ask.set("client_id", seed::EXTERNAL_APP_ID).set("client_secret", seed::EXTERNAL_APP_SECRET)
}

async fn tokens(emulator: &Emulator, code: &str) -> Answer {
    let answer = client(TokenAsk::code(emulator, code)).at(emulator, seed::EXTERNAL_TENANT).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

fn issuer() -> String {
    format!("https://{0}.ciamlogin.com/{0}/v2.0", seed::EXTERNAL_TENANT)
}

async fn keys(emulator: &Emulator, tenant: &str) -> Vec<Value> {
    let (_, body) = get_json(format!("{}{tenant}/discovery/v2.0/keys", emulator.url())).await;
    body["keys"].as_array().expect("keys").clone()
}

#[tokio::test]
async fn discovery_names_the_guid_as_the_issuers_host() {
    let emulator = start().await;
    for tenant in [seed::EXTERNAL_TENANT, seed::EXTERNAL_DOMAIN, "ContosoCustomers.onmicrosoft.com"] {
        let url = format!("{}{tenant}/v2.0/.well-known/openid-configuration", emulator.url());
        let (_, body) = get_json(url).await;
        assert_eq!(body["issuer"], issuer(), "{tenant}");
        let token_endpoint = format!("{}{}/oauth2/v2.0/token", emulator.url(), seed::EXTERNAL_TENANT);
        assert_eq!(body["token_endpoint"], token_endpoint, "{tenant}");
        assert_eq!(body["scopes_supported"], json!(["openid", "profile", "email", "offline_access"]));
    }
}

#[tokio::test]
async fn its_key_stands_in_its_own_list_only() {
    let emulator = start().await;
    let kids = |keys: &[Value]| keys.iter().map(|key| key["kid"].to_string()).collect::<BTreeSet<_>>();
    let (own, work) = (keys(&emulator, seed::EXTERNAL_TENANT).await, keys(&emulator, seed::CONTOSO).await);
    assert!(kids(&own).is_superset(&kids(&work)) && own.len() == work.len() + 2);
    let answer = tokens(&emulator, &ask(&emulator).code(seed::SAM).await).await;
    let kid = header(answer.text("id_token"))["kid"].clone();
    let key = own.iter().find(|key| key["kid"] == kid).expect("the key of the token");
    assert_eq!(key["issuer"], issuer());
    assert!(!work.iter().any(|key| key["kid"] == kid));
}

#[tokio::test]
async fn an_id_token_has_the_v2_shape_with_that_issuer() {
    let emulator = start().await;
    let token = tokens(&emulator, &ask(&emulator).code(seed::SAM).await).await.id_token();
    let expected = [
        ("iss", json!(issuer())),
        ("tid", json!(seed::EXTERNAL_TENANT)),
        ("oid", json!(seed::SAM_ID)),
        ("ver", json!("2.0")),
        ("preferred_username", json!(seed::SAM)),
        ("email", json!(seed::SAM)),
        ("name", json!("Sam Oduya")),
        ("nonce", json!("the-nonce")),
    ];
    for (name, value) in expected {
        assert_eq!(token[name], value, "{name}");
    }
    assert_ne!(token["sub"], json!(seed::SAM_ID), "pairwise");
    assert_eq!(token["exp"].as_i64().expect("a time") - token["iat"].as_i64().expect("a time"), 3900);
}

#[tokio::test]
async fn prompt_create_makes_an_account() {
    let emulator = start().await;
    let browser = Browser::new();
    let create = ask(&emulator).set("prompt", "create").set("login_hint", "noor@mail.example");
    let page = browser.get(create.url()).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("sign-up"));
    assert_eq!(page.form("sign-up").expect("a form").field("address"), Some("noor@mail.example"));
    let visit = browser.start_at(create.url()).stop_at("http://localhost/");
    let page = visit.signing_up_as("noor@mail.example", "Noor Haddad").await.expect("an answer");
    let token = tokens(&emulator, &told(&page)["code"]).await.id_token();
    assert_eq!(token["name"], "Noor Haddad");
    let user = emulator.directory().user("noor@mail.example").expect("a user");
    assert!(user.is_customer() && user.tenant == seed::EXTERNAL_TENANT);
    assert_eq!(user.upn, format!("{}@{}", user.id, seed::EXTERNAL_DOMAIN));
    let work = Ask::new(&emulator).set("prompt", "create");
    let page = browser.get_once(work.url()).await.expect("an answer");
    let location = page.location().expect("a redirect");
    assert!(location.as_str().contains("AADSTS90023"), "organisations have no sign-up: {location}");
}

#[tokio::test]
async fn cancelling_and_refusals_are_entras() {
    let emulator = start().await;
    let ask = ask(&emulator);
    let visit = |browser| Browser::start_at(browser, ask.url()).stop_at("http://localhost/");
    let browser = Browser::new();
    let page = visit(&browser).cancelling().await.expect("an answer");
    assert_eq!(told(&page)["error_subcode"], "cancel");
    assert!(visit(&browser).forgetting_password().await.is_err(), "there is no such button");
    let code = ask.code(seed::SAM).await;
    let elsewhere = client(TokenAsk::code(&emulator, &code)).at(&emulator, "common").send().await;
    assert_eq!(elsewhere.status, 400, "{}", elsewhere.body);
    let wrong = client(TokenAsk::code(&emulator, &code)).at(&emulator, seed::EXTERNAL_TENANT);
    assert_eq!(wrong.set("client_secret", "wrong").send().await.summary(), "401 invalid_client 7000215");
}

#[tokio::test]
async fn tokens_and_sessions_stay_in_the_tenant() {
    let emulator = start().await;
    let browser = Browser::new();
    let page = ask(&emulator).answered_to(&browser, seed::SAM).await;
    let answer = tokens(&emulator, &told(&page)["code"]).await;
    let refresh = client(TokenAsk::refresh(&emulator, answer.text("refresh_token")));
    let elsewhere = refresh.clone().at(&emulator, seed::CONTOSO).send().await;
    assert_eq!(elsewhere.status, 400, "{}", elsewhere.body);
    let again = refresh.at(&emulator, seed::EXTERNAL_TENANT).send().await;
    assert_eq!(again.id_token()["iss"], issuer());
    let page = browser.get(Ask::new(&emulator).at("common").url()).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"), "Sam's session counts in its tenant only");
    assert!(!page.body.contains(seed::SAM));
}

#[tokio::test]
async fn an_application_gets_a_token_for_itself() {
    let emulator = start().await;
    let ask = client(TokenAsk::app(&emulator, "https://graph.microsoft.com/.default"));
    let answer = ask.at(&emulator, seed::EXTERNAL_TENANT).send().await;
    assert_eq!(claims(answer.text("access_token"))["tid"], seed::EXTERNAL_TENANT);
}

#[tokio::test]
async fn there_are_no_v1_endpoints_and_no_user_flows() {
    let emulator = start().await;
    for path in [".well-known/openid-configuration", "b2c_1_susi/v2.0/.well-known/openid-configuration"] {
        let (status, _) = get_json(format!("{}{}/{path}", emulator.url(), seed::EXTERNAL_TENANT)).await;
        assert_eq!(status, 400, "{path}");
    }
}
