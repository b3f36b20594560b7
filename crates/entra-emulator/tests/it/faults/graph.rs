//! Faults of Microsoft Graph, and of the identity endpoint of a machine.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entra_emulator::{Emulator, Endpoint, Fault, seed};
use serde_json::Value;

use crate::flow::{Ask, client, start, tokens};

async fn get(emulator: &Emulator, path: &str) -> reqwest::Response {
    let answer = tokens(emulator, &Ask::new(emulator), seed::ADELE).await;
    let url = format!("{}graph/v1.0/{path}", emulator.url());
    client().get(url).bearer_auth(answer.text("access_token")).send().await.expect("an answer")
}

#[tokio::test]
async fn no_photo() {
    let emulator = start().await;
    for code in ["ImageNotFound", "ErrorItemNotFound", "GetUserPhoto", "ErrorEntityNotFound"] {
        emulator.faults().once(Fault::NoPhoto(code.to_owned()));
        let response = get(&emulator, "me/photo/$value").await;
        assert_eq!(response.status(), 404);
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(body["error"]["code"], code);
    }
    assert_eq!(get(&emulator, "me/photo/$value").await.status(), 200);
}

#[tokio::test]
async fn a_fraction_of_a_second() {
    let emulator = start().await;
    emulator.faults().once(Fault::Throttled(Endpoint::Me, Some("2.128".to_owned())));
    let response = get(&emulator, "me").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (429, &"2.128".parse().expect("text"))
    );
}

#[tokio::test]
async fn a_claims_challenge() {
    let emulator = start().await;
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
    emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, claims.to_owned()));
    let response = get(&emulator, "me").await;
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().expect("text");
    assert!(challenge.contains(r#"error="insufficient_claims""#), "{challenge}");
    assert!(challenge.contains(&format!(r#"claims="{}""#, STANDARD.encode(claims))), "{challenge}");
}

#[tokio::test]
async fn an_identity_endpoint_that_is_not_ready() {
    let emulator = start().await;
    let url = format!("{}metadata/identity/oauth2/token?api-version=2018-02-01&resource=x", emulator.url());
    for status in [404, 410, 429, 500] {
        emulator.faults().once(Fault::Status(Endpoint::ManagedIdentity, status));
        let response = client().get(&url).header("metadata", "true").send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), status);
    }
}
