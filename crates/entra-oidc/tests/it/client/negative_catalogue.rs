//! The emulator's negative-test catalogue, row by row, at each kind of authority: what is refused and why, and what is
//! only odd. Two rows are the application's: a front-channel sign-out with `sid` alone, and a callback that comes twice.

use std::time::Duration;

use entra_emulator::{Browser, Directory, Endpoint, ErrorAnswer, Fault, TenantKind, seed};
use entra_oidc::{
    AuthorizationResponse, ClaimsChallenge, GraphErrorKind, Groups, SignInError, SignInErrorKind as Kind,
};
use serde_json::json;

use crate::client::scene::{Role, Stage};

use Role::{B2c, External, Government, Personal, V1, V2};

/// What an honest client makes of a fault: nothing bad, or a refusal.
type Outcome = Option<Kind>;

/// A fault, what comes of it in general, and at which kinds of authority something else.
struct Row(&'static str, Fault, Outcome, &'static [(Role, Outcome)]);

fn claim_gone(name: &str) -> Fault {
    Fault::NoClaim(name.to_owned())
}

fn extra(name: &str) -> Fault {
    Fault::ExtraClaim(name.to_owned(), json!(seed::FABRIKAM))
}

/// Rows about the ID token.
fn id_tokens() -> Vec<Row> {
    vec![
        Row("wrong iss", Fault::WrongIssuer, Some(Kind::IdTokenIssuer), &[]),
        Row("a slash too many or too few", Fault::IssuerSlash, Some(Kind::IdTokenIssuer), &[]),
        Row("another tenant", Fault::WrongTenant, Some(Kind::IdTokenIssuer), &[]),
        Row("alg none", Fault::AlgNone, Some(Kind::IdTokenAlgorithm), &[]),
        Row("alg HS256", Fault::AlgHs256, Some(Kind::IdTokenAlgorithm), &[]),
        // B2C writes neither unless it is told to, and names the user in `sub`.
        Row("tid missing", claim_gone("tid"), Some(Kind::IdTokenTenant), &[(B2c, None)]),
        Row("oid missing", claim_gone("oid"), Some(Kind::IdTokenTenant), &[(B2c, None)]),
        Row("nonce missing", claim_gone("nonce"), Some(Kind::IdTokenNonce), &[]),
        Row("wrong nonce", Fault::WrongNonce, Some(Kind::IdTokenNonce), &[]),
        Row("stale nonce", Fault::StaleNonce, Some(Kind::IdTokenNonce), &[]),
        Row("expired beyond 300 s", Fault::ExpiredFor(301), Some(Kind::IdTokenTime), &[]),
        Row("future nbf", Fault::NotBeforeIn(301), Some(Kind::IdTokenTime), &[]),
        Row("aud array", Fault::AudienceArray, Some(Kind::IdTokenAudience), &[]),
        Row("another aud", Fault::WrongAudience, Some(Kind::IdTokenAudience), &[]),
        Row("tid in another case", extra("TID"), Some(Kind::IdTokenTenant), &[]),
        Row("tid twice", extra("tid"), Some(Kind::IdTokenMalformed), &[(B2c, Some(Kind::IdTokenIssuer))]),
        Row("unknown kid", Fault::UnknownKey, Some(Kind::IdTokenKeyUnknown), &[]),
        Row("a bit of the signature", Fault::BadSignature, Some(Kind::IdTokenSignature), &[]),
    ]
}

/// Rows about keys of somebody else (T10): where the list has them they are told by what it says of them, elsewhere
/// they are unknown. v1's list says nothing, and the government's v1 issuer is the public cloud's: there its key is as
/// good as another, for Microsoft's own libraries too.
fn keys() -> Vec<Row> {
    const UNKNOWN: Outcome = Some(Kind::IdTokenKeyUnknown);
    vec![
        Row(
            "the personal accounts' key",
            Fault::PersonalAccountsKey,
            Some(Kind::IdTokenKeyIssuer),
            &[(Personal, None), (V1, UNKNOWN), (B2c, UNKNOWN), (Government, UNKNOWN)],
        ),
        Row(
            "the government's key",
            Fault::GovernmentKey,
            Some(Kind::IdTokenKeyIssuer),
            &[(Government, None), (B2c, UNKNOWN)],
        ),
    ]
}

