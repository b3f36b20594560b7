//! Whole flows against the emulator, which has its own idea of the protocol.

use std::time::Duration;

use entra_emulator::{Browser, Emulator, Endpoint, ErrorAnswer, Fault, seed};
use entra_oidc::{
    AllowedTenants, Authority, AuthorizationResponse, Cloud, Credential, EntraClient, Groups, Guid, Identity,
    ManualClock, PendingSignIn, Registration, ReqwestClient, ReqwestSettings, SignInErrorKind as Kind, SignInOptions,
    Tenant, Timestamp, TokenSet,
};
use serde_json::{Value, json};
use url::Url;

/// The client of the seeded application, on the emulator's clock.
struct World {
    emulator: Emulator,
    clock: ManualClock,
    client: EntraClient,
}

async fn world(tenant: &str) -> World {
    world_with(tenant, Credential::secret(seed::APP_SECRET)).await
}

async fn world_with(tenant: &str, credential: Credential) -> World {
    let emulator = Emulator::start().await.unwrap();
    let clock = ManualClock::at(Timestamp::from_unix(emulator.clock().now()));
    let authority = Authority::entra(Cloud::Public, Tenant::parse(tenant).unwrap()).with_host(emulator.url()).unwrap();
    let allowed = if authority.is_multi_tenant() { AllowedTenants::Any } else { AllowedTenants::Pinned };
    let registration = Registration::new(Guid::parse(seed::APP_ID).unwrap(), credential);
    let client = EntraClient::builder(authority, registration)
        .http_client(ReqwestClient::new(&ReqwestSettings::new()).unwrap())
        .clock(clock.clock())
        .allowed_tenants(allowed)
        .scopes(vec!["User.Read".to_owned(), "offline_access".to_owned()])
        .graph_url(emulator.url().join("graph").unwrap())
        .build()
        .unwrap();
    World { emulator, clock, client }
}

impl World {
    fn options(&self) -> SignInOptions {
        let redirect_uri = Url::parse(seed::REDIRECT_URI).unwrap();
        SignInOptions::new(redirect_uri, self.clock.now().plus(Duration::from_mins(10)))
    }

    /// To the picker and back, as this user.
    async fn journey(&self, user: &str, options: SignInOptions) -> (PendingSignIn, String) {
        let (url, pending) = self.client.begin(options).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(user).await.unwrap();
        (pending, page.location().unwrap().query().unwrap().to_owned())
    }

    async fn sign_in(&self, user: &str) -> Result<(Identity, TokenSet), Kind> {
        let (pending, query) = self.journey(user, self.options()).await;
        let response = AuthorizationResponse::from_query(&query).map_err(|error| error.kind())?;
        self.client.complete(pending, response).await.map_err(|error| error.kind())
    }

    fn count(&self, endpoint: Endpoint) -> usize {
        self.emulator.journal().count(endpoint)
    }
}

#[tokio::test]
async fn adele_signs_in_with_both_kinds_of_secret() {
    for credential in [Credential::secret(seed::APP_SECRET), Credential::secret_basic(seed::APP_SECRET)] {
        let world = world_with(seed::CONTOSO, credential).await;
        let (identity, tokens) = world.sign_in(seed::ADELE).await.unwrap();
        assert_eq!(identity.account().tenant(), seed::CONTOSO);
        assert_eq!(identity.account().subject(), seed::ADELE_ID);
        assert_eq!(identity.claims().roles(), [seed::ROLE]);
        assert!(matches!(identity.claims().groups(), Groups::Listed(groups) if groups.len() == 2));
        assert!(!identity.is_guest() && identity.session_id().is_some());

        let answer = world.client.graph().unwrap().profile(&tokens).await;
        let me = answer.me.unwrap();
        assert!(me.belongs_to(&identity));
        assert_eq!(me.user_principal_name.as_deref(), Some(seed::ADELE));
        assert!(answer.photo.unwrap().is_some());
        let calls = [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token, Endpoint::Me, Endpoint::Photo];
        assert_eq!(calls.map(|endpoint| world.count(endpoint)), [1; 5]);
    }
}

