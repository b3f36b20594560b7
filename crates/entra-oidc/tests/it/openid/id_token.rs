//! ID tokens of a standard provider, one row for each fault. `jsonwebtoken` judges what we accept as well, and refuses
//! with us what it can see.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use entra_oidc::{
    AccountKind, Algorithm, AllowedTenants, IdTokenAnswer, IdTokenVerifier, KeySet, PendingSignIn,
    SignInErrorKind as Kind, Timestamp, VerifiedIdToken,
};
use jsonwebtoken::Validation;
use serde_json::{Value, json};

use super::{
    CLIENT, EVERY, ISSUER, accepted, attempt, authority, client_id, key_set,
    keys::{self, Keys},
    metadata,
};
use crate::{
    openid::keys::ours,
    signer::{OID, PERSONAL, TENANT, encoded},
};

struct Judge {
    now: Timestamp,
    pending: PendingSignIn,
    verifier: IdTokenVerifier,
}

impl Judge {
    fn of(algorithms: &[Algorithm]) -> Self {
        let authority = authority(algorithms);
        let metadata = accepted(&authority, &metadata());
        let (now, pending) = attempt();
        let skew = Duration::from_mins(5);
        let verifier =
            IdTokenVerifier::new(authority, Arc::clone(&metadata), client_id(), AllowedTenants::Pinned, skew);
        Self { now, pending, verifier }
    }