/// Rows about the answers of both endpoints.
fn answers() -> Vec<Row> {
    let challenge = r#"{"id_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let authorize = |error: &str, number| Fault::AuthorizeError(ErrorAnswer::new(error, number, "no"));
    let more = ErrorAnswer::new("interaction_required", 50_076, "more").suberror("basic_action").claims(challenge);
    let token = |error: &str, number| ErrorAnswer::new(error, number, "no");
    vec![
        Row("an oversized code", Fault::LongCode(10_000), None, &[]),
        Row("a code beyond all measure", Fault::LongCode(70_000), Some(Kind::ResponseTooLarge), &[]),
        Row("a code that works again", Fault::ReusableCode, None, &[]),
        Row("consent_required", authorize("consent_required", 65_001), Some(Kind::ConsentRequired), &[]),
        Row("server_error", authorize("server_error", 90_036), Some(Kind::MicrosoftUnavailable), &[]),
        Row("suberror and claims", Fault::AuthorizeError(more.clone()), Some(Kind::InteractionRequired), &[]),
        Row("the same from the token endpoint", Fault::TokenError(more), Some(Kind::InteractionRequired), &[]),
        // B2C's errors have no `suberror`.
        Row(
            "a suberror that wants the user",
            Fault::TokenError(token("invalid_grant", 50_076).suberror("basic_action")),
            Some(Kind::InteractionRequired),
            &[(B2c, Some(Kind::GrantRefused))],
        ),
        Row("a used code", Fault::TokenError(token("invalid_grant", 54_005)), Some(Kind::GrantRefused), &[]),
        Row(
            "a wrong secret",
            Fault::TokenError(token("invalid_client", 7_000_215)),
            Some(Kind::TokenEndpointRefused),
            &[],
        ),
        Row("expires_in as a string", Fault::NumbersAsStrings, None, &[]),
        Row("no scope", Fault::NoTokenMember("scope".to_owned()), None, &[]),
        Row("no ID token", Fault::NoTokenMember("id_token".to_owned()), Some(Kind::TokenResponseInvalid), &[]),
        Row("no session_state", Fault::NoSessionState, None, &[]),
        Row("no state", Fault::NoState, Some(Kind::StateMissing), &[]),
        Row("another state", Fault::WrongState, Some(Kind::StateMismatch), &[]),
    ]
}

async fn play(rows: fn() -> Vec<Row>) {
    for role in Role::ALL {
        let scene = role.scene();
        let stage = scene.stage().await;
        // Keys are at hand, and there is a nonce before the next one's.
        stage.sign_in(scene.user).await.unwrap();
        for Row(name, fault, general, but) in rows() {
            let redeemed = stage.emulator.journal().count(Endpoint::Token);
            stage.emulator.faults().once(fault);
            let outcome = stage.sign_in(scene.user).await;
            let expected = but.iter().find(|(other, _)| *other == role).map_or(general, |(_, outcome)| *outcome);
            assert_eq!(outcome.as_ref().err().map(SignInError::kind), expected, "{}: {name}", scene.name);
            if let Ok((identity, _)) = &outcome {
                assert_eq!(identity.account().to_string(), scene.account, "{}: {name}", scene.name);
            }
            let calls = stage.emulator.journal().count(Endpoint::Token) - redeemed;
            assert!(calls <= 1, "{}: {name}: a code is redeemed once, never again", scene.name);
        }
    }
}

#[tokio::test]
async fn id_tokens_at_each_authority() {
    play(id_tokens).await;
}

#[tokio::test]
async fn t10_keys_of_somebody_else_at_each_authority() {
    play(keys).await;
}

#[tokio::test]
async fn answers_at_each_authority() {
    play(answers).await;
}

#[tokio::test]
async fn j3_a_rotation_is_found_at_once_and_too_many_groups_are_told() {
    for role in [V1, V2, Government] {
        let scene = role.scene();
        let stage = scene.stage().await;
        stage.sign_in(scene.user).await.unwrap();
        stage.emulator.faults().once(Fault::NewKey);
        stage.sign_in(scene.user).await.unwrap();
        assert_eq!(stage.emulator.journal().count(Endpoint::Keys), 2, "{}", scene.name);
        stage.emulator.faults().once(Fault::GroupOverage);
        let (identity, _) = stage.sign_in(scene.user).await.unwrap();
        assert_eq!(identity.claims().groups(), Groups::Overage, "I7: {}", scene.name);
    }
}

