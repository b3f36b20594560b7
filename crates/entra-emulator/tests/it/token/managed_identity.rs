//! Managed identities: two endpoints, and their tokens as client assertions.

use entra_emulator::{Emulator, Endpoint, ManagedIdentity, seed};
use serde_json::{Value, json};

use super::assertion::with_assertion;
use crate::flow::{NOW, TokenAsk, claims, client, header, start};

const EXCHANGE: &str = "api://AzureADTokenExchange";
const SCOPE: &str = "https://graph.microsoft.com/.default";

/// Name and value.
type Pair = (&'static str, &'static str);

async fn send(url: &str, query: &[(&str, &str)], headers: &[(&str, &str)]) -> (u16, Value) {
    let mut request = client().get(url).query(query);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.expect("an answer");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

async fn virtual_machine(emulator: &Emulator, query: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}metadata/identity/oauth2/token", emulator.url());
    send(&url, query, &[("Metadata", "true")]).await
}

async fn app_service(emulator: &Emulator, query: &[(&str, &str)]) -> (u16, Value) {
    let environment = emulator.app_service_env();
    let [("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", secret)] = environment.as_slice() else {
        panic!("two variables, not {environment:?}")
    };
    send(endpoint, query, &[("X-IDENTITY-HEADER", secret)]).await
}

const V2018: (&str, &str) = ("api-version", "2018-02-01");
const V2019: (&str, &str) = ("api-version", "2019-08-01");

#[tokio::test]
async fn a_virtual_machine_gets_a_token() {
    let emulator = start().await;
    let query = [V2018, ("resource", EXCHANGE), ("client_id", seed::MANAGED_IDENTITY_CLIENT_ID)];
    let (status, mut body) = virtual_machine(&emulator, &query).await;
    assert_eq!(status, 200, "{body}");
    let token = body["access_token"].take();
    assert_eq!(
        body,
        json!({
            "access_token": null,
            "client_id": seed::MANAGED_IDENTITY_CLIENT_ID,
            "expires_in": "86400",
            "expires_on": (NOW + 86_400).to_string(),
            "ext_expires_in": "86400",
            "not_before": (NOW - 300).to_string(),
            "resource": EXCHANGE,
            "token_type": "Bearer",
        }),
        "every number is a text"
    );
    let claims = claims(token.as_str().expect("a token"));
    let issuer = format!("https://login.microsoftonline.com/{}/v2.0", seed::CONTOSO);
    assert_eq!((claims["iss"].as_str(), claims["ver"].as_str()), (Some(issuer.as_str()), Some("2.0")));
    assert_eq!(claims["aud"], "fb60f99c-7a34-4190-8149-302f77469936");
    assert_eq!(
        (&claims["sub"], &claims["oid"]),
        (&json!(seed::MANAGED_IDENTITY_ID), &json!(seed::MANAGED_IDENTITY_ID))
    );
    assert_eq!(claims["azp"], seed::MANAGED_IDENTITY_CLIENT_ID);
    assert_eq!(emulator.journal().count(Endpoint::ManagedIdentity), 1);
}

#[tokio::test]
async fn app_service_gives_a_token() {
    let emulator = start().await;
    let query = [V2019, ("resource", EXCHANGE), ("client_id", seed::MANAGED_IDENTITY_CLIENT_ID)];
    let (status, mut body) = app_service(&emulator, &query).await;
    assert_eq!(status, 200, "{body}");
    body["access_token"].take();
    assert_eq!(
        body,
        json!({
            "access_token": null,
            "client_id": seed::MANAGED_IDENTITY_CLIENT_ID,
            "expires_on": (NOW + 86_400).to_string(),
            "resource": EXCHANGE,
            "token_type": "Bearer",
        })
    );
}

#[tokio::test]
async fn a_managed_identity_is_the_application() {
    let emulator = start().await;
    let (_, body) = virtual_machine(&emulator, &[V2018, ("resource", EXCHANGE)]).await;
    let token = body["access_token"].as_str().expect("a token").to_owned();
    let ask = with_assertion(&TokenAsk::app(&emulator, SCOPE), &token);
    assert_eq!(ask.send().await.summary(), "200 - null");
    let (_, body) = app_service(&emulator, &[V2019, ("resource", EXCHANGE)]).await;
    let second = body["access_token"].as_str().expect("a token");
    assert_eq!(with_assertion(&ask, second).send().await.summary(), "200 - null");
    emulator.keys().rotate();
    assert_eq!(ask.send().await.summary(), "200 - null", "the old key is still published");
    emulator.keys().retire();
    assert_eq!(ask.send().await.summary(), "401 invalid_client 700027");
}

