//! Questions of an application's own.

use std::time::Duration;

use entra_oidc::{ClaimsChallenge, GraphCall, GraphError, GraphErrorKind as Kind, GraphReply, HttpErrorKind, Secret};
use serde_json::{Value, json};

use super::world;
use crate::microsoft::{Endpoint, Microsoft, Reply, client};

const LIST: &str = "https://graph.microsoft.com/v1.0/me";

async fn ask(microsoft: &Microsoft, call: GraphCall) -> Result<GraphReply, GraphError> {
    let client = client(microsoft, &world().1);
    client.graph().unwrap().call(&Secret::new("canary-access"), &call).await
}

#[tokio::test]
async fn it_is_asked_once_with_the_token_in_the_header() {
    let (microsoft, _) = world();
    let reply = ask(&microsoft, GraphCall::get("me").select(["id", "mail"])).await.unwrap();
    assert_eq!((reply.status().as_u16(), &reply.json().unwrap()["givenName"]), (200, &json!("Adele")));
    let (request, limits) = microsoft.last(Endpoint::Me);
    assert_eq!(request.uri().to_string(), format!("{LIST}?$select=id,mail"));
    assert_eq!(request.headers()["authorization"], "Bearer canary-access");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!((limits.body, limits.time), (1024 * 1024, Duration::from_secs(10)));

    let body = json!({ "displayName": "x" });
    microsoft.once(Endpoint::Me, Reply::status(204, ""));
    let reply = ask(&microsoft, GraphCall::patch("me", &body).limit(16)).await.unwrap();
    assert_eq!((reply.status().as_u16(), reply.body().len()), (204, 0));
    let (request, limits) = microsoft.last(Endpoint::Me);
    assert_eq!(
        (request.method().as_str(), &request.headers()["content-type"]),
        ("PATCH", &"application/json".parse().unwrap())
    );
    assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), body);
    assert_eq!(limits.body, 16);
}

#[tokio::test]
async fn what_is_no_path_is_not_sent() {
    let (microsoft, _) = world();
    for path in ["https://evil.test/me", "//evil.test", "me/../../x", "me?x", ""] {
        assert_eq!(ask(&microsoft, GraphCall::get(path)).await.unwrap_err().kind(), Kind::CallInvalid, "{path}");
    }
    for link in
        ["https://evil.test/v1.0/me", "http://graph.microsoft.com/v1.0/me", "https://graph.microsoft.com/x", "me"]
    {
        assert_eq!(ask(&microsoft, GraphCall::next_page(link)).await.unwrap_err().kind(), Kind::Invalid, "{link}");
    }
    assert_eq!(microsoft.count(Endpoint::Stray) + microsoft.count(Endpoint::Me), 0);
}

#[tokio::test]
async fn a_list_goes_on_where_it_says() {
    let (microsoft, _) = world();
    let link = format!("{LIST}?$skiptoken=x");
    microsoft.once(Endpoint::Me, Reply::json(&json!({ "value": [], "@odata.nextLink": link })));
    let next = ask(&microsoft, GraphCall::get("me")).await.unwrap().next_page().unwrap();
    assert!(ask(&microsoft, GraphCall::next_page(next)).await.unwrap().next_page().is_none());
    assert_eq!(microsoft.last(Endpoint::Me).0.uri().to_string(), link);
}

#[tokio::test]
async fn refusals_say_what_helps() {
    let challenge = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
    for (name, reply, kind, status) in [
        ("challenge", Reply::headed(401, "www-authenticate", challenge), Kind::ClaimsRequired, Some(401)),
        ("challenge", Reply::headed(403, "www-authenticate", challenge), Kind::ClaimsRequired, Some(403)),
        ("no challenge", Reply::headed(400, "www-authenticate", challenge), Kind::CallRefused, Some(400)),
        ("no challenge", Reply::headed(401, "www-authenticate", "Bearer"), Kind::Refused, Some(401)),
        ("forbidden", Reply::status(403, ""), Kind::Refused, Some(403)),
        ("missing", Reply::status(404, ""), Kind::CallRefused, Some(404)),
        ("busy", Reply::headed(429, "retry-after", "2.128"), Kind::Busy, Some(429)),
        ("broken", Reply::status(502, ""), Kind::Busy, Some(502)),
        ("moved", Reply::headed(302, "location", "https://evil.test/"), Kind::Invalid, Some(302)),
        ("away", Reply::Fail(HttpErrorKind::Connect), Kind::Unreachable, None),
        ("large", Reply::Fail(HttpErrorKind::TooLarge), Kind::TooLarge, None),
    ] {
        let (microsoft, _) = world();
        microsoft.set(Endpoint::Me, reply);
        let error = ask(&microsoft, GraphCall::get("me")).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, status), "{name}");
        assert_eq!(
            error.claims().map(ClaimsChallenge::as_json),
            (name == "challenge").then_some(r#"{"access_token":{}}"#)
        );
        assert_eq!(error.retry_after(), (name == "busy").then_some(Duration::from_millis(2128)), "{name}");
        assert_eq!(microsoft.count(Endpoint::Me), 1, "{name}: asked once");
        assert!(!format!("{error} {error:?}").contains("canary"), "Z1: {name}");
    }
}

#[tokio::test]
async fn an_answer_is_bounded_and_read_strictly() {
    let (microsoft, _) = world();
    assert_eq!(ask(&microsoft, GraphCall::get("me").limit(8)).await.unwrap_err().kind(), Kind::TooLarge);
    for body in ["<html>", "", "[]", r#"{"a":1,"a":2}"#] {
        microsoft.set(Endpoint::Me, Reply::status(200, body));
        let reply = ask(&microsoft, GraphCall::get("me")).await.unwrap();
        assert_eq!(reply.json().unwrap_err().kind(), Kind::Invalid, "{body}");
        assert_eq!((reply.next_page(), &reply.body()[..]), (None, body.as_bytes()));
        assert!(!format!("{reply:?}").contains("html"));
    }
}
