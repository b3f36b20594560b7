use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;
use crate::jose::algorithm::Algorithm;

const NOW: Timestamp = Timestamp::from_unix(1_000_000);

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An odd number of so many bytes that is no ROCA modulus. Nobody knows its factors, which nobody needs here.
fn modulus(bytes: usize) -> Vec<u8> {
    let mut number: Vec<u8> = (0..bytes).map(|index| u8::try_from((index * 89 + 37) % 251).unwrap_or(1)).collect();
    number[0] = 0xc1;
    number[bytes - 1] |= 1;
    number
}

fn jwk(kid: &str) -> Value {
    json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": encoded(&modulus(256)), "e": "AQAB" })
}

fn with(member: &str, value: Value) -> Value {
    let mut key = jwk("bad");
    key[member] = value;
    key
}

/// The generator of P-256 (SEC 2 section 2.4.2), which is on the curve.
const GENERATOR: (&str, &str) =
    ("axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU");

fn ec(x: &str, y: &str) -> Value {
    json!({ "kty": "EC", "crv": "P-256", "kid": "bad", "x": x, "y": y })
}

fn with_ec(member: &str, value: Value) -> Value {
    let mut key = ec(GENERATOR.0, GENERATOR.1);
    key[member] = value;
    key
}

fn parse(keys: &[Value]) -> Result<KeySet, SignInError> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes(), NOW)
}

/// A number that is 65537 to some power modulo every prime there is, as the broken library's were.
fn roca_modulus() -> Vec<u8> {
    let mut number = vec![1_u8];
    for _ in 0..128 {
        let mut product = vec![0_u8; number.len() + 2];
        for (index, digit) in number.iter().enumerate() {
            product[index] = *digit;
        }
        let mut carry = 0_u16;
        for index in 0..product.len() - 2 {
            let sum = u16::from(product[index + 2]) + u16::from(*number.get(index).unwrap_or(&0)) + carry;
            product[index + 2] = u8::try_from(sum & 0xff).unwrap_or_default();
            carry = sum >> 8;
        }
        number = product;
        if carry > 0 {
            number.push(u8::try_from(carry).unwrap_or_default());
        }
        while number.last() == Some(&0) {
            number.pop();
        }
    }
    number.reverse();
    number
}

#[test]
fn t21_keys_that_must_not_verify_are_skipped_and_the_good_one_stays() {
    let rows = [
        ("RSA 1024", with("n", json!(encoded(&modulus(128))))),
        (
            "RSA 2047",
            with("n", {
                let mut n = modulus(256);
                n[0] = 0x7f;
                json!(encoded(&n))
            }),
        ),
        ("RSA over 8192", with("n", json!(encoded(&modulus(1025))))),
        (
            "even modulus",
            with("n", {
                let mut n = modulus(256);
                n[255] = 2;
                json!(encoded(&n))
            }),
        ),
        (
            "leading zero",
            with("n", {
                let mut n = vec![0];
                n.extend(modulus(256));
                json!(encoded(&n))
            }),
        ),
        ("ROCA", with("n", json!(encoded(&roca_modulus())))),
        ("n with padding", with("n", json!(format!("{}=", encoded(&modulus(256)))))),
        ("n not a string", with("n", json!(65537))),
        ("n missing", {
            let mut key = jwk("bad");
            key.as_object_mut().unwrap().remove("n");
            key
        }),
        ("e = 1", with("e", json!("AQ"))),
        ("e = 3", with("e", json!("Aw"))),
        ("e = 65536", with("e", json!(encoded(&[1, 0, 0])))),
        ("e of 9 bytes", with("e", json!(encoded(&[1; 9])))),
        ("e empty", with("e", json!(""))),
        ("oct", json!({ "kty": "oct", "kid": "bad", "k": "c2VjcmV0" })),
        ("EC of one byte", ec("AQ", "AQ")),
        ("EC off the curve", ec(&encoded(&[1; 32]), &encoded(&[1; 32]))),
        ("EC at nowhere", ec(&encoded(&[0; 32]), &encoded(&[0; 32]))),
        ("EC with the other point's y", ec(GENERATOR.0, &encoded(&[1; 32]))),
        ("EC of 33 bytes", ec(&format!("AA{}", GENERATOR.0), GENERATOR.1)),
        ("EC on P-384", with_ec("crv", json!("P-384"))),
        ("EC on secp256k1", with_ec("crv", json!("secp256k1"))),
        ("EC for RS256", with_ec("alg", json!("RS256"))),
        ("EC for ES384", with_ec("alg", json!("ES384"))),
        ("EC for ECDH", with_ec("use", json!("enc"))),
        ("EC private", with_ec("d", json!("AQ"))),
        ("OKP", json!({ "kty": "OKP", "crv": "Ed25519", "kid": "bad", "x": encoded(&[1; 32]) })),
        ("alg ES256", with("alg", json!("ES256"))),
        ("kty missing", {
            let mut key = jwk("bad");
            key.as_object_mut().unwrap().remove("kty");
            key
        }),
        ("use enc", with("use", json!("enc"))),
        ("use of another type", with("use", json!(["sig"]))),
        ("alg HS256", with("alg", json!("HS256"))),
        ("alg RS512", with("alg", json!("RS512"))),
        ("key_ops encrypt", with("key_ops", json!(["encrypt"]))),
        ("private key", with("d", json!("AQAB"))),
        ("issuer of another type", with("issuer", json!(1))),
        ("cloud of another type", with("cloud_instance_name", json!(["microsoftonline.com"]))),
        ("kid of another type", with("kid", json!(1))),
        ("not an object", json!("key")),
    ];
    for (name, bad) in rows {
        let keys = parse(&[bad.clone(), jwk("good")]).unwrap_or_else(|error| panic!("T21: {name}: {error}"));
        assert_eq!(keys.len(), 1, "T21: {name}");
        assert!(keys.has("good", NOW) && !keys.has("bad", NOW), "T21: {name}");
        assert!(parse(&[bad]).is_err(), "T21: {name} alone");
    }
}

