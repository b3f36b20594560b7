//! What is true of every kind.

use entra_oidc::{Certificate, ClientSecret, ConfigErrorKind, Credential, CredentialKind, StaticAssertion, Timestamp};

use crate::{
    app::{Papers, START, key, refused, with_key, world},
    microsoft::Endpoint,
    signer::CLIENT,
};

const CANARY: &str = "canary.canary.canary";

#[tokio::test]
async fn a_secret_goes_into_the_form_or_into_the_header() {
    let form = world(Credential::secret("canary secret")).exchange().await.unwrap();
    assert_eq!((&*form["client_id"], &*form["client_secret"]), (CLIENT, "canary secret"));

    let world = world(Credential::secret_basic("canary secret"));
    let form = world.exchange().await.unwrap();
    assert_eq!(form.keys().collect::<Vec<_>>(), ["grant_type", "scope"]);
    let (request, _) = world.microsoft.last(Endpoint::Token);
    assert!(request.headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn a_static_assertion_is_sent_as_it_is() {
    let world = world(Credential::assertion(format!(" {CANARY}\n")));
    for _ in 0..2 {
        assert_eq!(world.assertion().await, CANARY);
    }
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let form = super::world(StaticAssertion::new(CANARY).assertion_type(saml)).exchange().await.unwrap();
    assert_eq!(form["client_assertion_type"], saml);
}

#[test]
fn what_cannot_be_sent_is_refused_at_the_start() {
    for (credential, expected) in [
        (Credential::secret(""), ConfigErrorKind::Credential),
        (Credential::secret("canary\n"), ConfigErrorKind::Credential),
        (Credential::assertion(""), ConfigErrorKind::ClientAssertion),
        (Credential::assertion("canary canary"), ConfigErrorKind::ClientAssertion),
        (StaticAssertion::new(CANARY).assertion_type("canary").into(), ConfigErrorKind::ClientAssertion),
        (Credential::token_file("/nowhere/token"), ConfigErrorKind::CredentialSource),
    ] {
        let error = refused(credential);
        assert_eq!(error.kind(), expected, "{error}");
        assert!(!error.to_string().contains("canary"), "Z1: {error}");
    }
}

#[test]
fn each_knows_its_kind_and_when_it_stops() {
    let certificate = with_key(&Papers::of("app").self_signed(key()), key());
    let secret = ClientSecret::post("s").expiring(START);
    for (credential, kind, expires_at) in [
        (Credential::secret("s"), CredentialKind::Secret, None),
        (secret.into(), CredentialKind::Secret, Some(START)),
        (Credential::assertion("opaque"), CredentialKind::StaticAssertion, None),
        // {"exp":1790000300}
        (
            Credential::assertion("e30.eyJleHAiOjE3OTAwMDAzMDB9.x"),
            CredentialKind::StaticAssertion,
            Some(Timestamp::from_unix(1_790_000_300)),
        ),
        (Credential::token_file("/x"), CredentialKind::TokenFile, None),
        (
            Certificate::from_pem(certificate.as_bytes()).unwrap().into(),
            CredentialKind::Certificate,
            Some(Timestamp::from_unix(1_798_761_600)),
        ),
    ] {
        assert_eq!((credential.kind(), credential.expires_at()), (kind, expires_at));
    }
}

#[test]
fn z1_debug_shows_no_credential() {
    for credential in [
        Credential::secret(CANARY),
        Credential::secret_basic(CANARY),
        Credential::assertion(CANARY),
        StaticAssertion::new(CANARY).into(),
    ] {
        let shown = format!("{credential:?} {credential:#?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
