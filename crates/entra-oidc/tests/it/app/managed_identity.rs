//! A virtual machine's identity, through Azure's metadata service as the scripted Microsoft plays it.

use entra_oidc::{Credential, CredentialKind, HttpErrorKind, Limits, LinkLocal, ManagedIdentity, SignInErrorKind};
use http::Request;
use serde_json::json;

use crate::{
    app::{World, world},
    microsoft::{Endpoint, Reply, guid},
};

const IDENTITY: &str = "4f5e6d7c-0001-4000-8000-00000000c11e";

fn machine() -> World {
    let world = world(Credential::from(ManagedIdentity::user_assigned(guid(IDENTITY))));
    world.microsoft.set(Endpoint::Imds, Reply::json(&token("canary.of.identity")));
    world
}

/// As the service answers: numbers are strings. It expires in 2100, for the cache looks at the machine's clock.
fn token(text: &str) -> serde_json::Value {
    json!({ "access_token": text, "client_id": IDENTITY, "expires_in": "86400", "expires_on": "4102444800",
        "ext_expires_in": "86399", "not_before": "1790000000", "resource": "api://AzureADTokenExchange",
        "token_type": "Bearer" })
}

#[tokio::test]
async fn the_identity_s_token_is_the_assertion() {
    let world = machine();
    let kind = world.client.registration().credential().kind();
    assert_eq!(kind, CredentialKind::ManagedIdentity);
    assert_eq!(world.microsoft.count(Endpoint::Imds), 0, "not before it is needed");
    for _ in 0..2 {
        assert_eq!(world.assertion().await, "canary.of.identity");
    }
    assert_eq!(world.microsoft.count(Endpoint::Imds), 1, "kept until it is nearly over");

    let (request, limits): (Request<_>, Limits) = world.microsoft.last(Endpoint::Imds);
    let query = request.uri().query().unwrap();
    assert!(query.contains("resource=api%3A%2F%2FAzureADTokenExchange"), "{query}");
    assert!(query.contains(&format!("client_id={IDENTITY}")), "{query}");
    assert_eq!(request.headers()["metadata"], "true");
    assert!(request.extensions().get::<LinkLocal>().is_some());
    assert!(limits.body <= 64 * 1024);
}

#[tokio::test]
async fn z1_no_token_is_no_exchange_and_shows_nothing() {
    for (name, reply, asked) in [
        ("not assigned", Reply::status(400, r#"{"error":"invalid_request","error_description":"canary"}"#), 1),
        ("gone", Reply::status(410, "canary"), 2),
        ("busy", Reply::status(503, "canary"), 2),
        ("HTML", Reply::status(200, "<html>canary"), 1),
        ("a text", Reply::status(200, r#""canary""#), 1),
        ("no token", Reply::status(200, r#"{"token_type":"canary"}"#), 1),
        (
            "a date",
            Reply::json(
                &json!({ "access_token": "canary", "expires_on": "canary", "token_type": "Bearer", "resource": "" }),
            ),
            1,
        ),
        ("no JWT", Reply::json(&token("canary canary")), 1),
        ("an empty one", Reply::json(&token("")), 1),
        ("too large", Reply::json(&token(&"canary".repeat(20_000))), 2),
        ("no answer", Reply::Fail(HttpErrorKind::Timeout), 2),
        ("no connection", Reply::Fail(HttpErrorKind::Connect), 2),
    ] {
        let world = machine();
        world.microsoft.set(Endpoint::Imds, reply);
        let error = world.exchange().await.expect_err(name);
        assert_eq!(error.kind(), SignInErrorKind::CredentialUnavailable, "{name}");
        let status = ["400", "410", "503"].iter().find(|status| error.to_string().contains(**status));
        assert_eq!(status.is_some(), ["not assigned", "gone", "busy"].contains(&name), "{name}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{name}: {error}");
        assert_eq!(world.microsoft.count(Endpoint::Imds), asked, "{name}");
        assert_eq!(world.microsoft.count(Endpoint::Token), 0, "{name}");
    }
}
