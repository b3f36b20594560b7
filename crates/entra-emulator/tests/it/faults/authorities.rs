//! What is right at some kinds of authority, and breaks a client that takes every issuer for Entra's.

use entra_emulator::{B2c, Directory, Emulator, Tenant, UserFlow, UserFlowKind, seed};

use crate::flow::get_json;

async fn issuer(emulator: &Emulator, path: &str) -> String {
    let (status, body) = get_json(format!("{}{path}/v2.0/.well-known/openid-configuration", emulator.url())).await;
    assert_eq!(status, 200, "{body}");
    body["issuer"].as_str().expect("an issuer").to_owned()
}

#[tokio::test]
async fn b2c_issuers_end_with_a_slash_and_are_no_prefix() {
    let emulator = crate::flow::start().await;
    let path = format!("{}/{}", seed::B2C_DOMAIN, seed::B2C_SIGN_IN_POLICY);
    let expected = format!("https://contosob2c.b2clogin.com/{}/v2.0/", seed::B2C_TENANT);
    assert_eq!(issuer(&emulator, &path).await, expected);
    let entra = issuer(&emulator, seed::CONTOSO).await;
    assert!(!entra.ends_with('/'), "{entra}");
}

#[tokio::test]
async fn b2c_endpoints_have_a_query_already() {
    let mut directory = Directory::default();
    let mut b2c = B2c::new("tailspin").user_flow(UserFlow::new("B2C_1_old", UserFlowKind::SignUpOrSignIn));
    b2c.query_endpoints = true;
    directory.tenants.push(Tenant::b2c("aaaaaaaa-0000-4000-8000-00000000b2c0", "Tailspin Toys", b2c));
    let emulator = Emulator::builder().directory(directory).start().await.expect("a start");
    let url = format!("{}tailspin.onmicrosoft.com/B2C_1_old/v2.0/.well-known/openid-configuration", emulator.url());
    let (_, body) = get_json(url).await;
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
        let endpoint = body[name].as_str().expect("an endpoint");
        assert!(endpoint.ends_with("?p=b2c_1_old"), "{name}: {endpoint}");
    }
    let keys = body["jwks_uri"].as_str().expect("an endpoint");
    assert_eq!(get_json(keys).await.0, 200, "and it is served there");
}

#[tokio::test]
async fn external_ids_issuer_is_below_a_guid() {
    let emulator = crate::flow::start().await;
    let expected = format!("https://{0}.ciamlogin.com/{0}/v2.0", seed::EXTERNAL_TENANT);
    assert_eq!(issuer(&emulator, seed::EXTERNAL_DOMAIN).await, expected);
}