    fn claims(&self) -> Value {
        let now = self.now.unix();
        json!({ "iss": ISSUER, "sub": "adele", "aud": CLIENT, "iat": now, "exp": now + 3600,
            "nonce": self.pending.nonce().expose() })
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    fn verify(&self, token: &str) -> Result<VerifiedIdToken, Kind> {
        let keys = key_set(self.now);
        let answer = IdTokenAnswer::to_sign_in(&self.pending);
        self.verifier.verify(token, &keys, &answer, self.now).map_err(|error| error.kind())
    }

    fn verify_claims(&self, claims: &Value) -> Result<VerifiedIdToken, Kind> {
        self.verify(&signed(ours(), Algorithm::Rs256, "rsa", claims))
    }
}

fn signed(keys: &Keys, algorithm: Algorithm, kid: &str, claims: &Value) -> String {
    keys.sign(algorithm, &json!({ "alg": algorithm.as_str(), "typ": "JWT", "kid": kid }), claims)
}

fn oracle_accepts(token: &str, algorithm: Algorithm) -> bool {
    let mut validation = Validation::new(algorithm.as_str().parse().unwrap());
    validation.leeway = 300;
    validation.set_audience(&[CLIENT]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    jsonwebtoken::decode::<Value>(token, &ours().decoding(algorithm), &validation).is_ok()
}

#[test]
fn every_algorithm_of_the_list_with_every_key_for_it() {
    let judge = Judge::of(&EVERY);
    for (algorithm, kids) in
        [(Algorithm::Rs256, ["rsa", "rs"]), (Algorithm::Ps256, ["rsa", "ps"]), (Algorithm::Es256, ["ec", "es"])]
    {
        for kid in kids {
            let token = signed(ours(), algorithm, kid, &judge.claims());
            let verified = judge.verify(&token).unwrap_or_else(|kind| panic!("{algorithm} with {kid}: {kind:?}"));
            assert_eq!(verified.account().to_string(), format!("openid:{ISSUER}/adele"));
            assert!(oracle_accepts(&token, algorithm), "the oracle refuses {algorithm} with {kid}");
        }
    }
}

#[test]
fn t10_a_key_that_is_published_for_another_issuer_or_cloud_signs_nothing() {
    let judge = Judge::of(&EVERY);
    let token = signed(ours(), Algorithm::Rs256, "rsa", &judge.with("tid", json!(TENANT)));
    for (member, value, expected) in [
        ("issuer", ISSUER, Ok(())),
        ("issuer", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", Err(())),
        ("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0", Err(())),
        ("cloud_instance_name", "microsoftonline.us", Err(())),
    ] {
        let mut jwk = ours().rsa_jwk("rsa");
        jwk[member] = json!(value);
        let keys = KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes(), judge.now).unwrap();
        let answer = IdTokenAnswer::to_sign_in(&judge.pending);
        let outcome = judge.verifier.verify(&token, &keys, &answer, judge.now);
        let outcome = outcome.map(|_| ()).map_err(|error| error.kind());
        assert_eq!(outcome, expected.map_err(|()| Kind::IdTokenKeyIssuer), "T10: {member} {value}");
    }
}

#[test]
fn t2_the_list_and_the_key_decide_and_never_the_header() {
    let default = Judge::of(&[Algorithm::Rs256]);
    let elliptic = Judge::of(&[Algorithm::Es256]);
    let every = Judge::of(&EVERY);
    let (rs, ps, es) = (Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256);
    let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
    let token = |algorithm, alg: &str, kid: &str| ours().sign(algorithm, &header(alg, kid), &every.claims());
    for (name, judge, token, kind) in [
        ("PS256 where RS256 is asked", &default, token(ps, "PS256", "rsa"), Kind::IdTokenAlgorithm),
        ("ES256 where RS256 is asked", &default, token(es, "ES256", "ec"), Kind::IdTokenAlgorithm),
        ("RS256 where ES256 is asked", &elliptic, token(rs, "RS256", "rsa"), Kind::IdTokenAlgorithm),
        ("ES256 with an RSA key", &every, token(es, "ES256", "rsa"), Kind::IdTokenAlgorithm),
        ("RS256 with an EC key", &every, token(rs, "RS256", "ec"), Kind::IdTokenAlgorithm),
        ("PS256 with a key for RS256", &every, token(ps, "PS256", "rs"), Kind::IdTokenAlgorithm),
        ("RS256 with a key for PS256", &every, token(rs, "RS256", "ps"), Kind::IdTokenAlgorithm),
        ("PS256 signed as RS256", &every, token(rs, "PS256", "rsa"), Kind::IdTokenSignature),
        ("RS256 signed as PS256", &every, token(ps, "RS256", "rsa"), Kind::IdTokenSignature),
        ("ES256 of a stranger", &every, signed(keys::stranger(), es, "ec", &every.claims()), Kind::IdTokenSignature),
        ("PS256 of a stranger", &every, signed(keys::stranger(), ps, "rsa", &every.claims()), Kind::IdTokenSignature),
        ("another RS256", &every, token(rs, "RS384", "rsa"), Kind::IdTokenAlgorithm),
        ("another ES256", &every, token(es, "ES256K", "ec"), Kind::IdTokenAlgorithm),
        ("none", &every, token(rs, "none", "rsa"), Kind::IdTokenAlgorithm),
        ("an unknown key", &every, token(rs, "RS256", "nobody"), Kind::IdTokenKeyUnknown),
    ] {
        assert_eq!(judge.verify(&token).map(|_| ()), Err(kind), "T2: {name}");
    }
}

#[test]
fn t2_no_public_key_is_an_hmac_secret() {
    let judge = Judge::of(&EVERY);
    let jwk = ours().ec_jwk("ec");
    let text = |name: &str| jwk[name].as_str().unwrap().as_bytes().to_vec();
    let secrets =
        [text("x"), text("y"), jwk.to_string().into_bytes(), keys::published().to_string().into_bytes(), Vec::new()];
    for secret in secrets {
        for kid in ["rsa", "ec"] {
            let header = json!({ "alg": "HS256", "kid": kid });
            let signed = format!("{}.{}", encoded(header.to_string()), encoded(judge.claims().to_string()));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), signed.as_bytes());
            let token = format!("{signed}.{}", encoded(tag));
            assert_eq!(judge.verify(&token).map(|_| ()), Err(Kind::IdTokenAlgorithm), "T2: {kid}");
        }
    }
}