#[tokio::test]
async fn every_form_of_tenant_signs_in_whom_it_should() {
    for (tenant, user, home, object) in [
        (seed::CONTOSO_DOMAIN, seed::ADELE, seed::CONTOSO, seed::ADELE_ID),
        ("organizations", seed::DIEGO, seed::FABRIKAM, seed::DIEGO_ID),
        ("common", seed::ALEX, seed::CONTOSO, seed::ALEX_ID),
        ("common", seed::PAT, seed::PERSONAL_ACCOUNTS, seed::PAT_ID),
        ("consumers", seed::PAT, seed::PERSONAL_ACCOUNTS, seed::PAT_ID),
        (seed::CONTOSO, seed::MEGAN, seed::CONTOSO, seed::MEGAN_GUEST_ID),
        ("organizations", seed::MEGAN, seed::FABRIKAM, seed::MEGAN_ID),
    ] {
        let world = world(tenant).await;
        let (identity, tokens) =
            world.sign_in(user).await.unwrap_or_else(|kind| panic!("{user} at {tenant}: {kind:?}"));
        assert_eq!(identity.account().to_string(), format!("entra:{home}/{object}"), "{user} at {tenant}");
        assert_eq!(identity.is_personal(), user == seed::PAT, "{user} at {tenant}");
        assert_eq!(identity.is_guest(), object == seed::MEGAN_GUEST_ID, "I6: {user} at {tenant}");
        let me = world.client.graph().unwrap().me(&tokens).await;
        assert!(me.is_ok_and(|me| me.belongs_to(&identity)), "{user} at {tenant}");
    }
}

#[tokio::test]
async fn tokens_are_refreshed_and_the_user_stays_the_same() {
    let world = world(seed::CONTOSO).await;
    let (_, tokens) = world.sign_in(seed::ADELE).await.unwrap();
    let refreshed = world.client.refresh(&tokens).await.unwrap().tokens;
    assert_eq!(refreshed.owner(), tokens.owner());
    assert!(refreshed.refresh_token().is_some());
    world.emulator.faults().once(Fault::Claim("sub".to_owned(), json!("another")));
    assert_eq!(world.client.refresh(&refreshed).await.unwrap_err().kind(), Kind::AnotherUser, "T23");
}

#[tokio::test]
async fn t_cases_from_the_wire() {
    let text = |name: &str, value: Value| Fault::Claim(name.to_owned(), value);
    for (name, fault, expected) in [
        ("T1: alg none", Fault::AlgNone, Kind::IdTokenAlgorithm),
        ("T2: HS256", Fault::AlgHs256, Kind::IdTokenAlgorithm),
        ("T3: unknown key", Fault::UnknownKey, Kind::IdTokenKeyUnknown),
        ("T4: crit", Fault::Header("crit".to_owned(), json!(["exp"])), Kind::IdTokenMalformed),
        ("T5: exp as string", text("exp", json!("9999999999")), Kind::IdTokenClaims),
        ("T7: another audience", Fault::WrongAudience, Kind::IdTokenAudience),
        ("T7: an array", Fault::AudienceArray, Kind::IdTokenAudience),
        ("T9: iss and tid differ", Fault::WrongIssuer, Kind::IdTokenIssuer),
        ("T9: another tenant", Fault::WrongTenant, Kind::IdTokenIssuer),
        ("T9: tid missing", Fault::NoClaim("tid".to_owned()), Kind::IdTokenTenant),
        ("T9: tid in two cases", Fault::ExtraClaim("TID".to_owned(), json!(seed::FABRIKAM)), Kind::IdTokenTenant),
        ("I12: oid missing", Fault::NoClaim("oid".to_owned()), Kind::IdTokenTenant),
        ("T10: the personal accounts' key", Fault::PersonalAccountsKey, Kind::IdTokenKeyIssuer),
        ("T10: the Government's key", Fault::GovernmentKey, Kind::IdTokenKeyIssuer),
        ("T11: an access token for Graph", Fault::AccessTokenAsIdToken, Kind::IdTokenMalformed),
        ("T13: sub twice", Fault::ExtraClaim("sub".to_owned(), json!("evil")), Kind::IdTokenMalformed),
        ("T15: wrong nonce", Fault::WrongNonce, Kind::IdTokenNonce),
        ("T15: no nonce", Fault::NoClaim("nonce".to_owned()), Kind::IdTokenNonce),
        ("T20: a bit of the signature", Fault::BadSignature, Kind::IdTokenSignature),
        ("T24: expired", Fault::ExpiredFor(301), Kind::IdTokenTime),
        ("T24: not yet", Fault::NotBeforeIn(301), Kind::IdTokenTime),
        ("truncated", Fault::Truncated(Endpoint::Token), Kind::TokenResponseInvalid),
        ("HTML", Fault::Html(Endpoint::Token), Kind::TokenResponseInvalid),
        ("oversized", Fault::Oversized(Endpoint::Token, 300 * 1024), Kind::TokenResponseInvalid),
        ("a redirect", Fault::Redirect(Endpoint::Token, "https://evil.test/".to_owned()), Kind::TokenResponseInvalid),
        ("503", Fault::Status(Endpoint::Token, 503), Kind::MicrosoftUnavailable),
        ("no ID token", Fault::NoTokenMember("id_token".to_owned()), Kind::TokenResponseInvalid),
        ("used", Fault::TokenError(ErrorAnswer::new("invalid_grant", 54_005, "used")), Kind::GrantRefused),
    ] {
        let world = world(seed::CONTOSO).await;
        world.emulator.faults().once(fault);
        assert_eq!(world.sign_in(seed::ADELE).await.map(|_| ()), Err(expected), "{name}");
        assert_eq!(world.count(Endpoint::Token), 1, "{name}");
    }
    let world = world("common").await;
    world.emulator.faults().once(Fault::PersonalAccountsKey);
    assert_eq!(world.sign_in(seed::ADELE).await.map(|_| ()), Err(Kind::IdTokenKeyIssuer), "T10: at common");
}

