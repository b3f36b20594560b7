//! A whole ID token of each kind of authority against the one RSA operation in it.

use std::{hint::black_box, sync::Arc, time::Duration};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use criterion::Criterion;
use entra_benches::{ratio, signer::Signer};
use entra_oidc::{
    AllowedTenants, Authority, Cloud, Expected, Guid, IdTokenAnswer, IdTokenVerifier, KeySet, PendingSignIn, Policy,
    Seed, State, Tenant, Timestamp,
};
use serde_json::{Value, json};

const TENANT: &str = "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f";
const CLIENT: &str = "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a";
const NOW: i64 = 1_795_262_400;

fn main() {
    let mut criterion = ratio::criterion(Duration::from_secs(10));
    let kinds = kinds();
    id_token(&mut criterion, &kinds);
    criterion.final_summary();
    if !std::env::args().any(|argument| argument == "--test") {
        for kind in &kinds {
            ratio::assert_at_most("id_token", kind.name, "rsa_verification", 1.3);
        }
    }
}

/// One kind of authority, what it publishes, and what its tokens say beside what all say.
struct Kind {
    name: &'static str,
    authority: Authority,
    issuer: String,
    /// Where its endpoints are.
    base: String,
    claims: Value,
}

fn kinds() -> [Kind; 4] {
    let tenant = || Tenant::Id(Guid::parse(TENANT).expect("a GUID"));
    let login = format!("https://login.microsoftonline.com/{TENANT}");
    let person = json!({ "oid": "1a2b3c4d-0001-4000-8000-00000000ade1", "tid": TENANT });
    let with = |ver: &str| {
        let mut claims = person.clone();
        claims["ver"] = json!(ver);
        claims
    };
    [
        Kind {
            name: "v2",
            authority: Authority::entra(Cloud::Public, tenant()),
            issuer: format!("{login}/v2.0"),
            base: login.clone(),
            claims: with("2.0"),
        },
        Kind {
            name: "v1",
            authority: Authority::entra_v1(Cloud::Public, tenant(), None).expect("an authority"),
            issuer: format!("https://sts.windows.net/{TENANT}/"),
            base: login,
            claims: with("1.0"),
        },
        Kind {
            name: "external_id",
            authority: Authority::external_id("contosocustomers", Some(tenant())).expect("an authority"),
            issuer: format!("https://{TENANT}.ciamlogin.com/{TENANT}/v2.0"),
            base: format!("https://contosocustomers.ciamlogin.com/{TENANT}"),
            claims: with("2.0"),
        },
        Kind {
            name: "b2c",
            authority: Authority::b2c("contosob2c", &Policy::parse("B2C_1_susi").expect("a policy"), None)
                .expect("an authority"),
            issuer: format!("https://contosob2c.b2clogin.com/{TENANT}/v2.0/"),
            base: "https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/b2c_1_susi".to_owned(),
            claims: json!({ "ver": "1.0", "tfp": "B2C_1_susi", "emails": ["robin@mail.example"], "auth_time": NOW }),
        },
    ]
}

fn id_token(criterion: &mut Criterion, kinds: &[Kind]) {
    let signer = Signer::new();
    let now = Timestamp::from_unix(NOW);
    let callback = "https://app.example/microsoft_sso/callback/".parse().expect("a URL");
    let expected = Expected::new(callback, now.plus(Duration::from_mins(10)));
    let pending = PendingSignIn::resume(Seed::random(), State::random(), expected);
    let answer = IdTokenAnswer::to_sign_in(&pending);

    let mut group = criterion.benchmark_group("id_token");
    for (position, kind) in kinds.iter().enumerate() {
        let token = signer.sign(&claims(kind, pending.nonce().expose()));
        if position == 0 {
            let (input, signature) = token.rsplit_once('.').expect("three parts");
            let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
            let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, signer.public_key()).expect("a key");
            group.bench_function("rsa_verification", |bencher| {
                bencher.iter(|| key.verify_sig(black_box(input.as_bytes()), black_box(&signature)).expect("verified"));
            });
        }
        let metadata = Arc::new(kind.authority.accept_metadata(&document(kind)).expect("metadata"));
        let keys = KeySet::parse(&signer.key_list(&kind.issuer), now).expect("keys");
        let client = Guid::parse(CLIENT).expect("a GUID").into();
        let authority = kind.authority.clone();
        let verifier =
            IdTokenVerifier::new(authority, metadata, client, AllowedTenants::Pinned, Duration::from_mins(5));
        group.bench_function(kind.name, |bencher| {
            bencher.iter(|| verifier.verify(black_box(&token), &keys, &answer, now).expect("verified"));
        });
    }
    group.finish();
}

fn document(kind: &Kind) -> Vec<u8> {
    let endpoint = |path: &str| format!("{}/{path}", kind.base);
    json!({
        "issuer": kind.issuer,
        "authorization_endpoint": endpoint("oauth2/v2.0/authorize"),
        "token_endpoint": endpoint("oauth2/v2.0/token"),
        "jwks_uri": endpoint("discovery/v2.0/keys"),
        "cloud_instance_name": "microsoftonline.com",
    })
    .to_string()
    .into_bytes()
}

/// As many claims as the token of a work account has.
fn claims(kind: &Kind, nonce: &str) -> Value {
    let mut claims = json!({
        "aud": CLIENT, "iss": kind.issuer, "iat": NOW - 300, "nbf": NOW - 300, "exp": NOW + 3600,
        "aio": "AWQAm/8TAAAA", "email": "adele@contoso.example", "name": "Adele Vance", "nonce": nonce,
        "preferred_username": "adele@contoso.example", "rh": "0.AAAA", "roles": ["Editor"],
        "sid": "9f0c1d2e-0000-4000-8000-000000000001", "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "uti": "fqiBqXLPj0eQa82S",
    });
    for (name, value) in kind.claims.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    claims
}