#[tokio::test]
async fn a_token_for_another_resource_is_no_credential() {
    let emulator = start().await;
    let own = format!("api://{}", seed::APP_ID);
    let (_, body) = virtual_machine(&emulator, &[V2018, ("resource", &own)]).await;
    let token = body["access_token"].as_str().expect("a token").to_owned();
    let ask = with_assertion(&TokenAsk::app(&emulator, SCOPE), &token);
    assert_eq!(ask.send().await.summary(), "401 invalid_client 700212");
    let stranger = ManagedIdentity::new(
        "4f5e6d7c-0003-4000-8000-00000000c11e",
        "4f5e6d7c-0004-4000-8000-000000000b1d",
        seed::CONTOSO,
        "stranger",
    );
    emulator.directory().add_managed_identity(stranger.clone()).expect("an identity");
    let query = [V2018, ("resource", EXCHANGE), ("object_id", &stranger.id)];
    let (_, body) = virtual_machine(&emulator, &query).await;
    let token = body["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(with_assertion(&ask, &token).send().await.summary(), "401 invalid_client 700213");
}

#[tokio::test]
async fn graph_tokens_of_a_managed_identity() {
    let emulator = start().await;
    let (_, body) = virtual_machine(&emulator, &[V2018, ("resource", "https://graph.microsoft.com/")]).await;
    assert_eq!(body["resource"], "https://graph.microsoft.com/");
    let token = body["access_token"].as_str().expect("a token");
    assert_eq!(
        (&claims(token)["ver"], &claims(token)["appid"]),
        (&json!("1.0"), &json!(seed::MANAGED_IDENTITY_CLIENT_ID))
    );
    assert!(header(token).get("nonce").is_some(), "Graph alone can verify it");
    let url = format!("{}graph/v1.0/users/{}", emulator.url(), seed::ADELE_ID);
    let response = client().get(url).bearer_auth(token).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn what_a_virtual_machine_is_refused() {
    let emulator = start().await;
    let url = format!("{}metadata/identity/oauth2/token", emulator.url());
    let resource = ("resource", EXCHANGE);
    let metadata = [("Metadata", "true")];
    let forwarded = [("Metadata", "true"), ("X-Forwarded-For", "10.0.0.1")];
    let unknown = ("client_id", seed::APP_ID);
    let rows: [(&str, Vec<Pair>, &[Pair], &str); 7] = [
        ("no header", vec![V2018, resource], &[], "invalid_request"),
        ("Metadata: false", vec![V2018, resource], &[("Metadata", "false")], "invalid_request"),
        ("forwarded", vec![V2018, resource], &forwarded, "invalid_request"),
        ("no resource", vec![V2018], &metadata, "invalid_request"),
        ("unknown resource", vec![V2018, ("resource", "api://nobody")], &metadata, "invalid_resource"),
        ("unknown identity", vec![V2018, resource, unknown], &metadata, "invalid_request"),
        (
            "no version",
            vec![resource],
            &metadata,
            "Bad request. api-version is invalid or was not specified in the request.",
        ),
    ];
    for (what, query, headers, error) in rows {
        let (status, body) = send(&url, &query, headers).await;
        assert_eq!((status, body["error"].as_str()), (400, Some(error)), "{what}");
    }
    for version in ["2017-09-01", "latest", "2018-02-1x"] {
        let (status, _) = send(&url, &[("api-version", version), resource], &metadata).await;
        assert_eq!(status, 400, "{version}");
    }
    let second = ManagedIdentity::new(
        "4f5e6d7c-0003-4000-8000-00000000c11e",
        "4f5e6d7c-0004-4000-8000-000000000b1d",
        seed::CONTOSO,
        "second",
    );
    emulator.directory().add_managed_identity(second).expect("an identity");
    let (status, body) = virtual_machine(&emulator, &[V2018, resource]).await;
    assert_eq!(status, 400);
    assert!(body["error_description"].as_str().expect("a text").starts_with("Multiple user assigned identities"));
}

#[tokio::test]
async fn what_app_service_refuses() {
    let emulator = start().await;
    let url = format!("{}msi/token", emulator.url());
    let query = [V2019, ("resource", EXCHANGE)];
    for headers in [vec![], vec![("X-IDENTITY-HEADER", "wrong")]] {
        let (status, body) = send(&url, &query, &headers).await;
        assert_eq!((status, &body["statusCode"]), (401, &json!(401)));
        assert!(body["message"].is_string() && body["correlationId"].is_string());
    }
    let rows = [
        ("another version", vec![V2018, ("resource", EXCHANGE)]),
        ("no resource", vec![V2019]),
        ("unknown identity", vec![V2019, ("resource", EXCHANGE), ("client_id", seed::APP_ID)]),
    ];
    for (what, query) in rows {
        let (status, body) = app_service(&emulator, &query).await;
        assert_eq!((status, &body["statusCode"]), (400, &json!(400)), "{what}");
    }
    let other = start().await;
    assert_ne!(emulator.app_service_env()[1], other.app_service_env()[1], "the secret is of this run");
}