#[tokio::test]
async fn what_is_odd_and_allowed_is_understood() {
    for (name, fault) in [
        ("numbers as strings", Fault::NumbersAsStrings),
        ("no scope", Fault::NoTokenMember("scope".to_owned())),
        ("no session_state", Fault::NoSessionState),
        ("a long code", Fault::LongCode(10_000)),
        ("a stranger's jku", Fault::Header("jku".to_owned(), json!("https://evil.test/"))),
        ("overage", Fault::GroupOverage),
        ("T24: nearly expired", Fault::ExpiredFor(290)),
    ] {
        let world = world(seed::CONTOSO).await;
        world.emulator.faults().once(fault);
        let (identity, _) = world.sign_in(seed::ADELE).await.unwrap_or_else(|kind| panic!("{name}: {kind:?}"));
        assert_eq!(identity.account().subject(), seed::ADELE_ID, "{name}");
        assert_eq!(identity.claims().groups() == Groups::Overage, name == "overage", "I7: {name}");
    }
}

#[tokio::test]
async fn hostile_answers_redeem_nothing() {
    for (name, fault, expected) in [
        ("no state", Fault::NoState, Kind::StateMissing),
        ("another state", Fault::WrongState, Kind::StateMismatch),
        (
            "S9: id_token",
            Fault::ResponseParameter("id_token".to_owned(), "a.b.c".to_owned()),
            Kind::UnexpectedParameter,
        ),
        ("S10: a second code", Fault::ResponseParameter("code".to_owned(), "x".to_owned()), Kind::DuplicateParameter),
        ("S7: iss", Fault::ResponseParameter("iss".to_owned(), "https://evil.test".to_owned()), Kind::IssuerMismatch),
    ] {
        let world = world(seed::CONTOSO).await;
        world.emulator.faults().once(fault);
        assert_eq!(world.sign_in(seed::ADELE).await.map(|_| ()), Err(expected), "{name}");
        assert_eq!(world.count(Endpoint::Token), 0, "{name}");
    }
}

#[tokio::test]
async fn j3_keys_rotate_and_flap() {
    let world = world(seed::CONTOSO).await;
    world.sign_in(seed::ADELE).await.unwrap();
    world.emulator.keys().replace();
    world.sign_in(seed::ADELE).await.unwrap();
    assert_eq!(world.count(Endpoint::Keys), 2, "J3: rotation without notice");

    world.emulator.keys().replace();
    world.emulator.keys().flap();
    world.sign_in(seed::ADELE).await.unwrap();
    assert_eq!(world.count(Endpoint::Keys), 4, "J3: the second try finds it");
    world.clock.advance(Duration::from_mins(31));
    world.emulator.clock().advance(Duration::from_mins(31));
    world.sign_in(seed::ADELE).await.unwrap();
    assert_eq!(world.count(Endpoint::Keys), 5, "gone from the list, in its time of grace");
}

#[tokio::test]
async fn a_slow_or_broken_graph_breaks_nothing() {
    let world = world(seed::CONTOSO).await;
    let (identity, tokens) = world.sign_in(seed::ADELE).await.unwrap();
    let graph = world.client.graph().unwrap();
    world.emulator.faults().once(Fault::Throttled(Endpoint::Photo, Some("2.128".to_owned())));
    let answer = graph.profile(&tokens).await;
    assert!(answer.me.is_ok_and(|me| me.belongs_to(&identity)));
    assert_eq!(answer.photo.unwrap_err().retry_after(), Some(Duration::from_millis(2128)));

    world.emulator.faults().once(Fault::OtherUser);
    assert!(graph.me(&tokens).await.is_err());
    world.emulator.faults().once(Fault::NoPhoto("ImageNotFound".to_owned()));
    assert_eq!(graph.photo(&tokens).await, Ok(None));
    world.emulator.faults().once(Fault::PhotoText("image/svg+xml".to_owned(), "<svg onload=alert(1)>".to_owned()));
    assert!(graph.photo(&tokens).await.is_err());
}

#[tokio::test]
async fn a_wrong_secret_is_the_operator_s_business() {
    let world = world_with(seed::CONTOSO, Credential::secret("wrong")).await;
    let (pending, query) = world.journey(seed::ADELE, world.options()).await;
    let response = AuthorizationResponse::from_query(&query).unwrap();
    let error = world.client.complete(pending, response).await.unwrap_err();
    assert_eq!((error.kind(), error.aadsts()), (Kind::TokenEndpointRefused, Some(7_000_215)));
}
