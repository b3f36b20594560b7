use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use entra_oidc::{
    AssertionAsk, AssertionError, ClientAssertionSource, Credential, CredentialKind, Secret, SignInErrorKind,
};

use crate::{
    app::{START, world},
    signer::{CLIENT, TENANT},
};

/// Numbers its assertions, and fails when told to.
struct Vault {
    asked: Arc<AtomicUsize>,
    answer: fn(usize) -> Result<Secret, AssertionError>,
}

impl ClientAssertionSource for Vault {
    async fn assertion(&self, ask: &AssertionAsk<'_>) -> Result<Secret, AssertionError> {
        assert_eq!(ask.client_id.as_str(), CLIENT);
        assert_eq!(ask.federated_audience, Some("api://AzureADTokenExchange"));
        assert_eq!(ask.now, START);
        let endpoint = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
        assert_eq!(ask.token_endpoint.as_str(), endpoint);
        tokio::task::yield_now().await;
        (self.answer)(self.asked.fetch_add(1, Ordering::SeqCst))
    }
}

fn vault(answer: fn(usize) -> Result<Secret, AssertionError>) -> (Credential, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    (Credential::source(Vault { asked: Arc::clone(&asked), answer }), asked)
}

#[tokio::test]
async fn an_application_s_own_source_is_asked_for_every_exchange() {
    let (credential, asked) = vault(|round| Ok(Secret::new(format!("round.{round}.x"))));
    assert_eq!((credential.kind(), credential.expires_at()), (CredentialKind::Source, None));
    let world = world(credential);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "not before it is needed");
    assert_eq!(world.assertion().await, "round.0.x");
    assert_eq!(world.assertion().await, "round.1.x");
}

#[tokio::test]
async fn a_source_that_fails_sends_nothing() {
    for (answer, expected) in [
        ((|_| Err(AssertionError::new("the vault is sealed"))) as fn(usize) -> _, "the vault is sealed"),
        (|_| Ok(Secret::new("")), "empty"),
        (|_| Ok(Secret::new("canary canary")), "blanks"),
        (|_| Ok(Secret::new("canary".repeat(20_000))), "64 KiB"),
    ] {
        let world = world(vault(answer).0);
        let error = world.exchange().await.unwrap_err();
        assert_eq!(error.kind(), SignInErrorKind::CredentialUnavailable);
        let text = error.to_string();
        assert!(text.contains(expected) && !text.contains("canary"), "Z1: {text}");
        assert_eq!(world.microsoft.count(crate::microsoft::Endpoint::Token), 0);
    }
}
