//! social-auth-core, whose backends for Azure were here before us.

use entra_emulator::{Endpoint, seed};
use serde_json::{Value, json};

use super::stage::Stage;

const SCRIPT: &str = "social_auth.py";

fn email(result: &Value) -> &Value {
    &result["details"]["email"]
}

#[tokio::test]
async fn tenant_v1() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "azuread-tenant-oauth2").await;
    let response = &result["response"];
    assert_eq!((&response["ver"], &response["oid"]), (&json!("1.0"), &json!(seed::ADELE_ID)), "{result}");
    assert_eq!(response["iss"], format!("https://sts.windows.net/{}/", seed::CONTOSO));
    assert_eq!((&result["uid"], email(&result)), (&response["sub"], &json!(seed::ADELE)));
    assert_eq!(result["details"]["first_name"], "Adele");
    assert_eq!(result["refreshed"]["resource"], "https://graph.microsoft.com");
    let journal = stage.emulator.journal();
    assert!(journal.entries().iter().any(|entry| entry.path == format!("/{}/oauth2/token", seed::CONTOSO)));
}

#[tokio::test]
async fn tenant_v2() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "azuread-v2-tenant-oauth2").await;
    let response = &result["response"];
    assert_eq!((&response["ver"], &response["oid"]), (&json!("2.0"), &json!(seed::ADELE_ID)), "{result}");
    assert_eq!((&result["uid"], email(&result)), (&response["sub"], &json!(seed::ADELE)));
    assert!(result["refreshed"]["access_token"].is_string());
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), 2);
}

#[tokio::test]
async fn b2c() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "azuread-b2c-oauth2").await;
    let response = &result["response"];
    assert_eq!(
        (&response["tfp"], &result["uid"]),
        (&json!(seed::B2C_SIGN_IN_POLICY), &json!(seed::ROBIN_ID)),
        "{result}"
    );
    assert_eq!(email(&result), seed::ROBIN);
    let journal = stage.emulator.journal();
    assert!(journal.entries().iter().any(|entry| entry.path == format!("/{}/oauth2/v2.0/token", seed::B2C_DOMAIN)));
}
