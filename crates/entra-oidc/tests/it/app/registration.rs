//! Several credentials, in a list that somebody wrote down.

use entra_oidc::{
    Certificate, ClientId, ConfigErrorKind, Credential, CredentialKind, CredentialOutcome, Registration,
    SignInErrorKind,
};

use crate::{
    app::{Papers, SCOPE, World, key, with_key, world, world_of},
    microsoft::{Endpoint, Reply, guid},
    signer::CLIENT,
};

const INVALID_CLIENT: &str =
    r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret","error_codes":[7000215]}"#;

fn listed(first: Credential, fallbacks: Vec<Credential>) -> World {
    world_of(Registration::new(guid(CLIENT), first).with_fallbacks(fallbacks)).unwrap()
}

fn over() -> Credential {
    let file = with_key(&Papers::of("app").valid(2020, 2022).self_signed(key()), key());
    Certificate::from_pem(file.as_bytes()).unwrap().into()
}

#[tokio::test]
async fn the_next_one_is_tried_when_one_is_not_accepted() {
    let world = listed(Credential::secret("old"), vec![Credential::secret("new"), Credential::secret("never")]);
    world.microsoft.once(Endpoint::Token, Reply::status(401, INVALID_CLIENT));
    let form = world.exchange().await.unwrap();
    assert_eq!(form["client_secret"], "new");
    assert_eq!(world.microsoft.count(Endpoint::Token), 2);
    assert_eq!(world.exchange().await.unwrap()["client_secret"], "old", "the order stays");
}

#[tokio::test]
async fn the_next_one_is_tried_when_one_cannot_be_had() {
    let path = std::env::temp_dir().join(format!("entra-oidc-{}-fallback", std::process::id()));
    std::fs::write(&path, "a.b.c").unwrap();
    let world = listed(Credential::token_file(&path), vec![Credential::secret("new")]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(world.exchange().await.unwrap()["client_secret"], "new");
    assert_eq!(world.microsoft.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn nothing_else_is_a_reason_for_the_next_one() {
    for (status, body, expected) in [
        (400, r#"{"error":"invalid_grant"}"#, SignInErrorKind::GrantRefused),
        (400, r#"{"error":"unauthorized_client"}"#, SignInErrorKind::TokenEndpointRefused),
        (400, r#"{"error":"invalid_request"}"#, SignInErrorKind::TokenEndpointRefused),
        (503, "", SignInErrorKind::MicrosoftUnavailable),
        (500, r#"{"error":"invalid_client"}"#, SignInErrorKind::MicrosoftUnavailable),
        (200, "<html>", SignInErrorKind::TokenResponseInvalid),
    ] {
        let world = listed(Credential::secret("old"), vec![Credential::secret("new")]);
        world.microsoft.once(Endpoint::Token, Reply::status(status, body));
        assert_eq!(world.exchange().await.unwrap_err().kind(), expected, "{status} {body}");
        assert_eq!(world.microsoft.count(Endpoint::Token), 1, "{status} {body}");
    }
}

#[tokio::test]
async fn one_credential_has_no_next_one() {
    let world = world(Credential::secret("old"));
    world.microsoft.once(Endpoint::Token, Reply::status(401, INVALID_CLIENT));
    let error = world.client.app_token(SCOPE).await.unwrap_err();
    assert_eq!((error.kind(), error.aadsts()), (SignInErrorKind::TokenEndpointRefused, Some(7_000_215)));
    assert_eq!(world.microsoft.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_certificate_that_is_over_may_stand_in_a_list_with_others() {
    let world = listed(over(), vec![Credential::secret("new")]);
    assert_eq!(world.exchange().await.unwrap()["client_secret"], "new");
    assert_eq!(world.microsoft.count(Endpoint::Token), 1);
    let alone = world_of(Registration::new(guid(CLIENT), over()).with_fallbacks(vec![over()]));
    assert_eq!(alone.err().map(|error| error.kind()), Some(ConfigErrorKind::CertificateTime));
}

#[test]
fn a_client_id_of_microsoft_s_is_a_guid() {
    let registration = Registration::new(ClientId::parse("my-app").unwrap(), Credential::secret("s"));
    assert_eq!(world_of(registration).err().map(|error| error.kind()), Some(ConfigErrorKind::ClientId));
    assert!(world_of(Registration::new(ClientId::parse(CLIENT).unwrap(), Credential::secret("s"))).is_ok());
}

#[tokio::test]
async fn every_credential_can_be_tried() {
    let world = listed(Credential::secret("old"), vec![over(), Credential::secret("new"), Credential::secret("busy")]);
    for reply in [Reply::status(401, INVALID_CLIENT), Reply::status(200, TOKEN), Reply::status(503, "")] {
        world.microsoft.once(Endpoint::Token, reply);
    }
    let checks = world.client.check_credentials().await;
    assert_eq!(
        checks.iter().map(|check| check.kind).collect::<Vec<_>>(),
        [CredentialKind::Secret, CredentialKind::Certificate, CredentialKind::Secret, CredentialKind::Secret]
    );
    let refused = |index: usize| match &checks[index].outcome {
        CredentialOutcome::Refused(error) => error.kind(),
        other => panic!("{index}: {other:?}"),
    };
    assert_eq!(refused(0), SignInErrorKind::TokenEndpointRefused);
    assert_eq!(refused(1), SignInErrorKind::CredentialExpired);
    assert!(checks[1].expires_at.is_some());
    assert!(matches!(checks[2].outcome, CredentialOutcome::Accepted));
    assert!(matches!(checks[3].outcome, CredentialOutcome::NotChecked(_)));
    assert_eq!(world.microsoft.last_form()["scope"], SCOPE);
    assert_eq!(world.microsoft.count(Endpoint::Token), 3);
}

const TOKEN: &str = r#"{"token_type":"Bearer","access_token":"canary","expires_in":3599}"#;
