//! Personal accounts: `consumers`.

use entra_emulator::{Browser, Cloud, Emulator, seed};
use serde_json::json;

use crate::flow::{Answer, Ask, NOW, TokenAsk, get_json, header, start, told};

fn ask(emulator: &Emulator) -> Ask {
    Ask::new(emulator).at("consumers")
}

async fn tokens(emulator: &Emulator, ask: &Ask) -> Answer {
    let browser = Browser::new();
    let page = ask.answered_to(&browser, seed::PAT).await;
    let answer = TokenAsk::code(emulator, &told(&page)["code"]).at(emulator, &ask.segment).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

#[tokio::test]
async fn discovery_names_their_tenant() {
    let emulator = start().await;
    let (_, body) = get_json(format!("{}consumers/v2.0/.well-known/openid-configuration", emulator.url())).await;
    let issuer = format!("https://login.microsoftonline.com/{}/v2.0", seed::PERSONAL_ACCOUNTS);
    assert_eq!(body["issuer"], issuer);
    assert_eq!(body["token_endpoint"], format!("{}consumers/oauth2/v2.0/token", emulator.url()));
}

#[tokio::test]
async fn an_id_token_lives_a_day_and_its_subject_is_pairwise() {
    let emulator = start().await;
    let answer = tokens(&emulator, &ask(&emulator)).await;
    let token = answer.id_token();
    assert_eq!(token["iss"], format!("https://login.microsoftonline.com/{}/v2.0", seed::PERSONAL_ACCOUNTS));
    assert_eq!((&token["tid"], &token["oid"]), (&json!(seed::PERSONAL_ACCOUNTS), &json!(seed::PAT_ID)));
    assert_eq!((&token["iat"], &token["exp"]), (&json!(NOW - 300), &json!(NOW - 300 + 86700)));
    let subject = token["sub"].as_str().expect("a text");
    assert!(subject.len() == 43 && subject.starts_with("AAAAAAAAAAAAAAAAAAAAA"), "{subject}");
    assert!(token["rh"].is_null() && token["uti"].is_null());
    let app = emulator.directory().app(seed::APP_ID).expect("seeded");
    let mut other = entra_emulator::App::new("b27e4f18-93d5-4a6c-8e01-5d4c3b2a1f0f", seed::CONTOSO, "Another");
    other.audience = app.audience;
    other.redirect_uris = app.redirect_uris;
    other.secrets = app.secrets;
    let id = other.id.clone();
    emulator.directory().add_app(other).expect("a change");
    let page = ask(&emulator).set("client_id", &id).answered_to(&Browser::new(), seed::PAT).await;
    let code = TokenAsk::code(&emulator, &told(&page)["code"]).at(&emulator, "consumers");
    let answer = code.set("client_id", &id).send().await;
    assert_ne!(answer.id_token()["sub"], token["sub"]);
}

#[tokio::test]
async fn their_key_names_their_tenant_and_graph_tokens_are_opaque() {
    let emulator = start().await;
    let answer = tokens(&emulator, &ask(&emulator)).await;
    let kid = header(answer.text("id_token"))["kid"].clone();
    let (_, keys) = get_json(format!("{}consumers/discovery/v2.0/keys", emulator.url())).await;
    let key = keys["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == kid).expect("the key");
    assert_eq!(key["issuer"], format!("https://login.microsoftonline.com/{}/v2.0", seed::PERSONAL_ACCOUNTS));
    assert!(answer.text("access_token").starts_with("EwB") && !answer.text("access_token").contains('.'));
}

#[tokio::test]
async fn cancelling_has_a_subcode() {
    let emulator = start().await;
    let browser = Browser::new();
    let visit = browser.start_at(ask(&emulator).url()).stop_at("http://localhost/");
    let told = told(&visit.cancelling().await.expect("an answer"));
    assert_eq!((told["error"].as_str(), told["error_subcode"].as_str()), ("access_denied", "cancel"));
    assert_eq!(told["state"], "the-state");
}

#[tokio::test]
async fn only_they_sign_in_at_consumers() {
    let emulator = start().await;
    let page = Browser::new().get(ask(&emulator).url()).await.expect("a page");
    assert!(page.body.contains(seed::PAT));
    for name in [seed::ADELE, seed::ROBIN, seed::SAM] {
        assert!(!page.body.contains(&format!("value=\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn other_clouds_have_none() {
    let emulator = Emulator::builder().cloud(Cloud::UsGovernment).start().await.expect("it starts");
    for tenant in ["consumers", seed::PERSONAL_ACCOUNTS] {
        let url = format!("{}{tenant}/v2.0/.well-known/openid-configuration", emulator.url());
        let (status, body) = get_json(url).await;
        assert_eq!((status, &body["error_codes"][0]), (400, &json!(90002)), "{tenant}");
    }
    let page = Browser::new().get(Ask::new(&emulator).at("common").url()).await.expect("a page");
    assert!(page.body.contains(seed::ADELE) && !page.body.contains(seed::PAT));
}
