//! The T cases, as far as they belong to the code flow, one row each. `jsonwebtoken` judges every token as well: what we
//! accept it accepts, and what it can see (form, algorithm, signature, times, audience, issuer) it refuses with us.
//!
//! T12: nothing signs anybody in from an access token; there is no such function, and T11 shows that one does not pass
//! as an ID token. T17: `UserInfo` is never asked. T21: beside the key list, in `jose/key_set/tests.rs`. T22: claims
//! can only be reached through `VerifiedIdToken`.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_oidc::{
    AllowedTenants, Authority, Clock, Cloud, Expected, IdTokenAnswer, IdTokenVerifier, KeySet, PendingSignIn, Seed,
    SignInErrorKind as Kind, State, Tenant, TokenOwner, VerifiedIdToken,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::{
    microsoft::{guid, metadata, redirect_uri},
    signer::{CLIENT, Forge, OID, OTHER_TENANT, PERSONAL, Signer, TENANT, encoded, issuer, key_list},
};

/// What `jsonwebtoken` has to say to a forged token.
#[derive(Copy, Clone, PartialEq)]
enum Oracle {
    Refuses,
    /// The rule is Microsoft's or OpenID Connect's, and a JWT library does not know it.
    Blind,
}
use Oracle::{Blind, Refuses};

/// What is changed in a valid token.
type Change<'a> = &'a dyn Fn(Forge) -> Forge;

struct Judge {
    now: i64,
    keys: KeySet,
    pending: PendingSignIn,
    verifier: IdTokenVerifier,
}

impl Judge {
    fn new(authority: Authority, segment: &str, allowed: AllowedTenants) -> Self {
        let now = Clock::system().now();
        let metadata = authority.accept_metadata(metadata(segment).to_string().as_bytes()).unwrap();
        let expected = Expected::new(redirect_uri(), now.plus(Duration::from_mins(10)));
        Self {
            now: now.unix(),
            keys: KeySet::parse(key_list().to_string().as_bytes(), now).unwrap(),
            pending: PendingSignIn::resume(Seed::from_bytes([7; 32]), State::random(), expected),
            verifier: IdTokenVerifier::new(
                authority,
                Arc::new(metadata),
                guid(CLIENT).into(),
                allowed,
                Duration::from_mins(5),
            ),
        }
    }

    fn of_tenant() -> Self {
        Self::new(crate::microsoft::tenant(), TENANT, AllowedTenants::Pinned)
    }

    fn valid(&self) -> Forge {
        Forge::valid(self.now, self.pending.nonce().expose())
    }

    fn verify(&self, token: &str) -> Result<VerifiedIdToken, Kind> {
        self.verify_answer(token, &IdTokenAnswer::to_sign_in(&self.pending))
    }

    fn verify_answer(&self, token: &str, answer: &IdTokenAnswer<'_>) -> Result<VerifiedIdToken, Kind> {
        let now = entra_oidc::Timestamp::from_unix(self.now);
        self.verifier.verify(token, &self.keys, answer, now).map_err(|error| {
            let text = error.to_string();
            assert!(text.len() < 700 && !text.contains(['\r', '\n']), "{text}");
            error.kind()
        })
    }
}

