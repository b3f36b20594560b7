//! Who asks: the client and its secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entra_emulator::{AppSecret, seed};
use url::form_urlencoded::byte_serialize;

use crate::flow::{NOW, TokenAsk, client, start};

const SCOPE: &str = "https://graph.microsoft.com/.default";

fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}

#[tokio::test]
async fn posted_secrets() {
    let emulator = start().await;
    let expired = |app: &mut entra_emulator::App| {
        app.secrets.push(AppSecret::new("expired").expiring(NOW));
        app.secrets.push(AppSecret::new("lives").expiring(NOW + 1));
    };
    emulator.directory().change_app(seed::APP_ID, expired).expect("a change");
    let ask = TokenAsk::app(&emulator, SCOPE);
    let unknown = "11111111-2222-4333-8444-555555555555";
    let nil = "00000000-0000-0000-0000-000000000000";
    let rows = [
        ("right", ask.clone(), "200 - null"),
        ("second secret", ask.clone().set("client_secret", "lives"), "200 - null"),
        ("wrong", ask.clone().set("client_secret", "wrong"), "401 invalid_client 7000215"),
        (
            "another application's",
            ask.clone().set("client_secret", seed::SINGLE_TENANT_APP_SECRET),
            "401 invalid_client 7000215",
        ),
        ("expired", ask.clone().set("client_secret", "expired"), "401 invalid_client 7000222"),
        ("missing", ask.clone().without("client_secret"), "401 invalid_client 7000218"),
        ("empty", ask.clone().set("client_secret", ""), "401 invalid_client 7000218"),
        ("no client id", ask.clone().without("client_id"), "400 invalid_request 900144"),
        ("all-zero client id", ask.clone().set("client_id", nil), "400 unauthorized_client 700038"),
        ("unknown client id", ask.clone().set("client_id", unknown), "400 unauthorized_client 700016"),
        ("no grant type", ask.clone().without("grant_type"), "400 invalid_request 900144"),
        ("with an Origin", ask.clone().header("origin", "https://app.example"), "400 invalid_request 9002326"),
    ];
    for (what, ask, expected) in rows {
        assert_eq!(ask.send().await.summary(), expected, "{what}");
    }
}

#[tokio::test]
async fn basic_secrets() {
    let emulator = start().await;
    let odd = "p+q r%41:s=&ü";
    let change = |app: &mut entra_emulator::App| app.secrets.push(AppSecret::new(odd));
    emulator.directory().change_app(seed::APP_ID, change).expect("a change");
    let ask = TokenAsk::app(&emulator, SCOPE).without("client_id").without("client_secret");
    let with = |header: &str| ask.clone().header("authorization", header);
    let right = basic(seed::APP_ID, seed::APP_SECRET);
    let rows = [
        ("right", with(&right), "200 - null"),
        ("same id in the body", with(&right).set("client_id", seed::APP_ID), "200 - null"),
        ("encoded as a form value", with(&basic(seed::APP_ID, odd)), "200 - null"),
        ("wrong", with(&basic(seed::APP_ID, "wrong")), "401 invalid_client 7000215"),
        ("both ways", with(&right).set("client_secret", seed::APP_SECRET), "400 invalid_request 9002313"),
        ("two ids", with(&right).set("client_id", seed::SINGLE_TENANT_APP_ID), "400 invalid_request 9002313"),
        ("no base64", with("Basic !!!"), "400 invalid_request 9002313"),
        ("no colon", with(&format!("Basic {}", STANDARD.encode("x"))), "400 invalid_request 9002313"),
        ("another scheme", with("Bearer x"), "400 invalid_request 9002313"),
    ];
    for (what, ask, expected) in rows {
        assert_eq!(ask.send().await.summary(), expected, "{what}");
    }
}

#[tokio::test]
async fn public_clients_send_no_secret() {
    let emulator = start().await;
    emulator.directory().change_app(seed::APP_ID, |app| app.public_client = true).expect("a change");
    let ask = TokenAsk::code(&emulator, "1.Anything");
    assert_eq!(ask.send().await.summary(), "401 invalid_client 700025");
    assert_eq!(ask.without("client_secret").send().await.summary(), "400 invalid_grant 70000");
}

#[tokio::test]
async fn only_forms_are_read() {
    let emulator = start().await;
    let url = format!("{}{}/oauth2/v2.0/token", emulator.url(), seed::CONTOSO);
    let get = client().get(format!("{url}?grant_type=client_credentials")).send().await.expect("an answer");
    assert_eq!(get.status(), 400);
    let body: serde_json::Value = get.json().await.expect("JSON");
    assert_eq!(body["error_codes"][0], 900_561);
    let json = client().post(&url).json(&serde_json::json!({ "grant_type": "client_credentials" }));
    let body: serde_json::Value = json.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(body["error_codes"][0], 900_144);
}
