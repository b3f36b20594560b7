//! azure-identity for Python.

use entra_emulator::seed;
use serde_json::{Value, json};

use super::stage::Stage;

const SCRIPT: &str = "azure_identity.py";

fn whose(result: &Value) -> (&Value, &Value, &Value) {
    let claims = &result["claims"];
    (&claims["appid"], &claims["tid"], &claims["aud"])
}

fn applications() -> (Value, Value, Value) {
    (json!(seed::APP_ID), json!(seed::CONTOSO), json!("https://graph.microsoft.com"))
}

async fn is_the_applications(stage: &Stage, case: &str, variables: &[(&str, String)]) {
    let result = stage.run_with(SCRIPT, case, variables).await;
    let (app, tenant, audience) = applications();
    assert_eq!(whose(&result), (&app, &tenant, &audience), "{case}: {result}");
    assert_eq!(result["claims"]["idtyp"], "app");
}

#[tokio::test]
async fn secrets_certificates_and_assertions() {
    let stage = Stage::set().await;
    for case in ["client_secret", "certificate", "client_assertion"] {
        is_the_applications(&stage, case, &[]).await;
    }
}

#[tokio::test]
async fn the_environments_secret() {
    let stage = Stage::set().await;
    let variables = stage.emulator.env();
    is_the_applications(&stage, "environment", &variables).await;
}

#[tokio::test]
async fn a_pods_projected_token() {
    let stage = Stage::set().await;
    let variables = [
        ("AZURE_TENANT_ID", seed::CONTOSO.to_owned()),
        ("AZURE_CLIENT_ID", seed::APP_ID.to_owned()),
        ("AZURE_FEDERATED_TOKEN_FILE", stage.file("token")),
    ];
    is_the_applications(&stage, "workload_identity", &variables).await;
}

#[tokio::test]
async fn an_app_services_managed_identity() {
    let stage = Stage::set().await;
    let variables = stage.emulator.app_service_env();
    let result = stage.run_with(SCRIPT, "managed_identity", &variables).await;
    let (_, tenant, audience) = applications();
    let app = json!(seed::MANAGED_IDENTITY_CLIENT_ID);
    assert_eq!(whose(&result), (&app, &tenant, &audience), "{result}");
    assert_eq!(result["claims"]["oid"], seed::MANAGED_IDENTITY_ID);
}
