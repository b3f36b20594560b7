use entra_oidc::{Seed, SignInErrorKind as Kind};
use serde_json::{Value, json};

use crate::{
    signer::{CLIENT, OTHER_TENANT},
    token::id_token::judge::{
        Judge,
        Oracle::{self, Blind, Refuses},
        refuse_all,
    },
};

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

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}
