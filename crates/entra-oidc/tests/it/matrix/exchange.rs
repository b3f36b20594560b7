//! What is exchanged beside the code: credentials of others, a list in which a later one is the right one, trying them, v1.

use std::time::Duration;

use entra_emulator::{Browser, Emulator, Endpoint, seed};
use entra_oidc::{
    AuthorizationResponse, Certificate, Credential, CredentialOutcome, EntraClient, ManagedIdentity, ManualClock,
    Registration, SignInError, SignInErrorKind as Kind, Timestamp,
};

use crate::{
    app::papers::{Papers, key, other_key, with_key},
    client::scene::{Role, options},
    matrix::wire::Wire,
    microsoft::guid,
};

/// Contoso with Adele, the application's registration as it is seeded, and what a test adds to it.
struct World {
    emulator: Emulator,
    clock: ManualClock,
    wire: Wire,
}

impl World {
    async fn new() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let clock = ManualClock::at(Timestamp::from_unix(emulator.clock().now()));
        let wire = Wire::to(&emulator);
        Self { emulator, clock, wire }
    }

    fn client(&self, role: Role, credentials: Vec<Credential>) -> EntraClient {
        let scene = role.scene();
        let mut credentials = credentials.into_iter();
        let registration = Registration::new(guid(scene.app.0), credentials.next().unwrap());
        EntraClient::builder(
            scene.authority.with_host(self.emulator.url()).unwrap(),
            registration.with_fallbacks(credentials.collect()),
        )
        .http_client(self.wire.clone())
        .clock(self.clock.clock())
        .build()
        .unwrap()
    }

    async fn sign_in(&self, credentials: Vec<Credential>) -> Result<String, SignInError> {
        let client = self.client(Role::V2, credentials);
        let (url, pending) = client.begin(options(&self.clock)).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(seed::ADELE).await.unwrap();
        let response = AuthorizationResponse::from_query(page.location().unwrap().query().unwrap()).unwrap();
        client.complete(pending, response).await.map(|(identity, _)| identity.account().subject().to_owned())
    }

    /// A token of the cluster, for this subject and audience.
    fn workload(&self, subject: &str, audience: &str) -> Credential {
        Credential::assertion(self.emulator.workload_token(subject, audience))
    }
}

const AUDIENCE: &str = "api://AzureADTokenExchange";

fn certificate(registered: bool, emulator: &Emulator) -> Credential {
    let key = if registered { key() } else { other_key() };
    let pem = Papers::of("matrix").valid(2020, 2099).self_signed(key);
    if registered {
        emulator.directory().add_certificate(seed::APP_ID, &pem).unwrap();
    }
    Certificate::from_pem(with_key(&pem, key).as_bytes()).unwrap().into()
}

#[tokio::test]
async fn a_credential_of_somebody_else_s_is_the_operator_s_business() {
    type Make = fn(&World) -> Credential;
    for (name, make, aadsts) in [
        ("a wrong secret", (|_| Credential::secret("canary")) as Make, 7_000_215),
        ("a wrong secret in the header", |_| Credential::secret_basic("canary"), 7_000_215),
        ("a certificate that is not registered", |world| certificate(false, &world.emulator), 700_027),
        ("another subject", |world| world.workload("system:serviceaccount:portal:db", AUDIENCE), 700_213),
        (
            "the subject in capitals",
            |world| world.workload(&seed::WORKLOAD_SUBJECT.to_uppercase(), AUDIENCE),
            7_002_138,
        ),
        ("another audience", |world| world.workload(seed::WORKLOAD_SUBJECT, "api://azureadtokenexchange"), 700_212),
        (
            "an assertion that is over",
            |world| {
                let credential = world.workload(seed::WORKLOAD_SUBJECT, AUDIENCE);
                world.emulator.clock().advance(Duration::from_secs(3600 + 301));
                world.clock.advance(Duration::from_secs(3600 + 301));
                credential
            },
            700_024,
        ),
    ] {
        let world = World::new().await;
        let error = world.sign_in(vec![make(&world)]).await.expect_err(name);
        assert_eq!((error.kind(), error.aadsts()), (Kind::TokenEndpointRefused, Some(aadsts)), "{name}: {error}");
        assert!(!format!("{error:?}").contains("canary"), "Z1: {name}: {error}");
    }
}

#[tokio::test]
async fn an_identity_that_the_machine_does_not_have_sends_nothing() {
    let world = World::new().await;
    let other = ManagedIdentity::user_assigned(guid(seed::APP_ID));
    let error = world.sign_in(vec![other.into()]).await.unwrap_err();
    assert_eq!(error.kind(), Kind::CredentialUnavailable, "{error}");
}

#[tokio::test]
async fn a_later_credential_redeems_the_same_code() {
    let world = World::new().await;
    let trusted = world.workload(seed::WORKLOAD_SUBJECT, AUDIENCE);
    let credentials = vec![
        Credential::secret("old"),
        world.workload("system:serviceaccount:portal:db", AUDIENCE),
        certificate(false, &world.emulator),
        trusted,
        Credential::secret("never tried"),
    ];
    assert_eq!(world.sign_in(credentials).await.unwrap(), seed::ADELE_ID);
    assert_eq!(world.emulator.journal().count(Endpoint::Token), 4);
}

#[tokio::test]
async fn credentials_are_tried_where_an_application_may_ask_for_itself() {
    for (role, asked) in
        [(Role::V2, true), (Role::V1, true), (Role::External, true), (Role::Personal, false), (Role::B2c, false)]
    {
        let world = World::new().await;
        let (app, secret) = role.scene().app;
        let client = world.client(role, vec![Credential::secret(secret), Credential::secret("canary")]);
        let checks = client.check_credentials().await;
        let outcomes: Vec<_> = checks.iter().map(|check| &check.outcome).collect();
        match outcomes.as_slice() {
            [CredentialOutcome::Accepted, CredentialOutcome::Refused(error)] if asked => {
                assert_eq!(error.aadsts(), Some(7_000_215), "{role:?} {app}");
            }
            [CredentialOutcome::NotChecked(_), CredentialOutcome::NotChecked(_)] if !asked => {}
            other => panic!("{role:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn v1_refreshes_and_asks_for_itself_with_a_resource() {
    let world = World::new().await;
    let client = world.client(Role::V1, vec![certificate(true, &world.emulator)]);
    let (url, pending) = client.begin(options(&world.clock)).await.unwrap();
    let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(seed::ADELE).await.unwrap();
    let response = AuthorizationResponse::from_query(page.location().unwrap().query().unwrap()).unwrap();
    let (_, tokens) = client.complete(pending, response).await.unwrap();

    let refreshed = client.refresh(&tokens).await.unwrap().tokens;
    assert!(refreshed.access_token().is_some() && refreshed.expires_at() > world.clock.now());
    let (form, _) = world.wire.token_request();
    assert_eq!((&*form["grant_type"], &*form["resource"]), ("refresh_token", "https://graph.microsoft.com"));

    client.app_token("https://graph.microsoft.com/.default").await.unwrap();
    let (form, _) = world.wire.token_request();
    assert_eq!((&*form["grant_type"], &*form["resource"]), ("client_credentials", "https://graph.microsoft.com"));
    assert!(!form.contains_key("scope"));
}
