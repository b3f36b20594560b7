//! The client's own steps against the scripted Microsoft: what is sent, once, and what comes of it.

mod acknowledge;
#[cfg(feature = "reqwest")]
mod emulator;
#[cfg(feature = "reqwest")]
mod kinds;
#[cfg(feature = "reqwest")]
mod negative_catalogue;
mod probe;
mod refresh;
#[cfg(feature = "reqwest")]
pub(crate) mod scene;
#[cfg(feature = "reqwest")]
mod user_flows;
mod without_access_token;

use std::time::Duration;

use entra_oidc::{
    Authority, AuthorizationResponse, Cloud, Credential, EndSession, EntraClient, HttpErrorKind, Identity, ManualClock,
    PendingSignIn, Registration, Secret, SignInErrorKind as Kind, Tenant, Timestamp, TokenSet,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, any_tenant, builder, client, guid, options, redirect_uri},
    signer::{CLIENT, Forge, OID, OTHER_TENANT, PERSONAL, Signer, TENANT},
};

const START: Timestamp = Timestamp::from_unix(1_790_000_000);

type Change = fn(Forge) -> Forge;

fn world() -> (Microsoft, ManualClock) {
    (Microsoft::of(TENANT), ManualClock::at(START))
}

fn tokens(id_token: &str) -> Value {
    json!({ "token_type": "Bearer", "access_token": "canary-access", "refresh_token": "canary-refresh",
        "expires_in": 3599, "scope": "openid profile email User.ReadBasic.All", "id_token": id_token })
}

fn answer(pending: &PendingSignIn, more: &str) -> AuthorizationResponse {
    let query = format!("code=canary-code&state={}{more}", pending.state().as_str());
    AuthorizationResponse::from_query(&query).unwrap()
}

async fn sign_in(
    client: &EntraClient,
    microsoft: &Microsoft,
    change: impl FnOnce(Forge) -> Forge,
) -> Result<(Identity, TokenSet), Kind> {
    let (_, pending) = client.begin(options(START)).await.unwrap();
    let token = change(Forge::valid(START.unix(), pending.nonce().expose())).token();
    microsoft.once(Endpoint::Token, Reply::json(&tokens(&token)));
    let response = answer(&pending, "&session_state=5f7c");
    client.complete(pending, response).await.map_err(|error| error.kind())
}

#[tokio::test]
async fn a_whole_sign_in() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (identity, tokens) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    assert_eq!(identity.account().to_string(), format!("entra:{TENANT}/{OID}"));
    assert_eq!(identity.issuer(), crate::signer::issuer(TENANT));
    assert_eq!(identity.authority_id(), format!("public/{TENANT}"));
    assert_eq!(identity.session_id(), Some("5f7c"));
    assert_eq!(identity.claims().name(), Some("Adele Vance"));
    assert!(!identity.is_guest() && !identity.is_personal());
    assert_eq!(tokens.access_token().map(Secret::expose), Some("canary-access"));
    assert_eq!(tokens.expires_at(), START.plus(Duration::from_secs(3599)));
    assert_eq!(tokens.owner().map(|owner| &owner.account), Some(identity.account()));

    let calls = [Endpoint::Metadata, Endpoint::Keys, Endpoint::Token, Endpoint::Me, Endpoint::Photo, Endpoint::Stray];
    assert_eq!(calls.map(|endpoint| microsoft.count(endpoint)), [1, 1, 1, 0, 0, 0]);
    sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    assert_eq!(calls.map(|endpoint| microsoft.count(endpoint)), [1, 1, 2, 0, 0, 0], "a second one costs one call");
}

#[tokio::test]
async fn the_code_is_redeemed_with_everything_that_binds_it() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (url, pending) = client.begin(options(START)).await.unwrap();
    let verifier = pending.code_verifier().expose().to_owned();
    let challenge = pending.code_verifier().challenge();
    assert!(url.as_str().contains(&challenge));
    let response = answer(&pending, "");
    let _ = client.complete(pending, response).await;
    let form = microsoft.last_form();
    let redirect_uri = redirect_uri();
    let expected = [
        ("client_id", CLIENT),
        ("client_secret", "canary-client-secret"),
        ("code", "canary-code"),
        ("code_verifier", &verifier),
        ("grant_type", "authorization_code"),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    assert_eq!(form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), expected);
    let (request, _) = microsoft.last(Endpoint::Token);
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    assert!(request.headers().get("origin").is_none() && request.headers().get("authorization").is_none());
    assert_eq!(request.uri().query(), None);
}

