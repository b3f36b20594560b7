use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_oidc::SignInErrorKind as Kind;
use serde_json::{Value, json};

use crate::{
    signer::{Signer, TENANT, encoded, issuer, key_list},
    token::id_token::judge::{
        Judge,
        Oracle::{Blind, Refuses},
        oracle_accepts, refuse_all,
    },
};

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
