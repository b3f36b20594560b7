//! Z1: nothing that holds a secret shows it in `Debug`, and no error repeats one.

use std::fmt::Debug;

use entra_oidc::{
    AuthorizationResponse, Credential, EntraClient, ExposedTokens, ManualClock, PendingSignIn, Registration, Secret,
    Seed, SignInOptions, State, Timestamp,
};
use serde_json::json;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, client, guid, options, redirect_uri, tenant},
    signer::{CLIENT, Forge, TENANT},
};

const START: Timestamp = Timestamp::from_unix(1_790_000_000);

/// What the token endpoint answers to the attempt with this nonce.
type Answer = Box<dyn Fn(&str) -> Reply>;

#[track_caller]
fn hides(shown: impl Debug, secrets: &[&str]) {
    let text = format!("{shown:?} {shown:#?}");
    for secret in secrets {
        assert!(!text.contains(secret), "Z1: {text}");
    }
}

#[test]
fn z1_debug_of_everything_with_a_secret_in_it() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let credential = Credential::secret("canary");
    let registration = Registration::new(guid(CLIENT), Credential::secret_basic("canary"));
    hides(Secret::new("canary"), &["canary"]);
    hides(&credential, &["canary"]);
    hides(&registration, &["canary"]);
    hides(builder(tenant(), &microsoft, &clock), &["canary"]);
    hides(client(&microsoft, &clock), &["canary"]);

    let seed = Seed::from_bytes([7; 32]);
    let state = State::new("canary-state-canary-state").unwrap();
    let (nonce, verifier) = (seed.nonce(), seed.code_verifier());
    let derived = [seed.to_base64url().expose().to_owned(), nonce.expose().to_owned(), verifier.expose().to_owned()];
    let derived: Vec<&str> = derived.iter().map(String::as_str).chain(["canary"]).collect();
    hides((&seed, &nonce, &verifier, &state), &derived);
    let ask = SignInOptions::new(redirect_uri(), START).seed(seed.clone()).state(state.clone());
    let expected = ask.expected().clone();
    hides(&ask, &derived);
    hides(PendingSignIn::resume(seed, state, expected), &derived);

    let mut tokens = ExposedTokens::new("canary", START);
    tokens.refresh_token = Some("canary".to_owned());
    hides(&tokens, &["canary"]);
    hides(tokens.conceal(), &["canary"]);
    hides(AuthorizationResponse::from_query("code=canary&state=canary&session_state=canary").unwrap(), &["canary"]);
}

#[tokio::test]
async fn z1_no_error_and_no_identity_repeats_a_secret() {
    let clock = ManualClock::at(START);
    let replies: Vec<Answer> = vec![
        Box::new(|nonce| Reply::json(&answer(&Forge::valid(START.unix(), nonce).token()))),
        Box::new(|nonce| {
            Reply::json(&answer(&Forge::valid(START.unix(), nonce).claim("nonce", json!("canary-nonce")).token()))
        }),
        Box::new(|nonce| {
            Reply::json(&answer(&Forge::valid(START.unix(), nonce).claim("exp", json!("canary-exp")).token()))
        }),
        Box::new(|nonce| Reply::json(&answer(&format!("{}x", Forge::valid(START.unix(), nonce).token())))),
        Box::new(|_| Reply::json(&answer("canary-id-token"))),
        Box::new(|_| Reply::status(200, r#"{"access_token":"canary-access","token_type":"Bearer""#)),
        Box::new(|_| Reply::status(200, r#"{"access_token":["canary-access"],"token_type":"Bearer"}"#)),
        Box::new(|_| Reply::status(400, r#"{"error":"invalid_client"}"#)),
        Box::new(|_| Reply::status(500, "canary-body")),
        Box::new(|_| Reply::Fail(entra_oidc::HttpErrorKind::Connect)),
    ];
    for reply in replies {
        let microsoft = Microsoft::of(TENANT);
        let client = client(&microsoft, &clock);
        let (_, pending) = client.begin(options(START)).await.unwrap();
        let (nonce, verifier) = (pending.nonce().expose().to_owned(), pending.code_verifier().expose().to_owned());
        microsoft.set(Endpoint::Token, reply(&nonce));
        let query = format!("code=canary-code&state={}", pending.state().as_str());
        let state = pending.state().as_str().to_owned();
        let outcome = client.complete(pending, AuthorizationResponse::from_query(&query).unwrap()).await;
        let secrets = ["canary", &nonce, &verifier, &state];
        match outcome {
            Ok((identity, tokens)) => hides((identity, tokens), &secrets),
            Err(error) => {
                hides(&error, &secrets);
                hides(error.to_string(), &secrets);
            }
        }
    }
}

fn answer(id_token: &str) -> serde_json::Value {
    json!({ "token_type": "Bearer", "access_token": "canary-access", "refresh_token": "canary-refresh", "expires_in": 1, "id_token": id_token })
}

#[tokio::test]
async fn z2_what_the_token_endpoint_repeats_is_not_repeated_here() {
    let clock = ManualClock::at(START);
    let long = format!("canary-long.{}", "a".repeat(2000));
    for (credential, secret) in [
        (Credential::secret("canary-secret"), "canary-secret"),
        (Credential::secret_basic("canary-secret"), "canary-secret"),
        (Credential::assertion(long.as_str()), &long),
    ] {
        let microsoft = Microsoft::of(TENANT);
        let client = EntraClient::builder(tenant(), Registration::new(guid(CLIENT), credential))
            .http_client(microsoft.clone())
            .clock(clock.clock())
            .build()
            .unwrap();
        for place in ["error_description", "error", "suberror", "trace_id", "claims"] {
            let (_, pending) = client.begin(options(START)).await.unwrap();
            let verifier = pending.code_verifier().expose().to_owned();
            let mut body = json!({ "error": "invalid_client", "error_codes": [7_000_215] });
            body[place] = json!(format!("no code canary-code, verifier {verifier} or secret {secret}"));
            microsoft.set(Endpoint::Token, Reply::status(401, &body.to_string()));
            let query = format!("code=canary-code&state={}", pending.state().as_str());
            let response = AuthorizationResponse::from_query(&query).unwrap();
            let error = client.complete(pending, response).await.unwrap_err();
            hides((&error, error.microsoft()), &["canary", &verifier]);
            assert_eq!(error.aadsts(), Some(7_000_215), "what helps stays");
        }
    }
}
