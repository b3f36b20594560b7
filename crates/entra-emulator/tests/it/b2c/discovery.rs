use entra_emulator::{B2c, Directory, Emulator, PolicyClaim, Tenant, TenantKind, UserFlow, UserFlowKind, seed};
use serde_json::{Value, json};

use crate::flow::{get_json, start};

const METADATA: &str = "v2.0/.well-known/openid-configuration";

/// A document of `path`, with the emulator's address replaced.
async fn document(emulator: &Emulator, path: &str) -> Value {
    let (status, body) = get_json(format!("{}{path}", emulator.url())).await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body.to_string().replace(emulator.url().as_str(), "http://emulator/")).expect("JSON")
}

#[tokio::test]
async fn it_has_the_recorded_shape() {
    let emulator = start().await;
    let body = document(&emulator, &format!("contosob2c.onmicrosoft.com/B2C_1_susi/{METADATA}")).await;
    let flow = "http://emulator/contosob2c.onmicrosoft.com/b2c_1_susi";
    let expected = json!({
        "issuer": format!("https://contosob2c.b2clogin.com/{}/v2.0/", seed::B2C_TENANT),
        "authorization_endpoint": format!("{flow}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{flow}/oauth2/v2.0/token"),
        "end_session_endpoint": format!("{flow}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{flow}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": [
            "code", "code id_token", "code token", "code id_token token", "id_token", "id_token token", "token",
            "token id_token",
        ],
        "scopes_supported": ["openid"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "oid", "sub", "newUser", "name", "given_name", "family_name", "emails", "idp", "tfp", "iss", "iat", "exp",
            "aud", "nonce", "auth_time",
        ],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn endpoints_come_in_the_form_that_was_asked_for() {
    let emulator = start().await;
    let guid = seed::B2C_TENANT;
    let forms = [
        (
            format!("contosob2c.onmicrosoft.com/B2C_1_susi/{METADATA}"),
            "http://emulator/contosob2c.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token".to_owned(),
        ),
        (format!("{guid}/b2c_1_SUSI/{METADATA}"), format!("http://emulator/{guid}/b2c_1_susi/oauth2/v2.0/token")),
        (
            format!("tfp/contosob2c.onmicrosoft.com/b2c_1_susi/{METADATA}"),
            "http://emulator/tfp/contosob2c.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token".to_owned(),
        ),
        (
            format!("contosob2c.onmicrosoft.com/{METADATA}?p=B2C_1_susi"),
            "http://emulator/contosob2c.onmicrosoft.com/oauth2/v2.0/token?p=b2c_1_susi".to_owned(),
        ),
    ];
    for (path, token_endpoint) in forms {
        let body = document(&emulator, &path).await;
        assert_eq!(body["token_endpoint"], Value::from(token_endpoint), "{path}");
        assert_eq!(body["issuer"], format!("https://contosob2c.b2clogin.com/{guid}/v2.0/"), "{path}");
        let keys = body["jwks_uri"].as_str().expect("a URL").replace("http://emulator/", "");
        let keys = document(&emulator, &keys).await;
        let names: Vec<&String> = keys["keys"][0].as_object().expect("a key").keys().collect();
        assert_eq!(names.len(), 6, "{path}: {names:?}");
        for name in ["kid", "nbf", "use", "kty", "e", "n"] {
            assert!(!keys["keys"][0][name].is_null(), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn a_tenant_can_prefer_the_query_form_and_a_user_flow_its_own_issuer_and_claim() {
    let mut directory = Directory::default();
    let mut flow = UserFlow::new("B2C_1A_old", UserFlowKind::SignUpOrSignIn);
    flow.policy_in_issuer = true;
    flow.policy_claim = PolicyClaim::Acr;
    let mut b2c = B2c::new("tailspin").user_flow(flow);
    b2c.query_endpoints = true;
    b2c.custom_domain = Some("login.tailspin.example".to_owned());
    let id = "aaaaaaaa-0000-4000-8000-00000000b2c0";
    directory.tenants.push(Tenant::b2c(id, "Tailspin Toys", b2c));
    let emulator = Emulator::builder().directory(directory).start().await.expect("it starts");
    let body = document(&emulator, &format!("tailspin.onmicrosoft.com/B2C_1A_old/{METADATA}")).await;
    assert_eq!(body["issuer"], format!("https://login.tailspin.example/tfp/{id}/b2c_1a_old/v2.0/"));
    assert_eq!(
        body["authorization_endpoint"],
        "http://emulator/tailspin.onmicrosoft.com/oauth2/v2.0/authorize?p=b2c_1a_old"
    );
    let claims = body["claims_supported"].as_array().expect("claims");
    assert!(claims.contains(&Value::from("acr")) && !claims.contains(&Value::from("tfp")), "{claims:?}");
}

#[tokio::test]
async fn there_is_nothing_where_no_user_flow_is() {
    let emulator = start().await;
    let nowhere = [
        format!("contosob2c.onmicrosoft.com/b2c_1_nothing/{METADATA}"),
        format!("contosob2c.onmicrosoft.com/{METADATA}"),
        format!("tfp/contosob2c.onmicrosoft.com/{METADATA}"),
        "contosob2c.onmicrosoft.com/b2c_1_susi/.well-known/openid-configuration".to_owned(),
        format!("{}/b2c_1_susi/{METADATA}", seed::CONTOSO),
        format!("tfp/common/{METADATA}"),
    ];
    for path in nowhere {
        let (status, body) = get_json(format!("{}{path}", emulator.url())).await;
        assert!(status >= 400, "{path}: {body}");
    }
    let tenant = Directory::default().tenants.into_iter().find(|tenant| tenant.id == seed::B2C_TENANT);
    assert!(matches!(tenant.expect("seeded").kind, TenantKind::B2c(_)));
}
