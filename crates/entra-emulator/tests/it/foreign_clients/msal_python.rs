//! MSAL for Python.

use entra_emulator::{Endpoint, seed};
use serde_json::{Value, json};

use super::stage::Stage;

const SCRIPT: &str = "msal_python.py";

/// The account that MSAL found in an answer.
fn signed_in(result: &Value) -> (&Value, &Value, &Value) {
    let claims = &result["id_token_claims"];
    (&claims["tid"], &claims["oid"], &claims["ver"])
}

#[tokio::test]
async fn authorization_code() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "authorization_code").await;
    assert_eq!(signed_in(&result), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID), &json!("2.0")), "{result}");
    assert_eq!(result["scope"], "User.Read openid profile");
    assert!(result["refresh_token"].is_string() && result["access_token"].is_string());
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), 1);
}

#[tokio::test]
async fn refresh() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "refresh").await;
    assert_eq!((&result["cached"], &result["renewed"]), (&json!(true), &json!(true)), "{result}");
    let home = format!("{}.{}", seed::ADELE_ID, seed::CONTOSO);
    assert_eq!(
        (&result["account"]["home_account_id"], &result["account"]["username"]),
        (&json!(home), &json!(seed::ADELE))
    );
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), 2);
}

#[tokio::test]
async fn client_credentials() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "client_credentials").await;
    assert_eq!((&result["token_type"], result.get("error")), (&json!("Bearer"), None), "{result}");
    let result = stage.run(SCRIPT, "wrong_secret").await;
    assert_eq!((&result["error"], &result["error_codes"]), (&json!("invalid_client"), &json!([7_000_215])));
}

#[tokio::test]
async fn certificate() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "certificate").await;
    assert_eq!(result["app"]["token_type"], "Bearer", "{result}");
    assert_eq!(signed_in(&result["user"]), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID), &json!("2.0")));
    let result = stage.run(SCRIPT, "certificate_by_sha1").await;
    assert_eq!(result["token_type"], "Bearer", "{result}");
}

#[tokio::test]
async fn federated_assertion() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "assertion").await;
    assert_eq!(result["token_type"], "Bearer", "{result}");
}

#[tokio::test]
async fn device_code() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "device_code").await;
    assert_eq!(signed_in(&result), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID), &json!("2.0")), "{result}");
    assert_eq!(result["pending"], "authorization_pending");
    assert!(result["message"].as_str().is_some_and(|message| message.contains("enter the code")), "{result}");
}

#[tokio::test]
async fn on_behalf_of() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "on_behalf_of").await;
    assert_eq!(
        (&result["token_type"], &result["scope"]),
        (&json!("Bearer"), &json!("User.Read openid profile")),
        "{result}"
    );
}

#[tokio::test]
async fn b2c_authority() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "b2c").await;
    let claims = &result["id_token_claims"];
    assert_eq!(
        (&claims["oid"], &claims["tfp"]),
        (&json!(seed::ROBIN_ID), &json!(seed::B2C_SIGN_IN_POLICY)),
        "{result}"
    );
    assert_eq!(claims["iss"], format!("https://{}.b2clogin.com/{}/v2.0/", seed::B2C_NAME, seed::B2C_TENANT));
    assert!(result["renewed"]["access_token"].is_string(), "{result}");
}

#[tokio::test]
async fn external_id_authority() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "external_id").await;
    let claims = &result["id_token_claims"];
    assert_eq!(claims["iss"], format!("https://{0}.ciamlogin.com/{0}/v2.0", seed::EXTERNAL_TENANT), "{result}");
    assert_eq!(claims["oid"], seed::SAM_ID);
}

#[tokio::test]
async fn instance_discovery() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "instance_discovery").await;
    assert_eq!(result["token_type"], "Bearer", "{result}");
    assert_eq!(stage.emulator.journal().count(Endpoint::InstanceDiscovery), 1);
}

/// Every option at its default: the client believes that it talks to Microsoft.
#[tokio::test]
async fn under_microsofts_names() {
    let b2c = format!("{}.b2clogin.com", seed::B2C_NAME);
    let external = format!("{}.ciamlogin.com", seed::EXTERNAL_NAME);
    let names = ["login.microsoftonline.com", &b2c, &external];
    let stage = Stage::set_as(&names).await;
    let port = stage.emulator.url().port().expect("a port");
    let led_here = [("LED_HERE", format!("{}={port}", names.join(",")))];
    let result = stage.run_with(SCRIPT, "under_microsofts_names", &led_here).await;
    assert_eq!(signed_in(&result["user"]), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID), &json!("2.0")), "{result}");
    assert_eq!((&result["cached"], &result["environment"]), (&json!(true), &json!(names[0])));
    assert_eq!(result["app"]["token_type"], "Bearer", "{result}");
    assert_eq!(result["b2c"]["id_token_claims"]["oid"], seed::ROBIN_ID, "{result}");
    assert_eq!(result["external"]["id_token_claims"]["oid"], seed::SAM_ID, "{result}");
}
