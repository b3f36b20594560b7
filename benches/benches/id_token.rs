//! A whole ID token against the one RSA operation in it.

use std::{hint::black_box, sync::Arc, time::Duration};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use criterion::Criterion;
use entra_benches::{ratio, signer::Signer};
use entra_oidc::{
    AllowedTenants, Authority, Cloud, Expected, Guid, IdTokenAnswer, IdTokenVerifier, KeySet, PendingSignIn, Seed,
    State, Tenant, Timestamp,
};
use serde_json::json;

const TENANT: &str = "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f";
const CLIENT: &str = "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a";
const NOW: i64 = 1_795_262_400;

fn main() {
    let mut criterion = ratio::criterion(Duration::from_secs(10));
    id_token(&mut criterion);
    criterion.final_summary();
    if !std::env::args().any(|argument| argument == "--test") {
        ratio::assert_at_most("id_token", "whole_validation", "rsa_verification", 1.3);
    }
}

fn id_token(criterion: &mut Criterion) {
    let signer = Signer::new();
    let tenant = Guid::parse(TENANT).expect("a GUID");
    let authority = Authority::entra(Cloud::Public, Tenant::Id(tenant));
    let metadata = Arc::new(authority.accept_metadata(&document()).expect("metadata"));
    let now = Timestamp::from_unix(NOW);
    let keys = KeySet::parse(&signer.key_list("https://login.microsoftonline.com/{tenantid}/v2.0"), now).expect("keys");
    let pending = PendingSignIn::resume(
        Seed::random(),
        State::random(),
        Expected::new(
            "https://app.example/microsoft_sso/callback/".parse().expect("a URL"),
            now.plus(Duration::from_mins(10)),
        ),
    );
    let token = signer.sign(&claims(pending.nonce().expose()));
    let client = Guid::parse(CLIENT).expect("a GUID").into();
    let verifier = IdTokenVerifier::new(authority, metadata, client, AllowedTenants::Pinned, Duration::from_mins(5));

    let answer = IdTokenAnswer::to_sign_in(&pending);
    let (input, signature) = token.rsplit_once('.').expect("three parts");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, signer.public_key()).expect("a key");

    let mut group = criterion.benchmark_group("id_token");
    group.bench_function("rsa_verification", |bencher| {
        bencher.iter(|| key.verify_sig(black_box(input.as_bytes()), black_box(&signature)).expect("verified"));
    });
    group.bench_function("whole_validation", |bencher| {
        bencher.iter(|| verifier.verify(black_box(&token), &keys, &answer, now).expect("verified"));
    });
    group.finish();
}

fn document() -> Vec<u8> {
    let endpoint = |path: &str| format!("https://login.microsoftonline.com/{TENANT}/{path}");
    json!({
        "issuer": endpoint("v2.0"),
        "authorization_endpoint": endpoint("oauth2/v2.0/authorize"),
        "token_endpoint": endpoint("oauth2/v2.0/token"),
        "jwks_uri": endpoint("discovery/v2.0/keys"),
        "cloud_instance_name": "microsoftonline.com",
    })
    .to_string()
    .into_bytes()
}

/// As many claims as a v2 token of a work account has.
fn claims(nonce: &str) -> serde_json::Value {
    json!({
        "aud": CLIENT, "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        "iat": NOW - 300, "nbf": NOW - 300, "exp": NOW + 3600,
        "aio": "AWQAm/8TAAAA", "email": "adele@contoso.example", "name": "Adele Vance", "nonce": nonce,
        "oid": "1a2b3c4d-0001-4000-8000-00000000ade1", "preferred_username": "adele@contoso.example",
        "rh": "0.AAAA", "roles": ["Editor"], "sid": "9f0c1d2e-0000-4000-8000-000000000001",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": TENANT, "uti": "fqiBqXLPj0eQa82S", "ver": "2.0",
    })
}
