//! MSAL for Node.

use entra_emulator::{Endpoint, seed};
use serde_json::{Value, json};

use super::stage::Stage;

const SCRIPT: &str = "msal_node.mjs";

fn signed_in(result: &Value) -> (&Value, &Value) {
    (&result["tenantId"], &result["uniqueId"])
}

#[tokio::test]
async fn authorization_code() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "authorization_code").await;
    assert_eq!(signed_in(&result), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID)), "{result}");
    let home = format!("{}.{}", seed::ADELE_ID, seed::CONTOSO);
    assert_eq!(result["account"]["homeAccountId"], home);
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), 1);
}

#[tokio::test]
async fn refresh() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "refresh").await;
    assert_eq!(
        (&result["first"]["fromCache"], &result["cached"]["fromCache"]),
        (&json!(false), &json!(true)),
        "{result}"
    );
    assert_eq!(result["renewed"]["fromCache"], false);
    assert_ne!(result["renewed"]["accessToken"], result["cached"]["accessToken"]);
    assert_eq!(signed_in(&result["renewed"]), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID)));
}

#[tokio::test]
async fn client_credentials() {
    let stage = Stage::set().await;
    for case in ["client_credentials", "assertion"] {
        let result = stage.run(SCRIPT, case).await;
        assert_eq!(result["tokenType"], "Bearer", "{case}: {result}");
    }
}

#[tokio::test]
async fn certificate() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "certificate").await;
    assert_eq!(result["app"]["tokenType"], "Bearer", "{result}");
    assert_eq!(signed_in(&result["user"]), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID)));
}

#[tokio::test]
async fn device_code() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "device_code").await;
    assert_eq!(signed_in(&result), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID)), "{result}");
}

#[tokio::test]
async fn on_behalf_of() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "on_behalf_of").await;
    assert_eq!(result["tokenType"], "Bearer", "{result}");
    assert_eq!(signed_in(&result), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID)));
}

#[tokio::test]
async fn b2c_authority() {
    let stage = Stage::set().await;
    let result = stage.run(SCRIPT, "b2c").await;
    assert_eq!(result["uniqueId"], seed::ROBIN_ID, "{result}");
    assert_eq!(result["idTokenClaims"]["tfp"], seed::B2C_SIGN_IN_POLICY);
}

/// Every option at its default: the client believes that it talks to Microsoft.
#[tokio::test]
async fn under_microsofts_names() {
    let name = "login.microsoftonline.com";
    let stage = Stage::set_as(&[name]).await;
    let port = stage.emulator.url().port().expect("a port");
    let result = stage.run_with(SCRIPT, "under_microsofts_names", &[("LED_HERE", format!("{name}={port}"))]).await;
    assert_eq!(signed_in(&result["user"]), (&json!(seed::CONTOSO), &json!(seed::ADELE_ID)), "{result}");
    assert_eq!(result["user"]["account"]["environment"], "login.windows.net", "where tokens of the cloud are cached");
    assert_eq!(result["app"]["tokenType"], "Bearer");
}