#[tokio::test]
async fn a_basic_secret_goes_into_the_header_only() {
    let (microsoft, clock) = world();
    let registration = Registration::new(guid(CLIENT), Credential::secret_basic("s3cret~+"));
    let client = EntraClient::builder(crate::microsoft::tenant(), registration)
        .http_client(microsoft.clone())
        .clock(clock.clock())
        .build()
        .unwrap();
    sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    let form = microsoft.last_form();
    assert!(!form.contains_key("client_secret") && !form.contains_key("client_id"));
    let (request, _) = microsoft.last(Endpoint::Token);
    assert!(request.headers()["authorization"].to_str().unwrap().starts_with("Basic "));
    assert!(request.headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn what_is_wrong_locally_sends_nothing() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    for (query, expected) in [
        ("code=c&state=another-attempt-altogether", Kind::StateMismatch),
        ("code=c", Kind::StateMissing),
        ("error=access_denied", Kind::StateMissing),
    ] {
        let (_, pending) = client.begin(options(START)).await.unwrap();
        let response = AuthorizationResponse::from_query(query).unwrap();
        assert_eq!(client.complete(pending, response).await.unwrap_err().kind(), expected, "{query}");
    }
    let (_, pending) = client.begin(options(START)).await.unwrap();
    let response = answer(&pending, "");
    clock.advance(Duration::from_secs(601));
    assert_eq!(client.complete(pending, response).await.unwrap_err().kind(), Kind::AttemptExpired);
    assert_eq!(microsoft.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn an_attempt_goes_on_in_another_process_and_local_checks_come_first() {
    let (microsoft, clock) = world();
    let (_, pending) = client(&microsoft, &clock).begin(options(START)).await.unwrap();
    let seed = pending.seed().to_base64url();
    let resume = || {
        let seed = entra_oidc::Seed::from_base64url(seed.expose()).unwrap();
        PendingSignIn::resume(seed, pending.state().clone(), pending.expected().clone())
    };
    let elsewhere = Microsoft::of(TENANT);
    let other = client(&elsewhere, &clock);
    let wrong = AuthorizationResponse::from_query("code=c&state=another-attempt-altogether").unwrap();
    assert_eq!(other.complete(resume(), wrong).await.unwrap_err().kind(), Kind::StateMismatch);
    assert_eq!(elsewhere.count(Endpoint::Metadata) + elsewhere.count(Endpoint::Token), 0, "nothing was sent");

    let token = Forge::valid(START.unix(), pending.nonce().expose()).token();
    elsewhere.once(Endpoint::Token, Reply::json(&tokens(&token)));
    assert!(other.complete(resume(), answer(&pending, "")).await.is_ok());
}

#[tokio::test]
async fn a_code_is_never_redeemed_twice() {
    for (name, reply, expected) in [
        ("no answer", Reply::Fail(HttpErrorKind::Timeout), Kind::TokenEndpointUnreachable),
        ("no connection", Reply::Fail(HttpErrorKind::Connect), Kind::TokenEndpointUnreachable),
        ("too large", Reply::Fail(HttpErrorKind::TooLarge), Kind::TokenResponseInvalid),
        ("500", Reply::status(500, ""), Kind::MicrosoftUnavailable),
        ("429", Reply::status(429, ""), Kind::MicrosoftUnavailable),
        ("a redirect", Reply::status(307, ""), Kind::TokenResponseInvalid),
        ("HTML", Reply::status(200, "<html>"), Kind::TokenResponseInvalid),
        ("used", Reply::status(400, r#"{"error":"invalid_grant","error_codes":[54005]}"#), Kind::GrantRefused),
        ("wrong secret", Reply::status(401, r#"{"error":"invalid_client"}"#), Kind::TokenEndpointRefused),
        (
            "no ID token",
            Reply::json(&json!({ "token_type": "Bearer", "access_token": "x" })),
            Kind::TokenResponseInvalid,
        ),
    ] {
        let (microsoft, clock) = world();
        let client = client(&microsoft, &clock);
        microsoft.set(Endpoint::Token, reply);
        let (_, pending) = client.begin(options(START)).await.unwrap();
        let response = answer(&pending, "");
        assert_eq!(client.complete(pending, response).await.unwrap_err().kind(), expected, "{name}");
        assert_eq!(microsoft.count(Endpoint::Token), 1, "{name}");
    }
}

#[tokio::test]
async fn t3_j2_a_hostile_token_makes_no_request() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    client.warm().await.unwrap();
    let evil = "https://evil.test/keys";
    let changes: [(&str, Change); 6] = [
        ("jku", |forge| forge.header("jku", json!("https://evil.test/keys")).signed_by(Signer::stranger())),
        ("x5u", |forge| forge.header("x5u", json!("https://evil.test/cert")).signed_by(Signer::stranger())),
        ("jwk", |forge| forge.header("jwk", Signer::stranger().jwk("work")).signed_by(Signer::stranger())),
        ("iss", |forge| forge.claim("iss", json!("https://evil.test/"))),
        ("tid", |forge| forge.claim("tid", json!("../../evil"))),
        ("groups", |forge| {
            forge
                .claim("_claim_sources", json!({ "src1": { "endpoint": "https://evil.test/groups" } }))
                .claim("nonce", json!("x"))
        }),
    ];
    for (name, change) in changes {
        assert!(sign_in(&client, &microsoft, change).await.is_err(), "T3: {name}");
    }
    // A key id that is an address leads to our own key list again, and nowhere else.
    assert_eq!(
        sign_in(&client, &microsoft, |forge| forge.header("kid", json!(evil))).await.unwrap_err(),
        Kind::IdTokenKeyUnknown
    );
    assert_eq!(microsoft.count(Endpoint::Stray), 0, "T3, J2");
    assert_eq!(microsoft.count(Endpoint::Keys), 3);
}

#[tokio::test]
async fn i7_an_overage_s_endpoint_is_never_followed() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let overage = |forge: Forge| {
        forge
            .claim("_claim_names", json!({ "groups": "src1" }))
            .claim("_claim_sources", json!({ "src1": { "endpoint": "https://evil.test/groups" } }))
    };
    let (identity, _) = sign_in(&client, &microsoft, overage).await.unwrap();
    assert_eq!(identity.claims().groups(), entra_oidc::Groups::Overage);
    assert_eq!(microsoft.count(Endpoint::Stray), 0);
}

#[tokio::test]
async fn guests_and_personal_accounts_are_told_apart() {
    let rows: [(&str, Change, bool, bool); 9] = [
        ("a member", |forge| forge, false, false),
        ("acct 0", |forge| forge.claim("acct", json!(0)), false, false),
        ("acct 1", |forge| forge.claim("acct", json!(1)), true, false),
        ("acct of another type", |forge| forge.claim("acct", json!({})), true, false),
        ("idp is the issuer", |forge| forge.claim("idp", json!(crate::signer::issuer(TENANT))), false, false),
        (
            "idp of a home tenant",
            |forge| forge.claim("idp", json!(format!("https://sts.windows.net/{OTHER_TENANT}/"))),
            true,
            false,
        ),
        ("idp live.com", |forge| forge.claim("idp", json!("live.com")), true, false),
        (
            "#ext# in the name",
            |forge| forge.claim("preferred_username", json!("megan_fabrikam.example#ext#@contoso.example")),
            true,
            false,
        ),
        (
            "a personal account",
            |forge| {
                forge
                    .of_tenant(PERSONAL)
                    .header("kid", json!("personal"))
                    .claim("oid", json!("00000000-0000-0000-40c0-3bac188d01d1"))
            },
            false,
            true,
        ),
    ];
    let (microsoft, clock) = (Microsoft::of("common"), ManualClock::at(START));
    let client = any_tenant(&microsoft, &clock);
    for (name, change, guest, personal) in rows {
        let (identity, _) = sign_in(&client, &microsoft, change).await.unwrap();
        assert_eq!((identity.is_guest(), identity.is_personal()), (guest, personal), "I6: {name}");
    }
}

#[tokio::test]
async fn sid_names_the_session_before_session_state_does() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (identity, _) =
        sign_in(&client, &microsoft, |forge| forge.claim("sid", json!("from-the-token"))).await.unwrap();
    assert_eq!(identity.session_id(), Some("from-the-token"));
}

#[tokio::test]
async fn t23_a_refresh_brings_the_same_user_new_tokens() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (_, first) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();

    let rotated =
        json!({ "token_type": "Bearer", "access_token": "new", "refresh_token": "rotated", "expires_in": 10 });
    microsoft.once(Endpoint::Token, Reply::json(&rotated));
    let second = client.refresh(&first).await.unwrap().tokens;
    let form = microsoft.last_form();
    assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", "canary-refresh"));
    assert_eq!(second.refresh_token().map(entra_oidc::Secret::expose), Some("rotated"));
    assert_eq!(second.scope(), first.scope());
    assert_eq!(second.owner(), first.owner());

    let kept = json!({ "token_type": "Bearer", "access_token": "newer", "expires_in": 10 });
    microsoft.once(Endpoint::Token, Reply::json(&kept));
    let third = client.refresh(&second).await.unwrap().tokens;
    assert_eq!(third.refresh_token().map(entra_oidc::Secret::expose), Some("rotated"), "the old one stays");

    let refreshed = |change: fn(Forge) -> Forge| {
        let forge = Forge::valid(START.unix(), "x").without("nonce");
        Reply::json(&tokens(&change(forge).token()))
    };
    microsoft.once(Endpoint::Token, refreshed(|forge| forge));
    assert!(client.refresh(&third).await.is_ok());
    for (name, change, expected) in [
        ("sub", (|forge: Forge| forge.claim("sub", json!("other"))) as fn(Forge) -> Forge, Kind::AnotherUser),
        ("oid", |forge| forge.claim("oid", json!(OTHER_TENANT)), Kind::AnotherUser),
        ("iss", |forge| forge.of_tenant(OTHER_TENANT), Kind::IdTokenIssuer),
        ("aud", |forge| forge.claim("aud", json!(OTHER_TENANT)), Kind::IdTokenAudience),
    ] {
        microsoft.once(Endpoint::Token, refreshed(change));
        assert_eq!(client.refresh(&third).await.unwrap_err().kind(), expected, "T23: {name}");
    }

    let restored = third.expose();
    let restored: entra_oidc::ExposedTokens = serde_json::from_str(&serde_json::to_string(&restored).unwrap()).unwrap();
    microsoft.once(Endpoint::Token, refreshed(|forge| forge.claim("sub", json!("other"))));
    let outcome = client.refresh(&restored.conceal()).await;
    assert_eq!(outcome.unwrap_err().kind(), Kind::AnotherUser, "T23: also after the session was stored");
}

#[tokio::test]
async fn a_refresh_that_fails_says_whether_the_user_must_come_back() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (_, tokens) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    for (reply, expected) in [
        (Reply::status(400, r#"{"error":"invalid_grant","error_description":"AADSTS700082"}"#), Kind::GrantRefused),
        (
            Reply::status(400, r#"{"error":"invalid_grant","suberror":"basic_action","claims":"{}"}"#),
            Kind::InteractionRequired,
        ),
        (Reply::Fail(HttpErrorKind::Connect), Kind::TokenEndpointUnreachable),
        (Reply::status(503, ""), Kind::MicrosoftUnavailable),
    ] {
        let before = microsoft.count(Endpoint::Token);
        microsoft.once(Endpoint::Token, reply);
        assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), expected);
        assert_eq!(microsoft.count(Endpoint::Token), before + 1, "tried once");
    }
    let none = entra_oidc::ExposedTokens::new("at", START).conceal();
    assert_eq!(client.refresh(&none).await.unwrap_err().kind(), Kind::RefreshTokenMissing);

    let mut nobodys = entra_oidc::ExposedTokens::new("at", START);
    nobodys.refresh_token = Some("rt".to_owned());
    let id_token = Forge::valid(START.unix(), "x").token();
    microsoft.once(Endpoint::Token, Reply::json(&self::tokens(&id_token)));
    assert_eq!(client.refresh(&nobodys.conceal()).await.unwrap_err().kind(), Kind::AnotherUser);
}

#[tokio::test]
async fn the_application_s_own_token_needs_one_tenant() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    microsoft.once(
        Endpoint::Token,
        Reply::json(
            &json!({ "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": "app" }),
        ),
    );
    let tokens = client.app_token("https://graph.microsoft.com/.default").await.unwrap();
    assert_eq!(tokens.access_token().map(Secret::expose), Some("app"));
    assert!(tokens.owner().is_none() && tokens.refresh_token().is_none());
    let form = microsoft.last_form();
    assert_eq!(
        (form["grant_type"].as_str(), form["scope"].as_str()),
        ("client_credentials", "https://graph.microsoft.com/.default")
    );
    assert_eq!(client.app_token("a b").await.unwrap_err().kind(), Kind::OptionInvalid);

    let many = any_tenant(&Microsoft::of("common"), &clock);
    assert_eq!(many.app_token("x/.default").await.unwrap_err().kind(), Kind::TenantRequired);
    let personal = Authority::entra(Cloud::Public, Tenant::Consumers);
    let personal = builder(personal, &Microsoft::of(PERSONAL), &clock).build().unwrap();
    assert_eq!(personal.app_token("x/.default").await.unwrap_err().kind(), Kind::TenantRequired);
}

#[tokio::test]
async fn the_sign_out_address() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let ask = EndSession::new()
        .post_logout_redirect_uri(Url::parse("https://app.contoso.example/?a=b&c=d").unwrap())
        .logout_hint("O.CiQ4&x=y");
    let url = client.end_session_url(ask).await.unwrap();
    insta::assert_snapshot!(url, @"https://login.microsoftonline.com/8f1c1f6a-3b5e-4b9a-9a53-0c1d2e3f4a5b/oauth2/v2.0/logout?client_id=b6c69a37-df96-4db0-9088-2ab96e1d8215&post_logout_redirect_uri=https%3A%2F%2Fapp.contoso.example%2F%3Fa%3Db%26c%3Dd&logout_hint=O.CiQ4%26x%3Dy");
    let mut document = crate::microsoft::metadata(TENANT);
    document.as_object_mut().unwrap().remove("end_session_endpoint");
    let without = Microsoft::of(TENANT);
    without.set(Endpoint::Metadata, Reply::json(&document));
    let outcome = crate::microsoft::client(&without, &clock).end_session_url(EndSession::new()).await;
    assert_eq!(outcome.unwrap_err().kind(), Kind::MetadataInvalid);
}
