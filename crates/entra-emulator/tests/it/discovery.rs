use std::collections::BTreeMap;

use entra_emulator::{Emulator, seed};
use serde_json::Value;

use crate::flow::{get_json, start};

async fn document(emulator: &Emulator, tenant: &str) -> Value {
    let (status, body) = get_json(format!("{}{tenant}/v2.0/.well-known/openid-configuration", emulator.url())).await;
    assert_eq!(status, 200, "{tenant}: {body}");
    body
}

/// With the emulator's address replaced, so that it can stand in a snapshot.
fn masked(emulator: &Emulator, body: &Value) -> String {
    // In the members' own order, whatever order maps have in this build.
    let sorted: BTreeMap<String, Value> = serde_json::from_value(body.clone()).expect("an object");
    let text = serde_json::to_string_pretty(&sorted).expect("JSON");
    text.replace(emulator.url().as_str(), "http://emulator/")
}

#[tokio::test]
async fn common_has_the_recorded_shape() {
    let emulator = start().await;
    let body = document(&emulator, "common").await;
    insta::assert_snapshot!(masked(&emulator, &body), @r#"
    {
      "authorization_endpoint": "http://emulator/common/oauth2/v2.0/authorize",
      "claims_supported": [
        "sub",
        "iss",
        "cloud_instance_name",
        "cloud_instance_host_name",
        "cloud_graph_host_name",
        "msgraph_host",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "nonce",
        "preferred_username",
        "name",
        "tid",
        "ver",
        "at_hash",
        "c_hash",
        "email"
      ],
      "cloud_graph_host_name": "graph.windows.net",
      "cloud_instance_name": "microsoftonline.com",
      "device_authorization_endpoint": "http://emulator/common/oauth2/v2.0/devicecode",
      "end_session_endpoint": "http://emulator/common/oauth2/v2.0/logout",
      "frontchannel_logout_supported": true,
      "http_logout_supported": true,
      "id_token_signing_alg_values_supported": [
        "RS256"
      ],
      "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
      "jwks_uri": "http://emulator/common/discovery/v2.0/keys",
      "kerberos_endpoint": "http://emulator/common/kerberos",
      "msgraph_host": "graph.microsoft.com",
      "rbac_url": "https://pas.windows.net",
      "request_uri_parameter_supported": false,
      "response_modes_supported": [
        "query",
        "fragment",
        "form_post"
      ],
      "response_types_supported": [
        "code",
        "id_token",
        "code id_token",
        "id_token token"
      ],
      "scopes_supported": [
        "openid",
        "profile",
        "email",
        "offline_access"
      ],
      "subject_types_supported": [
        "pairwise"
      ],
      "tenant_region_scope": null,
      "token_endpoint": "http://emulator/common/oauth2/v2.0/token",
      "token_endpoint_auth_methods_supported": [
        "client_secret_post",
        "private_key_jwt",
        "client_secret_basic"
      ],
      "userinfo_endpoint": "http://emulator/graph/oidc/userinfo"
    }
    "#);
}

#[tokio::test]
async fn issuer_endpoints_and_region_follow_the_segment() {
    let emulator = start().await;
    let contoso = format!("https://login.microsoftonline.com/{}/v2.0", seed::CONTOSO);
    let personal = format!("https://login.microsoftonline.com/{}/v2.0", seed::PERSONAL_ACCOUNTS);
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0".to_owned();
    let upper = seed::CONTOSO.to_uppercase();
    let rows = [
        ("common", &template, "common", None),
        ("organizations", &template, "organizations", None),
        ("consumers", &personal, "consumers", None),
        (seed::CONTOSO, &contoso, seed::CONTOSO, Some("EU")),
        (upper.as_str(), &contoso, seed::CONTOSO, Some("EU")),
        ("Contoso.Example", &contoso, seed::CONTOSO, Some("EU")),
        (seed::PERSONAL_ACCOUNTS, &personal, seed::PERSONAL_ACCOUNTS, None),
    ];
    for (segment, issuer, path, region) in rows {
        let body = document(&emulator, segment).await;
        assert_eq!(body["issuer"].as_str(), Some(issuer.as_str()), "{segment}");
        let authorize = format!("{}{path}/oauth2/v2.0/authorize", emulator.url());
        assert_eq!(body["authorization_endpoint"].as_str(), Some(authorize.as_str()), "{segment}");
        assert_eq!(body["tenant_region_scope"].as_str(), region, "{segment}");
    }
}

#[tokio::test]
async fn app_specific_discovery_is_tolerated() {
    let emulator = start().await;
    let plain = document(&emulator, "common").await;
    let url = format!("{}common/v2.0/.well-known/openid-configuration?appid={}", emulator.url(), seed::APP_ID);
    assert_eq!(get_json(url).await, (200, plain));
}

#[tokio::test]
async fn an_unknown_tenant_is_an_error() {
    let emulator = start().await;
    let url = format!("{}nowhere.example/v2.0/.well-known/openid-configuration", emulator.url());
    let (status, body) = get_json(url).await;
    assert_eq!((status, &body["error_codes"][0]), (400, &Value::from(90002)));
}

#[tokio::test]
async fn endpoints_are_on_the_address_that_was_asked() {
    let emulator = Emulator::builder().listen("localhost:0").start().await.expect("a start");
    assert_eq!(emulator.url().host_str(), Some("localhost"));
    let port = emulator.url().port().expect("a port");
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("http://{host}:{port}/common/v2.0/.well-known/openid-configuration");
        let (_, body) = get_json(url).await;
        let token = body["token_endpoint"].as_str().expect("an endpoint");
        assert!(token.starts_with(&format!("http://{host}:{port}/")), "{token}");
    }
}