#[test]
fn t21_the_roca_family_is_refused_for_what_it_is() {
    let weak = with("n", json!(encoded(&roca_modulus())));
    assert!(Key::parse(weak.as_object().unwrap()).unwrap_err().contains("ROCA"));
    assert!(Key::parse(jwk("good").as_object().unwrap()).is_ok());
}

#[test]
fn t21_all_that_share_a_kid_are_skipped() {
    let keys = parse(&[jwk("twice"), jwk("good"), jwk("twice")]).unwrap();
    assert!(keys.has("good", NOW) && !keys.has("twice", NOW));
    let keys = parse(&[with("kid", json!("twice")), jwk("good"), {
        let mut key = jwk("twice");
        key["use"] = json!("enc");
        key
    }])
    .unwrap();
    assert!(!keys.has("twice", NOW));
    assert!(parse(&[jwk("twice"), jwk("twice"), jwk("twice")]).is_err());
}

#[test]
fn keys_as_microsoft_publishes_them_are_read() {
    let v2 = json!({ "kty": "RSA", "use": "sig", "kid": "v2", "x5t": "v2", "n": encoded(&modulus(256)), "e": "AQAB", "x5c": ["not looked at"],
        "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0", "cloud_instance_name": "microsoftonline.com" });
    let b2c = json!({ "kid": "b2c", "nbf": 1_493_763_266, "use": "sig", "kty": "RSA", "e": "AQAB", "n": encoded(&modulus(256)) });
    let large = json!({ "kty": "RSA", "kid": "large", "n": encoded(&modulus(1024)), "e": "AQAB", "key_ops": ["verify"], "alg": "RS256" });
    let keys = parse(&[v2, b2c, large]).unwrap();
    assert_eq!(keys.len(), 3);
    let key = keys.find("v2", NOW).unwrap();
    assert_eq!(key.issuer(), Some("https://login.microsoftonline.com/{tenantid}/v2.0"));
    assert_eq!(key.cloud_instance_name(), Some("microsoftonline.com"));
    assert_eq!(keys.find("b2c", NOW).unwrap().issuer(), None);
}

#[test]
fn t2_a_key_verifies_what_its_list_and_its_type_allow() {
    let algorithms = |key: &Value| {
        let key = Key::parse(key.as_object().unwrap()).unwrap();
        Algorithm::ALL.map(|algorithm| key.verifier(algorithm).is_some())
    };
    assert_eq!(algorithms(&jwk("any")), [true, true, false]);
    assert_eq!(algorithms(&with("alg", json!("RS256"))), [true, false, false]);
    assert_eq!(algorithms(&with("alg", json!("PS256"))), [false, true, false]);
    assert_eq!(algorithms(&ec(GENERATOR.0, GENERATOR.1)), [false, false, true]);
    assert_eq!(algorithms(&with_ec("alg", json!("ES256"))), [false, false, true]);
}

#[test]
fn j4_lists_that_are_none_are_refused() {
    let many: Vec<Value> = (0..1001).map(|index| json!({ "kid": index.to_string() })).collect();
    for (name, document) in [
        ("empty set", r#"{"keys":[]}"#.to_owned()),
        ("no set", "{}".to_owned()),
        ("array", "[]".to_owned()),
        ("HTML", "<html></html>".to_owned()),
        ("truncated", r#"{"keys":[{"kty":"RSA""#.to_owned()),
        ("keys is an object", r#"{"keys":{}}"#.to_owned()),
        ("T13 keys twice", r#"{"keys":[],"keys":[]}"#.to_owned()),
        ("T13 kid twice in one key", r#"{"keys":[{"kid":"a","kid":"a"}]}"#.to_owned()),
        ("1001 keys", json!({ "keys": many }).to_string()),
        ("over 1 MiB", format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(LIMIT))),
    ] {
        let error = KeySet::parse(document.as_bytes(), NOW).err().unwrap_or_else(|| panic!("J4: {name}"));
        assert_eq!(error.kind(), SignInErrorKind::KeysInvalid, "J4: {name}");
    }
}

#[test]
fn a_key_that_is_gone_has_its_time_of_grace_and_no_more() {
    let hour = Duration::from_hours(1);
    let later = |seconds: u64| NOW.plus(Duration::from_secs(seconds));
    let list =
        |kid: &str, at: Timestamp| KeySet::parse(json!({ "keys": [jwk(kid)] }).to_string().as_bytes(), at).unwrap();

    let second = list("new", later(600)).after(&list("old", NOW), hour);
    assert!(second.has("old", later(600)) && second.has("new", later(600)));
    assert!(second.has("old", later(3599)));
    assert!(!second.has("old", later(3600)), "the grace counts from when it was last seen");
    assert!(second.has("new", later(1_000_000)), "a listed key has no end");

    let third = list("new", later(1200)).after(&second, hour);
    assert!(third.has("old", later(3599)) && !third.has("old", later(3600)), "a second list does not lengthen it");
    let back = list("old", later(1800)).after(&third, hour);
    assert!(back.has("old", later(9_000)), "seen again");

    let none = list("new", NOW).after(&list("old", NOW), Duration::ZERO);
    assert!(!none.has("old", NOW), "grace 0 is off");
}
