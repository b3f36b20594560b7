//! Answers without a consequence: the return from a user flow that resets a password or edits a profile.

use std::time::Duration;

use entra_oidc::{AuthorizationResponse, SignInErrorKind as Kind};

use crate::{
    client::{START, world},
    microsoft::{Endpoint, client, options},
};

#[tokio::test]
async fn what_sign_in_checks_is_checked_and_nothing_is_sent() {
    for (name, query, expected) in [
        ("a code", "code=canary-code&state={state}", Ok(())),
        ("another state", "code=c&state=another-attempt-altogether", Err(Kind::StateMismatch)),
        ("no state", "code=c", Err(Kind::StateMissing)),
        ("cancelled", "error=access_denied&error_subcode=cancel&state={state}", Err(Kind::Cancelled)),
        ("neither", "state={state}", Err(Kind::CodeMissing)),
        ("another issuer", "code=c&iss=https://evil.test&state={state}", Err(Kind::IssuerMismatch)),
    ] {
        let (microsoft, clock) = world();
        let client = client(&microsoft, &clock);
        let (_, pending) = client.begin(options(START)).await.unwrap();
        let query = query.replace("{state}", pending.state().as_str());
        let response = AuthorizationResponse::from_query(&query).unwrap();
        let outcome = client.acknowledge(pending, response).await;
        assert_eq!(outcome.map_err(|error| error.kind()), expected, "{name}");
        assert_eq!((microsoft.count(Endpoint::Token), microsoft.count(Endpoint::Keys)), (0, 0), "{name}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_none() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (_, pending) = client.begin(options(START)).await.unwrap();
    let response = AuthorizationResponse::from_query(&format!("code=c&state={}", pending.state().as_str())).unwrap();
    clock.advance(Duration::from_secs(601));
    assert_eq!(client.acknowledge(pending, response).await.unwrap_err().kind(), Kind::AttemptExpired);
}
