use entra_oidc::SignInErrorKind as Kind;
use serde_json::json;

use crate::{
    signer::{OTHER_TENANT, Signer, encoded},
    token::id_token::judge::{
        Judge,
        Oracle::{Blind, Refuses},
        refuse_all,
    },
};

#[test]
fn t3_t19_t20_signatures_and_encoding() {
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
