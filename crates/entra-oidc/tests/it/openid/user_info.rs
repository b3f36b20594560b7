//! T17 through the client: what is sent where, and what is believed.

use std::time::Duration;

use entra_oidc::{
    Algorithm, Authority, AuthorizationResponse, Credential, EntraClient, Identity, ManualClock, OpenIdProvider,
    Registration, SignInErrorKind as Kind, SignInOptions, Timestamp, TokenSet,
};
use serde_json::json;

use super::{CLIENT, ISSUER, client_id, keys, metadata, provider, scripted::Scripted};
use crate::microsoft::redirect_uri;

const START: Timestamp = Timestamp::from_unix(1_790_000_000);

fn client(http: &Scripted, provider: OpenIdProvider) -> EntraClient {
    let registration = Registration::new(client_id(), Credential::secret("canary-client-secret"));
    EntraClient::builder(Authority::openid(provider), registration)
        .http_client(http.clone())
        .clock(ManualClock::at(START).clock())
        .build()
        .unwrap()
}

fn published() -> Scripted {
    let http = Scripted::default();
    http.json(&format!("{ISSUER}/.well-known/openid-configuration"), &metadata());
    http.json(&format!("{ISSUER}/keys"), &keys::published());
    http
}

async fn sign_in(http: &Scripted, client: &EntraClient, subject: &str) -> (Identity, TokenSet) {
    let (url, pending) =
        client.begin(SignInOptions::new(redirect_uri(), START.plus(Duration::from_mins(10)))).await.unwrap();
    let scope = url.query_pairs().find(|(name, _)| name == "scope").unwrap().1;
    assert_eq!(scope, "openid profile email", "no scope of Microsoft's");
    let claims = json!({ "iss": ISSUER, "sub": subject, "aud": CLIENT, "iat": START.unix(), "exp": START.unix() + 600,
        "nonce": pending.nonce().expose() });
    let id_token = keys::ours().sign(Algorithm::Rs256, &json!({ "alg": "RS256", "kid": "rsa" }), &claims);
    http.json(
        &format!("{ISSUER}/token"),
        &json!({ "token_type": "Bearer", "access_token": "canary-access", "expires_in": 600, "id_token": id_token }),
    );
    let response = AuthorizationResponse::from_query(&format!("code=c&state={}", pending.state().as_str())).unwrap();
    client.complete(pending, response).await.unwrap()
}

#[tokio::test]
async fn it_is_asked_with_the_access_token_and_only_when_somebody_asks() {
    let http = published();
    let client = client(&http, provider());
    let (identity, tokens) = sign_in(&http, &client, "adele").await;
    let endpoint = format!("{ISSUER}/userinfo");
    assert!(!http.addresses().contains(&endpoint), "a sign-in asks nobody for more");

    http.json(&endpoint, &json!({ "sub": "adele", "name": "Adele Vance", "groups": ["a"] }));
    let info = client.user_info(&identity, &tokens).await.unwrap();
    assert_eq!((info.name(), info.get("groups")), (Some("Adele Vance"), Some(&json!(["a"]))));
    let request = http.last(&endpoint);
    assert_eq!(request.headers()["authorization"], "Bearer canary-access");
    assert!(request.headers()["authorization"].is_sensitive() && request.uri().query().is_none());
}

#[tokio::test]
async fn t17_another_subject_is_not_believed() {
    let http = published();
    let client = client(&http, provider());
    let (identity, tokens) = sign_in(&http, &client, "adele").await;
    let endpoint = format!("{ISSUER}/userinfo");
    for (name, status, content_type, body, kind) in [
        ("another sub", 200, "application/json", r#"{"sub":"eve"}"#.to_owned(), Kind::UserInfoSubject),
        ("an array", 200, "application/json", r#"[{"sub":"adele"}]"#.to_owned(), Kind::UserInfoInvalid),
        ("a JWT", 200, "application/jwt", "e30.e30.e30".to_owned(), Kind::UserInfoInvalid),
        ("10 MB", 200, "application/json", "x".repeat(10 * 1024 * 1024), Kind::UserInfoInvalid),
        ("401", 401, "application/json", r#"{"sub":"adele"}"#.to_owned(), Kind::UserInfoUnavailable),
        ("a redirect", 302, "text/html", String::new(), Kind::UserInfoUnavailable),
    ] {
        http.answer(&endpoint, status, content_type, body);
        let error = client.user_info(&identity, &tokens).await.unwrap_err();
        assert_eq!(error.kind(), kind, "T17: {name}");
        assert!(!error.to_string().contains("canary") && !error.to_string().contains("eve"), "Z1: {error}");
    }
    http.json(&endpoint, &json!({ "sub": "eve" }));
    let (_, eves) = sign_in(&http, &client, "eve").await;
    assert_eq!(
        client.user_info(&identity, &eves).await.unwrap_err().kind(),
        Kind::AnotherUser,
        "T17: another's tokens"
    );
}

#[tokio::test]
async fn a_provider_that_has_none_or_is_not_to_be_asked_is_not_asked() {
    for (name, provider, advertised) in
        [("none", provider(), false), ("not to be asked", provider().user_info(false), true)]
    {
        let http = published();
        if !advertised {
            let mut document = metadata();
            document.as_object_mut().unwrap().remove("userinfo_endpoint");
            http.json(&format!("{ISSUER}/.well-known/openid-configuration"), &document);
        }
        let client = client(&http, provider);
        let (identity, tokens) = sign_in(&http, &client, "adele").await;
        let before = http.addresses().len();
        let error = client.user_info(&identity, &tokens).await.unwrap_err();
        assert_eq!(error.kind(), Kind::UserInfoUnavailable, "{name}");
        assert_eq!(http.addresses().len(), before, "{name}");
    }
}
