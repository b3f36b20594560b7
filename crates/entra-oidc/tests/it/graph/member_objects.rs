//! The groups that a token has no room for.

use entra_oidc::{GraphErrorKind as Kind, HttpErrorKind};
use serde_json::{Value, json};
use url::Url;

use super::{tokens, world};
use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, client, guid, tenant},
    signer::{OID, TENANT},
};

const AT: &str = "https://graph.microsoft.com/v1.0/me/getMemberObjects";

fn page(ids: &[&str], next: Option<&str>) -> Reply {
    let mut page = json!({ "@odata.context": "x", "value": ids });
    if let Some(next) = next {
        page["@odata.nextLink"] = json!(next);
    }
    Reply::json(&page)
}

async fn asked(microsoft: &Microsoft) -> Result<Vec<entra_oidc::Guid>, entra_oidc::GraphError> {
    let (_, clock) = world();
    client(microsoft, &clock).graph().unwrap().member_objects(&tokens()).await
}

#[tokio::test]
async fn groups_are_asked_for_at_the_configured_graph() {
    let (microsoft, clock) = world();
    microsoft.set(Endpoint::Groups, page(&[OID, &TENANT.to_uppercase()], None));
    assert_eq!(asked(&microsoft).await.unwrap(), [guid(OID), guid(TENANT)]);
    let (request, limits) = microsoft.last(Endpoint::Groups);
    assert_eq!((request.method().as_str(), request.uri().to_string()), ("POST", AT.to_owned()));
    assert_eq!(request.headers()["content-type"], "application/json");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), json!({ "securityEnabledOnly": true }));
    assert_eq!(limits.body, 1024 * 1024);

    let nested = Url::parse("https://proxy.contoso.example/graph").unwrap();
    let client = builder(tenant(), &microsoft, &clock).graph_url(nested).build().unwrap();
    microsoft.set(Endpoint::Stray, page(&[], Some("https://proxy.contoso.example/v1.0/me/getMemberObjects")));
    let error = client.graph().unwrap().member_objects(&tokens()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "outside the path of this Graph");
    assert_eq!(microsoft.count(Endpoint::Stray), 1);
}

#[tokio::test]
async fn pages_are_followed_to_their_end() {
    let (microsoft, _) = world();
    microsoft.once(Endpoint::Groups, page(&[OID], Some(&format!("{AT}?$skiptoken=a"))));
    microsoft.once(Endpoint::Groups, page(&[TENANT], None));
    assert_eq!(asked(&microsoft).await.unwrap(), [guid(OID), guid(TENANT)]);
    let (request, _) = microsoft.last(Endpoint::Groups);
    assert_eq!((request.method().as_str(), request.uri().query()), ("GET", Some("$skiptoken=a")));
}

#[tokio::test]
async fn i7_a_page_elsewhere_gets_no_token() {
    for elsewhere in [
        "https://evil.test/v1.0/me/getMemberObjects",
        "http://graph.microsoft.com/v1.0/me/getMemberObjects",
        "https://graph.microsoft.com:444/v1.0/me/getMemberObjects",
        "https://graph.microsoft.com.evil.test/v1.0/x",
        "https://graph.microsoft.com@evil.test/v1.0/x",
        "https://a@graph.microsoft.com/v1.0/x",
        "https://graph.microsoft.com/v1.0/../beta/x",
        "https://graph.microsoft.com/beta/me/getMemberObjects",
        "//evil.test/v1.0/x",
        "/v1.0/me/getMemberObjects?$skiptoken=a",
        "",
    ] {
        let (microsoft, _) = world();
        microsoft.set(Endpoint::Groups, page(&[OID], Some(elsewhere)));
        assert_eq!(asked(&microsoft).await.unwrap_err().kind(), Kind::Invalid, "{elsewhere}");
        assert_eq!((microsoft.count(Endpoint::Groups), microsoft.count(Endpoint::Stray)), (1, 0), "{elsewhere}");
    }
}

#[tokio::test]
async fn a_list_without_an_end_is_given_up() {
    let (microsoft, _) = world();
    microsoft.set(Endpoint::Groups, page(&[OID], Some(&format!("{AT}?$skiptoken=again"))));
    assert_eq!(asked(&microsoft).await.unwrap_err().kind(), Kind::Invalid);
    assert_eq!(microsoft.count(Endpoint::Groups), 10);
}

#[tokio::test]
async fn i7_what_is_no_list_of_groups_is_an_error_and_not_an_empty_list() {
    for (name, reply, kind) in [
        ("slow", Reply::Fail(HttpErrorKind::Timeout), Kind::Unreachable),
        ("large", Reply::Fail(HttpErrorKind::TooLarge), Kind::TooLarge),
        ("403", Reply::status(403, r#"{"error":{"code":"Authorization_RequestDenied"}}"#), Kind::Refused),
        ("429", Reply::status(429, ""), Kind::Busy),
        ("302", Reply::status(302, ""), Kind::Invalid),
        ("204", Reply::status(204, ""), Kind::Invalid),
        ("HTML", Reply::status(200, "<html>"), Kind::Invalid),
        ("no value", Reply::status(200, "{}"), Kind::Invalid),
        ("null", Reply::status(200, r#"{"value":null}"#), Kind::Invalid),
        ("one text", Reply::json(&json!({ "value": OID })), Kind::Invalid),
        ("a number", Reply::json(&json!({ "value": [OID, 1] })), Kind::Invalid),
        ("a name", Reply::json(&json!({ "value": [OID, "Engineering"] })), Kind::Invalid),
        ("objects", Reply::json(&json!({ "value": [{ "id": OID }] })), Kind::Invalid),
        ("a link that is none", Reply::json(&json!({ "value": [], "@odata.nextLink": 1 })), Kind::Invalid),
        ("a member twice", Reply::status(200, r#"{"value":[],"value":[]}"#), Kind::Invalid),
    ] {
        let (microsoft, _) = world();
        microsoft.set(Endpoint::Groups, reply);
        assert_eq!(asked(&microsoft).await.unwrap_err().kind(), kind, "{name}");
        assert_eq!(microsoft.count(Endpoint::Groups), 1, "{name}");
    }
}