#[tokio::test]
async fn a_challenge_comes_whole_and_a_long_text_in_one_line() {
    let challenge = r#"{"id_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    // B2C's errors have no `claims`.
    for role in [V1, V2, Personal, Government, External] {
        let scene = role.scene();
        let error = ErrorAnswer::new("interaction_required", 50_076, "more").claims(challenge);
        for fault in [Fault::AuthorizeError(error.clone()), Fault::TokenError(error)] {
            let stage = scene.stage().await;
            stage.emulator.faults().together([fault, Fault::LineBreaks]);
            let error = stage.sign_in(scene.user).await.unwrap_err();
            assert_eq!(error.claims(), Some(challenge), "{}", scene.name);
            assert!(!error.to_string().contains(['\r', '\n']), "S13: {}: {error}", scene.name);
            // What was asked for goes into the next request as it came.
            let again = stage.options().claims(error.claims().unwrap());
            let (url, _) = stage.client.begin(again).await.unwrap();
            assert!(url.query_pairs().any(|(name, value)| name == "claims" && value == challenge), "{url}");
        }
    }
}

#[tokio::test]
async fn redirects_end_in_an_empty_fragment() {
    for role in Role::ALL {
        let scene = role.scene();
        let stage = scene.stage().await;
        let (url, pending) = stage.client.begin(stage.options()).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(scene.user).await.unwrap();
        let location = page.location().unwrap();
        assert_eq!(location.fragment(), Some(""), "{}", scene.name);
        let response = AuthorizationResponse::from_query(location.query().unwrap()).unwrap();
        assert!(stage.client.complete(pending, response).await.is_ok(), "{}", scene.name);
    }
}

#[tokio::test]
async fn an_error_on_microsoft_s_page_leaves_the_attempt_to_its_deadline() {
    for role in Role::ALL {
        let scene = role.scene();
        let stage = scene.stage().await;
        stage.emulator.faults().once(Fault::AuthorizePage(50_105));
        let (url, pending) = stage.client.begin(stage.options()).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(scene.user).await.unwrap();
        assert_eq!((page.status, page.emulator_page().as_deref()), (200, Some("error")), "{}", scene.name);
        stage.clock.advance(Duration::from_mins(11));
        let late = format!("code=c&state={}", pending.state().as_str());
        let response = AuthorizationResponse::from_query(&late).unwrap();
        let error = stage.client.complete(pending, response).await.unwrap_err();
        assert_eq!(error.kind(), Kind::AttemptExpired, "{}", scene.name);
        assert_eq!(stage.emulator.journal().count(Endpoint::Token), 0, "{}", scene.name);
    }
}

#[tokio::test]
async fn graph_s_rows_at_each_authority_that_has_one() {
    for role in [V1, V2, Personal, Government, External] {
        let scene = role.scene();
        let stage = scene.stage().await;
        let (identity, tokens) = stage.sign_in(scene.user).await.unwrap();
        let graph = stage.client.graph().unwrap();
        for code in ["ImageNotFound", "ErrorItemNotFound", "GetUserPhoto", "ErrorEntityNotFound"] {
            stage.emulator.faults().once(Fault::NoPhoto(code.to_owned()));
            assert_eq!(graph.photo(&tokens).await, Ok(None), "{}: {code}", scene.name);
        }
        stage.emulator.faults().once(Fault::Throttled(Endpoint::Me, Some("2.128".to_owned())));
        let error = graph.me(&tokens).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_millis(2128)), "{}", scene.name);
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
        stage.emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, challenge.to_owned()));
        let error = graph.me(&tokens).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (GraphErrorKind::ClaimsRequired, Some(401)), "{}", scene.name);
        assert_eq!(error.claims().map(ClaimsChallenge::as_json), Some(challenge), "{}", scene.name);
        assert!(graph.me(&tokens).await.is_ok_and(|me| me.belongs_to(&identity)), "{}", scene.name);
    }
}

#[tokio::test]
async fn b2c_s_endpoints_may_have_a_query_already() {
    let mut directory = Directory::default();
    for tenant in &mut directory.tenants {
        if let TenantKind::B2c(b2c) = &mut tenant.kind {
            b2c.query_endpoints = true;
        }
    }
    let scene = B2c.scene();
    let stage = scene.stage_with(directory).await;
    let (url, _) = stage.client.begin(stage.options()).await.unwrap();
    assert!(url.as_str().contains("/authorize?p=b2c_1_susi&client_id="), "{url}");
    let (identity, _) = stage.sign_in(scene.user).await.unwrap();
    assert_eq!(identity.account().to_string(), scene.account);
    assert!(out(&stage).await.contains("/logout?p=b2c_1_susi&client_id="));
}

async fn out(stage: &Stage) -> String {
    stage.client.end_session_url(entra_oidc::EndSession::new()).await.unwrap().to_string()
}