fn oracle_accepts(token: &str, issuer: &str) -> bool {
    let key = DecodingKey::from_rsa_raw_components(&Signer::published().modulus(), &Signer::published().exponent());
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 300;
    validation.validate_nbf = true;
    validation.set_audience(&[CLIENT]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
}

fn refuse_all(judge: &Judge, rows: Vec<(&str, String, Kind, Oracle)>) {
    assert!(judge.verify(&judge.valid().token()).is_ok(), "the judge itself is wrong");
    for (name, token, kind, oracle) in rows {
        assert_eq!(judge.verify(&token).map(|_| ()), Err(kind), "{name}");
        if oracle == Refuses {
            assert!(!oracle_accepts(&token, &issuer(TENANT)), "the oracle accepts {name}");
        }
    }
}

#[test]
fn what_microsoft_issues_is_accepted_by_both() {
    let judge = Judge::of_tenant();
    let valid = || judge.valid();
    let now = judge.now;
    for (name, forge) in [
        ("as it is", valid()),
        ("typ absent", valid().without_header("typ")),
        ("x5t and rh in the header", valid().header("x5t", json!("work")).header("rh", json!("0.A"))),
        ("a key without an issuer", valid().header("kid", json!("plain"))),
        ("T24: exp + 299 s", valid().claim("exp", json!(now - 299))),
        ("T24: nbf - 300 s", valid().claim("nbf", json!(now + 300))),
        ("T24: iat - 300 s", valid().claim("iat", json!(now + 300))),
        ("T24: iat a day ago", valid().claim("iat", json!(now - 86_700))),
        ("T6: exp after 2038", valid().claim("exp", json!(4_102_444_800_i64))),
        ("T3: jwk of a stranger is not looked at", valid().header("jwk", Signer::stranger().jwk("work"))),
        ("T3: jku is not looked at", valid().header("jku", json!("https://evil.test/keys"))),
        ("T14: claims in the header are not looked at", valid().header("sub", json!("evil")).header("aud", json!("x"))),
        ("T7: azp is ours", valid().claim("azp", json!(CLIENT))),
        ("sub of 255 characters", valid().claim("sub", json!("s".repeat(255)))),
    ] {
        let token = forge.token();
        let verified = judge.verify(&token).unwrap_or_else(|kind| panic!("{name}: {kind:?}"));
        assert_eq!(verified.account().to_string(), format!("entra:{TENANT}/{OID}"), "{name}");
        assert!(oracle_accepts(&token, &issuer(TENANT)), "the oracle refuses {name}");
    }
    // The oracle compares letters, we compare GUIDs.
    assert!(judge.verify(&valid().claim("aud", json!(CLIENT.to_uppercase())).token()).is_ok());
    assert!(judge.verify(&valid().without("nbf").token()).is_ok());
}

#[test]
fn t1_t2_t4_t18_algorithms_and_headers() {
    let judge = Judge::of_tenant();
    let valid = || judge.valid();
    let unsigned = |alg: &str| {
        let header = json!({ "typ": "JWT", "alg": alg, "kid": "work" });
        format!("{}.{}.", encoded(header.to_string()), encoded(valid().payload()))
    };
    let alg = |alg: Value| valid().header("alg", alg).token();
    let head = |name: &str, value: Value| valid().header(name, value).token();
    refuse_all(
        &judge,
        vec![
            ("T1: alg none", unsigned("none"), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg NoNe", unsigned("NoNe"), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg NONE", unsigned("NONE"), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg empty", unsigned(""), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg none with a good signature", alg(json!("none")), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg missing", valid().without_header("alg").token(), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg null", alg(Value::Null), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg array", alg(json!(["RS256"])), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg rs256", alg(json!("rs256")), Kind::IdTokenAlgorithm, Refuses),
            ("T1: alg RS256 and a blank", alg(json!("RS256 ")), Kind::IdTokenAlgorithm, Refuses),
            ("T1: signature empty", unsigned("RS256"), Kind::IdTokenMalformed, Refuses),
            ("T2: RS384", alg(json!("RS384")), Kind::IdTokenAlgorithm, Refuses),
            ("T2: RS512", alg(json!("RS512")), Kind::IdTokenAlgorithm, Refuses),
            ("T2: PS256", alg(json!("PS256")), Kind::IdTokenAlgorithm, Refuses),
            ("T2: ES256", alg(json!("ES256")), Kind::IdTokenAlgorithm, Refuses),
            ("T2: EdDSA", alg(json!("EdDSA")), Kind::IdTokenAlgorithm, Refuses),
            ("T4: crit exp", head("crit", json!(["exp"])), Kind::IdTokenMalformed, Blind),
            ("T4: crit unknown", head("crit", json!(["evil"])), Kind::IdTokenMalformed, Blind),
            ("T4: crit empty", head("crit", json!([])), Kind::IdTokenMalformed, Blind),
            (
                "T4: crit b64",
                valid().header("b64", json!(false)).header("crit", json!(["b64"])).token(),
                Kind::IdTokenMalformed,
                Blind,
            ),
            ("T11: typ at+jwt", head("typ", json!("at+jwt")), Kind::IdTokenMalformed, Blind),
            ("T11: typ logout+jwt", head("typ", json!("logout+jwt")), Kind::IdTokenMalformed, Blind),
            ("T11: typ of another type", head("typ", json!(["JWT"])), Kind::IdTokenMalformed, Refuses),
            (
                "T11: nonce in the header, as Graph's access tokens",
                head("nonce", json!("x")),
                Kind::IdTokenMalformed,
                Blind,
            ),
            ("T18: zip", head("zip", json!("DEF")), Kind::IdTokenMalformed, Blind),
            ("T18: enc", head("enc", json!("A256GCM")), Kind::IdTokenMalformed, Blind),
            (
                "T18: PBES2",
                valid().header("alg", json!("PBES2-HS256+A128KW")).header("p2c", json!(2_147_483_647)).token(),
                Kind::IdTokenAlgorithm,
                Refuses,
            ),
            ("T18: a JWE of five parts", "e30.e30.e30.e30.e30".to_owned(), Kind::IdTokenMalformed, Refuses),
            ("T3: kid missing", valid().without_header("kid").token(), Kind::IdTokenMalformed, Blind),
            ("T3: kid empty", head("kid", json!("")), Kind::IdTokenMalformed, Blind),
            ("T3: kid of another type", head("kid", json!(1)), Kind::IdTokenMalformed, Refuses),
            ("T3: kid long", head("kid", json!("k".repeat(257))), Kind::IdTokenMalformed, Blind),
            ("T3: kid is a URL", head("kid", json!("https://evil.test/keys")), Kind::IdTokenKeyUnknown, Blind),
            ("T3: kid is a path", head("kid", json!("../../dev/null")), Kind::IdTokenKeyUnknown, Blind),
            ("T3: kid is a query", head("kid", json!("' OR 1=1 --")), Kind::IdTokenKeyUnknown, Blind),
            (
                "T13: alg twice",
                valid().with_header(r#"{"alg":"none","alg":"RS256","kid":"work"}"#),
                Kind::IdTokenMalformed,
                Refuses,
            ),
            (
                "T13: kid twice",
                valid().with_header(r#"{"alg":"RS256","kid":"plain","kid":"work"}"#),
                Kind::IdTokenMalformed,
                Refuses,
            ),
        ],
    );
}

#[test]
fn t2_the_public_key_is_no_hmac_secret() {
    let judge = Judge::of_tenant();
    let key = Signer::published();
    let pem = |label: &str, newline: &str| {
        format!("-----BEGIN {label}-----{newline}{}{newline}-----END {label}-----{newline}", STANDARD.encode(key.der()))
    };
    let secrets: Vec<Vec<u8>> = vec![
        key.modulus(),
        [vec![0], key.modulus()].concat(),
        encoded(key.modulus()).into_bytes(),
        STANDARD.encode(key.modulus()).into_bytes(),
        key.der(),
        STANDARD.encode(key.der()).into_bytes(),
        pem("RSA PUBLIC KEY", "\n").into_bytes(),
        pem("RSA PUBLIC KEY", "\r\n").into_bytes(),
        pem("PUBLIC KEY", "\n").into_bytes(),
        pem("PUBLIC KEY", "").into_bytes(),
        key.jwk("work").to_string().into_bytes(),
        key_list().to_string().into_bytes(),
        b"work".to_vec(),
        Vec::new(),
    ];
    for (name, algorithm) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
    {
        for secret in &secrets {
            let header = json!({ "typ": "JWT", "alg": name, "kid": "work" });
            let signed = format!("{}.{}", encoded(header.to_string()), encoded(judge.valid().payload()));
            let tag = hmac::sign(&hmac::Key::new(algorithm, secret), signed.as_bytes());
            let token = format!("{signed}.{}", encoded(tag));
            assert_eq!(judge.verify(&token).map(|_| ()), Err(Kind::IdTokenAlgorithm), "T2: {name}");
            assert!(!oracle_accepts(&token, &issuer(TENANT)), "T2: {name}");

            let relabelled =
                token.replacen(&encoded(header.to_string()), &encoded(r#"{"alg":"RS256","kid":"work"}"#), 1);
            assert_eq!(judge.verify(&relabelled).map(|_| ()), Err(Kind::IdTokenSignature), "T2: {name} relabelled");
        }
    }
}

#[test]
fn t3_t20_signatures_and_encoding() {
    let judge = Judge::of_tenant();
    let valid = || judge.valid();
    let stranger = || valid().signed_by(Signer::stranger());
    let token = valid().token();
    let [header, payload, signature] = parts(&token);
    let other_payload = encoded(valid().claim("oid", json!(OTHER_TENANT)).payload());
    let last = |text: &str, letter: char| format!("{}{letter}", &text[..text.len() - 1]);
    let spoiled = |text: &str| last(text, if text.ends_with('A') { 'Q' } else { 'A' });
    refuse_all(
        &judge,
        vec![
            ("T3: a stranger's signature", stranger().token(), Kind::IdTokenSignature, Refuses),
            (
                "T3: a stranger's jwk",
                stranger().header("jwk", Signer::stranger().jwk("work")).token(),
                Kind::IdTokenSignature,
                Refuses,
            ),
            (
                "T3: a stranger's jku",
                stranger().header("jku", json!("https://evil.test/keys")).token(),
                Kind::IdTokenSignature,
                Refuses,
            ),
            (
                "T3: a stranger's x5u",
                stranger().header("x5u", json!("https://evil.test/cert")).token(),
                Kind::IdTokenSignature,
                Refuses,
            ),
            (
                "T3: a stranger's x5c",
                stranger().header("x5c", json!(["MIIB"])).token(),
                Kind::IdTokenSignature,
                Refuses,
            ),
            ("T3: another payload", format!("{header}.{other_payload}.{signature}"), Kind::IdTokenSignature, Refuses),
            (
                "T3: a bit of the signature",
                format!("{header}.{payload}.{}", spoiled_middle(&signature)),
                Kind::IdTokenSignature,
                Refuses,
            ),
            (
                "T3: half a signature",
                format!("{header}.{payload}.{}", &signature[..168]),
                Kind::IdTokenSignature,
                Refuses,
            ),
            ("T20: padding in the header", format!("{header}=.{payload}.{signature}"), Kind::IdTokenMalformed, Refuses),
            ("T20: padding after the signature", format!("{token}=="), Kind::IdTokenMalformed, Refuses),
            ("T20: a line break at the end", format!("{token}\n"), Kind::IdTokenMalformed, Refuses),
            ("T20: a blank before", format!(" {token}"), Kind::IdTokenMalformed, Refuses),
            (
                "T20: a line break inside",
                format!("{header}.{}\n{}.{signature}", &payload[..8], &payload[8..]),
                Kind::IdTokenSignature,
                Refuses,
            ),
            (
                "T20: trailing bits",
                format!("{header}.{payload}.{}", trailing_bits(&signature)),
                Kind::IdTokenMalformed,
                Refuses,
            ),
            ("T20: a plus", format!("{header}.{payload}.+{}", &signature[1..]), Kind::IdTokenMalformed, Refuses),
            (
                "T20: the last letter of the payload",
                format!("{header}.{}.{signature}", spoiled(&payload)),
                Kind::IdTokenSignature,
                Refuses,
            ),
            ("T19: no dots", "abc".to_owned(), Kind::IdTokenMalformed, Refuses),
            ("T19: nothing", String::new(), Kind::IdTokenMalformed, Refuses),
            ("T19: dots only", "..".to_owned(), Kind::IdTokenMalformed, Refuses),
            ("T19: one part too few", format!("{header}.{payload}"), Kind::IdTokenMalformed, Refuses),
            ("T19: one part too many", format!("{token}.e30"), Kind::IdTokenMalformed, Refuses),
            ("T19: a million dots", ".".repeat(1_000_000), Kind::IdTokenMalformed, Refuses),
            (
                "T19: over 16 KiB",
                valid().claim("pad", json!("x".repeat(16 * 1024))).token(),
                Kind::IdTokenMalformed,
                Blind,
            ),
            ("T20: not ASCII", format!("é{token}"), Kind::IdTokenMalformed, Refuses),
        ],
    );
    assert!(judge.verify(&valid().claim("pad", json!("x".repeat(10 * 1024))).token()).is_ok());
}

#[test]
fn t5_t6_t24_times() {
    let judge = Judge::of_tenant();
    let now = judge.now;
    let mut rows: Vec<(String, String, Kind, Oracle)> = Vec::new();
    for (name, value) in [
        ("as string", json!("9999999999")),
        ("null", Value::Null),
        ("true", json!(true)),
        ("array", json!([now + 3600])),
        ("object", json!({})),
        ("1e300", json!(1e300)),
        ("a fraction", json!(9_999_999_999.5)),
        ("negative", json!(-1)),
        ("2^63", json!(9_223_372_036_854_775_808_u64)),
        ("2^64-1", json!(u64::MAX)),
        ("after 9999", json!(253_402_300_800_i64)),
    ] {
        for claim in ["exp", "nbf", "iat", "auth_time"] {
            let token = judge.valid().claim(claim, value.clone()).token();
            rows.push((format!("T5, T6: {claim} {name}"), token, Kind::IdTokenClaims, Blind));
        }
    }
    let claim = |name: &str, value: i64| judge.valid().claim(name, json!(value)).token();
    let add =
        |rows: &mut Vec<_>, name: &str, token: String, kind, oracle| rows.push((name.to_owned(), token, kind, oracle));
    add(&mut rows, "T5: exp missing", judge.valid().without("exp").token(), Kind::IdTokenClaims, Refuses);
    add(&mut rows, "T5: iat missing", judge.valid().without("iat").token(), Kind::IdTokenClaims, Blind);
    add(&mut rows, "T24: exp + 300 s", claim("exp", now - 300), Kind::IdTokenTime, Blind);
    add(&mut rows, "T24: exp + 301 s", claim("exp", now - 301), Kind::IdTokenTime, Refuses);
    add(&mut rows, "T24: exp 0", claim("exp", 0), Kind::IdTokenTime, Refuses);
    add(&mut rows, "T24: nbf - 301 s", claim("nbf", now + 301), Kind::IdTokenTime, Blind);
    add(&mut rows, "T24: nbf - 400 s", claim("nbf", now + 400), Kind::IdTokenTime, Refuses);
    add(&mut rows, "T24: iat - 301 s", claim("iat", now + 301), Kind::IdTokenTime, Blind);
    add(&mut rows, "T24: iat in 9999", claim("iat", 253_402_300_799), Kind::IdTokenTime, Blind);
    let rows = rows.iter().map(|(name, token, kind, oracle)| (name.as_str(), token.clone(), *kind, *oracle)).collect();
    refuse_all(&judge, rows);
}

#[test]
fn t7_audience() {
    let judge = Judge::of_tenant();
    let aud = |value: Value| judge.valid().claim("aud", value).token();
    let other = Kind::IdTokenAudience;
    refuse_all(
        &judge,
        vec![
            ("T7: missing", judge.valid().without("aud").token(), other, Refuses),
            ("T7: ours and a foreign one", aud(json!([CLIENT, OTHER_TENANT])), other, Blind),
            ("T7: ours in an array", aud(json!([CLIENT])), other, Blind),
            ("T7: an empty array", aud(json!([])), other, Refuses),
            ("T7: foreign", aud(json!(OTHER_TENANT)), other, Refuses),
            ("T7: a prefix", aud(json!(&CLIENT[..35])), other, Refuses),
            ("T7: more than ours", aud(json!(format!("{CLIENT}0"))), other, Refuses),
            ("T7: a blank after", aud(json!(format!("{CLIENT} "))), other, Refuses),
            ("T7: a URI", aud(json!(format!("api://{CLIENT}"))), other, Refuses),
            ("T7: without hyphens", aud(json!(CLIENT.replace('-', ""))), other, Refuses),
            ("T7: in braces", aud(json!(format!("{{{CLIENT}}}"))), other, Refuses),
            ("T7: urn", aud(json!(format!("urn:uuid:{CLIENT}"))), other, Refuses),
            ("T7: empty", aud(json!("")), other, Refuses),
            ("T7: a number", aud(json!(1)), other, Refuses),
            ("T7: null", aud(Value::Null), other, Refuses),
            ("T7: an object", aud(json!({ "aud": CLIENT })), other, Refuses),
            ("T7: a foreign azp", judge.valid().claim("azp", json!(OTHER_TENANT)).token(), other, Blind),
            ("T7: azp of another type", judge.valid().claim("azp", json!([CLIENT])).token(), other, Blind),
        ],
    );
}

#[test]
fn t8_t9_issuer_and_tenant() {
    let judge = Judge::of_tenant();
    let iss = |value: Value| judge.valid().claim("iss", value).token();
    let tid = |value: Value| judge.valid().claim("tid", value).token();
    let ours = issuer(TENANT);
    refuse_all(
        &judge,
        vec![
            ("T8: missing", judge.valid().without("iss").token(), Kind::IdTokenIssuer, Refuses),
            ("T8: a slash at the end", iss(json!(format!("{ours}/"))), Kind::IdTokenIssuer, Refuses),
            ("T8: a prefix", iss(json!(&ours[..ours.len() - 1])), Kind::IdTokenIssuer, Refuses),
            ("T8: more", iss(json!(format!("{ours}.evil.test"))), Kind::IdTokenIssuer, Refuses),
            ("T8: upper case host", iss(json!(ours.replace("login", "LOGIN"))), Kind::IdTokenIssuer, Refuses),
            ("T8: upper case tenant", iss(json!(issuer(&TENANT.to_uppercase()))), Kind::IdTokenIssuer, Refuses),
            ("T8: http", iss(json!(ours.replace("https", "http"))), Kind::IdTokenIssuer, Refuses),
            (
                "T8: another host",
                iss(json!(ours.replace("microsoftonline.com", "evil.test"))),
                Kind::IdTokenIssuer,
                Refuses,
            ),
            ("T8: another cloud", iss(json!(ours.replace(".com", ".us"))), Kind::IdTokenIssuer, Refuses),
            ("T8: a port", iss(json!(ours.replace(".com", ".com:443"))), Kind::IdTokenIssuer, Refuses),
            ("T8: a blank before", iss(json!(format!(" {ours}"))), Kind::IdTokenIssuer, Refuses),
            ("T8: an array", iss(json!([ours])), Kind::IdTokenIssuer, Blind),
            ("T8: null", iss(Value::Null), Kind::IdTokenIssuer, Refuses),
            ("T9: the template itself", iss(json!(issuer("{tenantid}"))), Kind::IdTokenIssuer, Refuses),
            ("T9: a v1 issuer", iss(json!(format!("https://sts.windows.net/{TENANT}/"))), Kind::IdTokenIssuer, Refuses),
            ("T9: iss of another tenant", iss(json!(issuer(OTHER_TENANT))), Kind::IdTokenIssuer, Refuses),
            ("T9: tid of another tenant", tid(json!(OTHER_TENANT)), Kind::IdTokenIssuer, Blind),
            ("T9: both of another tenant", judge.valid().of_tenant(OTHER_TENANT).token(), Kind::IdTokenIssuer, Refuses),
            ("T9: tid missing", judge.valid().without("tid").token(), Kind::IdTokenTenant, Blind),
            ("T9: tid null", tid(Value::Null), Kind::IdTokenTenant, Blind),
            ("T9: tid array", tid(json!([TENANT])), Kind::IdTokenTenant, Blind),
            ("T9: tid empty", tid(json!("")), Kind::IdTokenTenant, Blind),
            ("T9: tid is the template", tid(json!("{tenantid}")), Kind::IdTokenTenant, Blind),
            ("T9: tid is `common`", tid(json!("common")), Kind::IdTokenTenant, Blind),
            ("T9: tid without hyphens", tid(json!(TENANT.replace('-', ""))), Kind::IdTokenTenant, Blind),
            ("T9: tid in upper case", tid(json!(TENANT.to_uppercase())), Kind::IdTokenIssuer, Blind),
            (
                "T9: tid twice, in another case",
                judge.valid().claim("TID", json!(OTHER_TENANT)).token(),
                Kind::IdTokenTenant,
                Blind,
            ),
            (
                "T9: tid twice, the same in another case",
                judge.valid().claim("Tid", json!(TENANT)).token(),
                Kind::IdTokenTenant,
                Blind,
            ),
            ("I12: oid missing", judge.valid().without("oid").token(), Kind::IdTokenTenant, Blind),
            ("I12: oid null", judge.valid().claim("oid", Value::Null).token(), Kind::IdTokenTenant, Blind),
            ("I12: oid not a GUID", judge.valid().claim("oid", json!("adele")).token(), Kind::IdTokenTenant, Blind),
            (
                "I12: oid twice, in another case",
                judge.valid().claim("OID", json!(OTHER_TENANT)).token(),
                Kind::IdTokenTenant,
                Blind,
            ),
        ],
    );
}

#[test]
fn t9_t10_authorities_of_many_tenants() {
    let only =
        |tenants: &[&str]| AllowedTenants::Only(tenants.iter().map(|tenant| guid(tenant)).collect::<BTreeSet<_>>());
    let common = |allowed| Judge::new(crate::microsoft::common(), "common", allowed);
    let organizations =
        |allowed| Judge::new(Authority::entra(Cloud::Public, Tenant::Organizations), "organizations", allowed);
    let consumers = || Judge::new(Authority::entra(Cloud::Public, Tenant::Consumers), PERSONAL, AllowedTenants::Pinned);
    let personal = |forge: Forge| {
        forge
            .of_tenant(PERSONAL)
            .header("kid", json!("personal"))
            .claim("oid", json!("00000000-0000-0000-40c0-3bac188d01d1"))
    };
    let same = |forge: Forge| forge;
    let other = |forge: Forge| forge.of_tenant(OTHER_TENANT);
    let rows: Vec<(&str, Judge, Change<'_>, Result<(), Kind>)> = vec![
        ("T9: any tenant at common", common(AllowedTenants::Any), &other, Ok(())),
        ("T9: a personal account at common", common(AllowedTenants::Any), &personal, Ok(())),
        ("T9: a listed tenant", common(only(&[TENANT])), &same, Ok(())),
        ("T9: a tenant that is not listed", common(only(&[TENANT])), &other, Err(Kind::TenantNotAllowed)),
        ("T9: a personal account that is not listed", common(only(&[TENANT])), &personal, Err(Kind::TenantNotAllowed)),
        ("T9: any tenant at organizations", organizations(AllowedTenants::Any), &other, Ok(())),
        (
            "T9: a personal account at organizations",
            organizations(AllowedTenants::Any),
            &personal,
            Err(Kind::TenantNotAllowed),
        ),
        (
            "T9: a personal account at organizations, listed",
            organizations(only(&[PERSONAL])),
            &personal,
            Err(Kind::TenantNotAllowed),
        ),
        ("T9: a personal account at consumers", consumers(), &personal, Ok(())),
        ("T9: a work account at consumers", consumers(), &same, Err(Kind::IdTokenIssuer)),
        (
            "T9: iss and tid of different tenants",
            common(AllowedTenants::Any),
            &|forge| forge.claim("tid", json!(OTHER_TENANT)),
            Err(Kind::IdTokenIssuer),
        ),
        (
            "T9: the literal template in iss",
            common(AllowedTenants::Any),
            &|forge| forge.claim("iss", json!(issuer("{tenantid}"))),
            Err(Kind::IdTokenIssuer),
        ),
        (
            "T9: the literal template in iss and tid",
            common(AllowedTenants::Any),
            &|forge| forge.of_tenant("{tenantid}"),
            Err(Kind::IdTokenTenant),
        ),
        (
            "T9: a v1 issuer",
            common(AllowedTenants::Any),
            &|forge| forge.claim("iss", json!(format!("https://sts.windows.net/{TENANT}/"))),
            Err(Kind::IdTokenIssuer),
        ),
        (
            "T10: a personal key for a work account",
            common(AllowedTenants::Any),
            &|forge| forge.header("kid", json!("personal")),
            Err(Kind::IdTokenKeyIssuer),
        ),
        (
            "T10: another tenant's key",
            common(AllowedTenants::Any),
            &|forge| forge.header("kid", json!("other")),
            Err(Kind::IdTokenKeyIssuer),
        ),
        (
            "T10: that tenant's own key",
            common(AllowedTenants::Any),
            &|forge| forge.of_tenant(OTHER_TENANT).header("kid", json!("other")),
            Ok(()),
        ),
        (
            "T10: a US Government key",
            common(AllowedTenants::Any),
            &|forge| forge.header("kid", json!("gov")),
            Err(Kind::IdTokenKeyIssuer),
        ),
    ];
    for (name, judge, change, expected) in rows {
        let outcome = judge.verify(&change(judge.valid()).token()).map(|_| ());
        assert_eq!(outcome, expected, "{name}");
    }

    let judge = Judge::of_tenant();
    for (name, kid) in
        [("a personal key", "personal"), ("another tenant's key", "other"), ("a US Government key", "gov")]
    {
        let token = judge.valid().header("kid", json!(kid)).token();
        assert_eq!(judge.verify(&token).map(|_| ()), Err(Kind::IdTokenKeyIssuer), "T10: {name} at the tenant");
        assert!(oracle_accepts(&token, &issuer(TENANT)), "T10 is about good signatures");
    }
}

#[test]
fn t11_t13_t14_t15_claims() {
    let judge = Judge::of_tenant();
    let valid = || judge.valid();
    let set = |name: &str, value: Value| valid().claim(name, value).token();
    let twice = |name: &str, value: &str| {
        valid().with_payload(&valid().payload().replacen('{', &format!("{{\"{name}\":{value},"), 1))
    };
    let nonce = Kind::IdTokenNonce;
    refuse_all(
        &judge,
        vec![
            ("T11: an access token: scp", set("scp", json!("User.Read")), Kind::IdTokenClaims, Blind),
            ("T11: an access token: no nonce", valid().without("nonce").token(), nonce, Blind),
            (
                "T11: a logout token",
                set("events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} })),
                Kind::IdTokenClaims,
                Blind,
            ),
            ("T13: sub twice", twice("sub", "\"evil\""), Kind::IdTokenMalformed, Blind),
            ("T13: aud twice", twice("aud", &format!("\"{CLIENT}\"")), Kind::IdTokenMalformed, Blind),
            ("T13: nonce twice, escaped", twice("\\u006eonce", "\"x\""), Kind::IdTokenMalformed, Blind),
            (
                "T13: twice in an inner object",
                valid().with_payload(&valid().payload().replacen('{', r#"{"x":{"a":1,"a":2},"#, 1)),
                Kind::IdTokenMalformed,
                Blind,
            ),
            ("T13: not an object", valid().with_payload("[]"), Kind::IdTokenMalformed, Refuses),
            ("T13: not JSON", valid().with_payload("sub=x"), Kind::IdTokenMalformed, Refuses),
            (
                "T13: something after",
                valid().with_payload(&format!("{}{{}}", valid().payload())),
                Kind::IdTokenMalformed,
                Refuses,
            ),
            ("X6: nested deeply", set("x", nested(100)), Kind::IdTokenMalformed, Blind),
            ("T14: sub missing", valid().without("sub").token(), Kind::IdTokenClaims, Refuses),
            ("T14: sub array", set("sub", json!(["a"])), Kind::IdTokenClaims, Blind),
            ("T14: sub empty", set("sub", json!("")), Kind::IdTokenClaims, Blind),
            ("T14: sub of 256 characters", set("sub", json!("s".repeat(256))), Kind::IdTokenClaims, Blind),
            ("T14: sub not ASCII", set("sub", json!("adéle")), Kind::IdTokenClaims, Blind),
            ("T14: sub a number", set("sub", json!(1)), Kind::IdTokenClaims, Blind),
            ("T15: nonce wrong", set("nonce", json!("x".repeat(43))), nonce, Blind),
            ("T15: nonce empty", set("nonce", json!("")), nonce, Blind),
            ("T15: nonce null", set("nonce", Value::Null), nonce, Blind),
            ("T15: nonce array", set("nonce", json!([judge.pending.nonce().expose()])), nonce, Blind),
            ("T15: a prefix of the nonce", set("nonce", json!(&judge.pending.nonce().expose()[..42])), nonce, Blind),
            ("T15: another tab's nonce", set("nonce", json!(Seed::from_bytes([8; 32]).nonce().expose())), nonce, Blind),
            ("T5: name of another type", set("name", json!(["Adele"])), Kind::IdTokenClaims, Blind),
            ("T5: email null", set("email", Value::Null), Kind::IdTokenClaims, Blind),
            ("T5: idp of another type", set("idp", json!(1)), Kind::IdTokenClaims, Blind),
            ("I8: roles an object", set("roles", json!({ "Admin": true })), Kind::IdTokenClaims, Blind),
            ("I8: groups with a number", set("groups", json!(["a", 1])), Kind::IdTokenClaims, Blind),
            ("T5: sid of another type", set("sid", json!(1)), Kind::IdTokenClaims, Blind),
        ],
    );
}

#[test]
fn t16_hashes_must_fit_when_they_are_there() {
    let judge = Judge::of_tenant();
    let half = |text: &str| encoded(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16]);
    let verify = |forge: Forge| {
        let answer = IdTokenAnswer::to_sign_in(&judge.pending).with_access_token("the-access-token");
        judge.verify_answer(&forge.token(), &answer).map(|_| ())
    };
    assert_eq!(verify(judge.valid()), Ok(()), "T16: Entra's token endpoint sends none");
    assert_eq!(verify(judge.valid().claim("at_hash", json!(half("the-access-token")))), Ok(()), "T16: as B2C");
    for (name, value) in [
        ("another token's", json!(half("another"))),
        ("whole", json!(encoded(digest::digest(&digest::SHA256, b"the-access-token")))),
        ("empty", json!("")),
        ("null", Value::Null),
        ("array", json!([half("the-access-token")])),
    ] {
        assert_eq!(verify(judge.valid().claim("at_hash", value)), Err(Kind::IdTokenHash), "T16: at_hash {name}");
    }
}

#[test]
fn t23_a_refreshed_token_is_of_the_same_user() {
    let judge = Judge::of_tenant();
    let first = judge.verify(&judge.valid().claim("auth_time", json!(judge.now - 60)).token()).unwrap();
    let owner: TokenOwner = first.owner();
    let refreshed = || judge.valid().without("nonce");
    let rows: Vec<(&str, Forge, Result<(), Kind>)> = vec![
        ("the same", refreshed(), Ok(())),
        ("the same auth_time", refreshed().claim("auth_time", json!(judge.now - 60)), Ok(())),
        ("sub", refreshed().claim("sub", json!("another")), Err(Kind::AnotherUser)),
        ("oid", refreshed().claim("oid", json!(OTHER_TENANT)), Err(Kind::AnotherUser)),
        ("auth_time", refreshed().claim("auth_time", json!(judge.now)), Err(Kind::AnotherUser)),
        ("aud", refreshed().claim("aud", json!(OTHER_TENANT)), Err(Kind::IdTokenAudience)),
        ("iss", refreshed().of_tenant(OTHER_TENANT), Err(Kind::IdTokenIssuer)),
        ("expired", refreshed().claim("exp", json!(judge.now - 301)), Err(Kind::IdTokenTime)),
        ("a stranger's signature", refreshed().signed_by(Signer::stranger()), Err(Kind::IdTokenSignature)),
    ];
    for (name, forge, expected) in rows {
        let outcome = judge.verify_answer(&forge.token(), &IdTokenAnswer::to_refresh(&owner)).map(|_| ());
        assert_eq!(outcome, expected, "T23: {name}");
    }

    let any = Judge::new(crate::microsoft::common(), "common", AllowedTenants::Any);
    let moved = any.valid().without("nonce").of_tenant(OTHER_TENANT).token();
    let outcome = any.verify_answer(&moved, &IdTokenAnswer::to_refresh(&owner)).map(|_| ());
    assert_eq!(outcome, Err(Kind::AnotherUser), "T23: iss at common");
}

#[test]
fn t24_max_age_and_contexts_are_checked_when_they_were_asked_for() {
    let judge = Judge::of_tenant();
    let mut expected = judge.pending.expected().clone();
    expected.max_age = Some(600);
    expected.acrs = Some("c1".to_owned());
    let pending = PendingSignIn::resume(Seed::from_bytes([7; 32]), State::random(), expected);
    let now = judge.now;
    let with = |auth_time: i64, acrs: Value| judge.valid().claim("auth_time", json!(auth_time)).claim("acrs", acrs);
    for (name, forge, outcome) in [
        ("both", with(now - 600, json!(["c1", "c2"])), Ok(())),
        ("acrs as one string", with(now, json!("c1")), Ok(())),
        ("auth_time at the edge", with(now - 900, json!(["c1"])), Ok(())),
        ("auth_time beyond it", with(now - 901, json!(["c1"])), Err(Kind::IdTokenAuthTime)),
        ("auth_time in the future", with(now + 301, json!(["c1"])), Err(Kind::IdTokenAuthTime)),
        ("auth_time missing", judge.valid().claim("acrs", json!(["c1"])), Err(Kind::IdTokenAuthTime)),
        ("auth_time as string", with(now, json!(["c1"])).claim("auth_time", json!("1")), Err(Kind::IdTokenClaims)),
        ("acrs missing", judge.valid().claim("auth_time", json!(now)), Err(Kind::IdTokenAuthContext)),
        ("acrs of another context", with(now, json!(["c2"])), Err(Kind::IdTokenAuthContext)),
        ("acrs longer", with(now, json!(["c11"])), Err(Kind::IdTokenAuthContext)),
        ("acrs empty", with(now, json!([])), Err(Kind::IdTokenAuthContext)),
        ("acrs of another type", with(now, json!({ "c1": true })), Err(Kind::IdTokenClaims)),
    ] {
        let answer = IdTokenAnswer::to_sign_in(&pending);
        assert_eq!(judge.verify_answer(&forge.token(), &answer).map(|_| ()), outcome, "T24: {name}");
    }
    assert!(judge.verify(&judge.valid().token()).is_ok(), "not asked for, not checked");
}

fn parts(token: &str) -> [String; 3] {
    let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

fn spoiled_middle(signature: &str) -> String {
    let (before, after) = signature.split_at(100);
    let letter = if after.starts_with('A') { 'B' } else { 'A' };
    format!("{before}{letter}{}", &after[1..])
}

/// The same bytes written with other bits in the last letter: 256 bytes leave two bits unused, four values each.
fn trailing_bits(signature: &str) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = signature.split_at(signature.len() - 1);
    let index = alphabet.find(last).unwrap();
    assert_eq!(index % 4, 0);
    format!("{rest}{}", &alphabet[index + 1..index + 2])
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}