/// CVE-2022-21449 and its relatives: signatures that some libraries took for any message.
#[test]
fn t3_degenerate_ecdsa_signatures_are_refused() {
    let judge = Judge::of(&EVERY);
    let header = json!({ "alg": "ES256", "kid": "ec" });
    let signed = format!("{}.{}", encoded(header.to_string()), encoded(judge.claims().to_string()));
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
        0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    for (name, signature) in [
        ("zeros", vec![0; 64]),
        ("ones", vec![1; 64]),
        ("the order", [order, order].concat()),
        ("short", vec![1; 63]),
        ("long", vec![1; 65]),
        ("DER", vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
    ] {
        let token = format!("{signed}.{}", encoded(signature));
        assert_eq!(judge.verify(&token).map(|_| ()), Err(Kind::IdTokenSignature), "T3: {name}");
    }
}

#[test]
fn t7_the_audience_is_us_and_nobody_else() {
    let judge = Judge::of(&EVERY);
    let upper = CLIENT.to_uppercase();
    for (name, audience, ours) in [
        ("ours", json!(CLIENT), true),
        ("a list of ours", json!([CLIENT]), true),
        ("ours and another", json!([CLIENT, "other"]), false),
        ("another and ours", json!(["other", CLIENT]), false),
        ("ours twice", json!([CLIENT, CLIENT]), false),
        ("an empty list", json!([]), false),
        ("a list in a list", json!([[CLIENT]]), false),
        ("a number", json!(1), false),
        ("null", json!(null), false),
        ("an object", json!({ CLIENT: true }), false),
        ("part of ours", json!(&CLIENT[..5]), false),
        ("more than ours", json!(format!("{CLIENT}/")), false),
        ("ours in another case", json!(upper), false),
        ("empty", json!(""), false),
    ] {
        let outcome = judge.verify_claims(&judge.with("aud", audience)).map(|_| ());
        assert_eq!(outcome, if ours { Ok(()) } else { Err(Kind::IdTokenAudience) }, "T7: {name}");
    }
    for (party, ours) in
        [(json!(CLIENT), true), (json!("other"), false), (json!([CLIENT]), false), (json!(null), false)]
    {
        let outcome = judge.verify_claims(&judge.with("azp", party.clone())).map(|_| ());
        assert_eq!(outcome, if ours { Ok(()) } else { Err(Kind::IdTokenAudience) }, "T7: azp {party}");
    }
    let mut claims = judge.claims();
    claims.as_object_mut().unwrap().remove("aud");
    assert_eq!(judge.verify_claims(&claims).map(|_| ()), Err(Kind::IdTokenAudience), "T7: missing");
}

#[test]
fn t8_the_issuer_is_exact() {
    let judge = Judge::of(&EVERY);
    for issuer in [
        json!(format!("{ISSUER}/")),
        json!("https://idp.example"),
        json!("https://idp.example/realms/two"),
        json!("https://IDP.example/realms/one"),
        json!(format!("https://login.microsoftonline.com/{TENANT}/v2.0")),
        json!(""),
        json!(null),
        json!([ISSUER]),
        json!(1),
    ] {
        let outcome = judge.verify_claims(&judge.with("iss", issuer.clone())).map(|_| ());
        assert_eq!(outcome, Err(Kind::IdTokenIssuer), "T8: {issuer}");
    }
}

#[test]
fn i12_what_a_provider_says_of_tenants_makes_nobody_else() {
    let judge = Judge::of(&EVERY);
    let mut claims = judge.claims();
    for (name, value) in [
        ("tid", json!(TENANT)),
        ("oid", json!(OID)),
        ("idp", json!("local")),
        ("acct", json!(1)),
        ("xms_edov", json!(true)),
        ("tfp", json!("B2C_1_susi")),
        ("acr", json!("1")),
        ("upn", json!("adele@contoso.example")),
        ("TID", json!(PERSONAL)),
    ] {
        claims[name] = value;
    }
    let verified = judge.verify_claims(&claims).unwrap();
    let account = verified.account();
    assert_eq!((account.kind(), account.tenant(), account.subject()), (AccountKind::OpenId, ISSUER, "adele"), "I12");
    assert_eq!((verified.claims().tenant_id(), verified.claims().object_id()), (None, None), "I12");
    assert!(!verified.claims().xms_edov(), "I12: it is Microsoft's word");
}

/// AD FS writes `scp` into ID tokens and `unique_name` as a list; others write groups as objects.
#[test]
fn claims_that_are_the_provider_s_own_have_any_type() {
    let judge = Judge::of(&EVERY);
    for (name, value) in [
        ("scp", json!("openid")),
        ("unique_name", json!(["Adele", "CONTOSO\\adele"])),
        ("groups", json!([{ "id": 1 }])),
        ("roles", json!({ "app": ["x"] })),
        ("ver", json!(1.0)),
        ("upn", json!(["a"])),
        ("idp", json!(1)),
    ] {
        let verified = judge.verify_claims(&judge.with(name, value.clone())).map(|_| ());
        assert_eq!(verified, Ok(()), "{name}: {value}");
    }
    for name in ["name", "preferred_username", "email", "sid", "given_name", "family_name", "sub", "nonce"] {
        let outcome = judge.verify_claims(&judge.with(name, json!(1)));
        assert!(matches!(outcome, Err(Kind::IdTokenClaims | Kind::IdTokenNonce)), "{name}");
    }
}

#[test]
fn t11_t15_t24_the_rest_is_as_strict_as_ever() {
    let judge = Judge::of(&EVERY);
    let now = judge.now.unix();
    let without = |name: &str| {
        let mut claims = judge.claims();
        claims.as_object_mut().unwrap().remove(name).unwrap();
        claims
    };
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    for (name, claims, kind) in [
        ("T11: a logout token's event", judge.with("events", event), Kind::IdTokenClaims),
        ("T15: another nonce", judge.with("nonce", json!("x")), Kind::IdTokenNonce),
        ("T15: no nonce", without("nonce"), Kind::IdTokenNonce),
        ("T24: expired", judge.with("exp", json!(now - 300)), Kind::IdTokenTime),
        ("T24: from the future", judge.with("iat", json!(now + 301)), Kind::IdTokenTime),
        ("T24: not yet", judge.with("nbf", json!(now + 301)), Kind::IdTokenTime),
        ("T5: exp as text", judge.with("exp", json!("9999999999")), Kind::IdTokenClaims),
        ("T5: no iat", without("iat"), Kind::IdTokenClaims),
        ("T5: no exp", without("exp"), Kind::IdTokenClaims),
        ("no sub", without("sub"), Kind::IdTokenClaims),
        ("an empty sub", judge.with("sub", json!("")), Kind::IdTokenClaims),
        ("a long sub", judge.with("sub", json!("s".repeat(256))), Kind::IdTokenClaims),
    ] {
        assert_eq!(judge.verify_claims(&claims).map(|_| ()), Err(kind), "{name}");
    }
    let typed = |typ: &str| {
        ours().sign(Algorithm::Rs256, &json!({ "alg": "RS256", "kid": "rsa", "typ": typ }), &judge.claims())
    };
    for typ in ["logout+jwt", "at+jwt", "application/jwt"] {
        assert_eq!(judge.verify(&typed(typ)).map(|_| ()), Err(Kind::IdTokenMalformed), "T11: {typ}");
    }
}

#[test]
fn t16_a_hash_that_is_there_must_fit_with_every_algorithm() {
    let judge = Judge::of(&EVERY);
    let hash = &aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"the access token").as_ref()[..16].to_vec();
    for (algorithm, kid) in [(Algorithm::Rs256, "rsa"), (Algorithm::Ps256, "ps"), (Algorithm::Es256, "ec")] {
        for (value, outcome) in [(encoded(hash), Ok(())), ("AAAA".to_owned(), Err(Kind::IdTokenHash))] {
            let token = signed(ours(), algorithm, kid, &judge.with("at_hash", json!(value)));
            let answer = IdTokenAnswer::to_sign_in(&judge.pending).with_access_token("the access token");
            let verified = judge.verifier.verify(&token, &key_set(judge.now), &answer, judge.now);
            assert_eq!(verified.map(|_| ()).map_err(|error| error.kind()), outcome, "T16: {algorithm}");
        }
    }
}
