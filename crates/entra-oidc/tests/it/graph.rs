//! `/me` and the photo: at the same time, each with its own bounds and its own outcome.

mod call;
mod member_objects;

use std::time::Duration;

use entra_oidc::{
    AccountKey, AccountKind, Authority, ExposedTokens, GraphErrorKind as Kind, HttpErrorKind, ManualClock, Timestamp,
    TokenSet,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, client, common, tenant},
    signer::{OID, OTHER_TENANT, TENANT},
};

const START: Timestamp = Timestamp::from_unix(1_790_000_000);
const JPEG: &str = "\u{ff}";

fn world() -> (Microsoft, ManualClock) {
    let microsoft = Microsoft::of(TENANT);
    microsoft.set(Endpoint::Me, Reply::json(&me()));
    microsoft.set(Endpoint::Photo, Reply::Answer(200, bytes::Bytes::from_static(b"\xff\xd8\xff\xe0photo")));
    (microsoft, ManualClock::at(START))
}

fn me() -> Value {
    json!({ "@odata.context": "x", "id": OID, "userPrincipalName": "adele@contoso.example", "mail": null,
        "givenName": "Adele", "surname": "Vance", "displayName": "Adele Vance", "preferredLanguage": "en-US" })
}

fn tokens() -> TokenSet {
    let owner = json!({ "account": AccountKey::new(AccountKind::Entra, TENANT, OID), "issuer": "i", "subject": "s", "auth_time": null });
    let mut tokens = ExposedTokens::new("canary-access", START);
    tokens.owner = Some(serde_json::from_value(owner).unwrap());
    tokens.conceal()
}

#[tokio::test]
async fn profile_and_photo_come_at_the_same_time() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let answer = client.graph().unwrap().profile(&tokens()).await;
    let me = answer.me.unwrap();
    assert_eq!((me.id.as_str(), me.given_name.as_deref(), me.mail), (OID, Some("Adele"), None));
    assert_eq!(me.preferred_language.as_deref(), Some("en-US"));
    let photo = answer.photo.unwrap().unwrap();
    assert_eq!((photo.content_type, &photo.bytes[..]), ("image/jpeg", &b"\xff\xd8\xff\xe0photo"[..]));

    let (request, limits) = microsoft.last(Endpoint::Me);
    assert_eq!(
        request.uri().query(),
        Some("$select=id,userPrincipalName,mail,givenName,surname,displayName,preferredLanguage")
    );
    assert_eq!(request.headers()["authorization"], "Bearer canary-access");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!((limits.body, limits.time), (256 * 1024, Duration::from_secs(10)));
    let (_, limits) = microsoft.last(Endpoint::Photo);
    assert_eq!((limits.body, limits.time), (4 * 1024 * 1024, Duration::from_secs(10)));
}

#[tokio::test]
async fn each_half_fails_by_itself_and_is_tried_once() {
    for (name, reply, kind, temporary) in [
        ("slow", Reply::Fail(HttpErrorKind::Timeout), Kind::Unreachable, true),
        ("gone", Reply::Fail(HttpErrorKind::Connect), Kind::Unreachable, true),
        ("large", Reply::Fail(HttpErrorKind::TooLarge), Kind::TooLarge, false),
        ("429", Reply::status(429, ""), Kind::Busy, true),
        ("503", Reply::status(503, "<html>"), Kind::Busy, true),
        ("401", Reply::status(401, r#"{"error":{"code":"InvalidAuthenticationToken"}}"#), Kind::Refused, false),
        ("403", Reply::status(403, r#"{"error":{"code":"Authorization_RequestDenied"}}"#), Kind::Refused, false),
        ("302", Reply::status(302, ""), Kind::Invalid, false),
        ("HTML", Reply::status(200, "<html>"), Kind::Invalid, false),
    ] {
        for endpoint in [Endpoint::Me, Endpoint::Photo] {
            let (microsoft, clock) = world();
            microsoft.set(endpoint, reply.clone());
            let answer = client(&microsoft, &clock).graph().unwrap().profile(&tokens()).await;
            let (failed, other) = match endpoint {
                Endpoint::Me => (answer.me.unwrap_err(), answer.photo.is_ok()),
                _ => (answer.photo.unwrap_err(), answer.me.is_ok()),
            };
            assert_eq!((failed.kind(), failed.is_temporary(), other), (kind, temporary, true), "{name}, {endpoint:?}");
            assert_eq!(microsoft.count(endpoint), 1, "{name}, {endpoint:?}");
        }
    }
}

#[tokio::test]
async fn no_photo_is_an_answer() {
    for body in ["", r#"{"error":{"code":"ImageNotFound"}}"#, r#"{"error":{"code":"ConsumerPhotoIsNotSupported"}}"#] {
        let (microsoft, clock) = world();
        microsoft.set(Endpoint::Photo, Reply::status(404, body));
        assert_eq!(client(&microsoft, &clock).graph().unwrap().photo(&tokens()).await, Ok(None));
    }
}

#[tokio::test]
async fn what_is_no_image_is_no_photo() {
    let (microsoft, clock) = world();
    for body in ["<svg onload=alert(1)>", "<html>", "", JPEG] {
        microsoft.set(Endpoint::Photo, Reply::status(200, body));
        let error = client(&microsoft, &clock).graph().unwrap().photo(&tokens()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{body}");
    }
}

#[tokio::test]
async fn a_profile_of_somebody_else_is_an_error() {
    let (microsoft, clock) = world();
    let mut other = me();
    other["id"] = json!(OTHER_TENANT);
    microsoft.set(Endpoint::Me, Reply::json(&other));
    let client = client(&microsoft, &clock);
    assert_eq!(client.graph().unwrap().me(&tokens()).await.unwrap_err().kind(), Kind::AnotherUser);
    let nobodys = ExposedTokens::new("at", START).conceal();
    assert!(client.graph().unwrap().me(&nobodys).await.is_ok(), "nothing to compare with");
}

#[tokio::test]
async fn bounds_and_addresses_can_be_set() {
    let (microsoft, clock) = world();
    let build = |graph: &str| {
        builder(tenant(), &microsoft, &clock)
            .graph_url(Url::parse(graph).unwrap())
            .graph_timeout(Duration::from_secs(3))
            .photo_limit(4)
            .build()
    };
    let client = build("https://graph.microsoft.com").unwrap();
    let error = client.graph().unwrap().photo(&tokens()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge, "also when the client lets it through");
    let (_, limits) = microsoft.last(Endpoint::Photo);
    assert_eq!((limits.body, limits.time), (4, Duration::from_secs(3)));
    for refused in [
        "http://graph.contoso.example",
        "ftp://graph.microsoft.com",
        "https://a@graph.microsoft.com",
        "https://graph.microsoft.com/?x",
    ] {
        assert!(build(refused).is_err(), "{refused}");
    }
    assert!(build("http://127.0.0.1:8400/graph").is_ok());
}

#[test]
fn an_authority_on_loopback_has_no_graph_until_it_is_told() {
    let (microsoft, clock) = world();
    let emulated = || -> Authority { common().with_host(Url::parse("http://127.0.0.1:8400").unwrap()).unwrap() };
    let base = || builder(emulated(), &microsoft, &clock).allowed_tenants(entra_oidc::AllowedTenants::Any);
    assert!(base().build().unwrap().graph().is_none());
    assert!(base().graph_url(Url::parse("http://127.0.0.1:8400").unwrap()).build().unwrap().graph().is_some());
}
