//! Every way of spoiling an ID token.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entra_emulator::{Emulator, Fault, seed};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use crate::flow::{Answer, Ask, NOW, claims, get_json, header, start, tokens};

async fn with(emulator: &Emulator, fault: Fault) -> Answer {
    emulator.faults().once(fault);
    tokens(emulator, &Ask::new(emulator), seed::ADELE).await
}

#[tokio::test]
async fn claims_are_spoiled_once() {
    let emulator = start().await;
    let elsewhere = "e15e0000-0000-4000-8000-0000000e15e0";
    let text = |name: &str| name.to_owned();
    let rows: Vec<(Fault, &str, Value)> = vec![
        (Fault::Claim(text("exp"), json!("9999999999")), "exp", json!("9999999999")),
        (Fault::NoClaim(text("tid")), "tid", Value::Null),
        (Fault::NoClaim(text("oid")), "oid", Value::Null),
        (Fault::WrongNonce, "nonce", json!("another-nonce")),
        (Fault::NoClaim(text("nonce")), "nonce", Value::Null),
        (Fault::WrongAudience, "aud", json!(elsewhere)),
        (Fault::AudienceArray, "aud", json!([seed::APP_ID])),
        (Fault::WrongIssuer, "iss", json!(format!("https://login.microsoftonline.com/{elsewhere}/v2.0"))),
        (Fault::IssuerSlash, "iss", json!(format!("https://login.microsoftonline.com/{}/v2.0/", seed::CONTOSO))),
        (Fault::WrongTenant, "tid", json!(elsewhere)),
        (Fault::ExpiredFor(301), "exp", json!(NOW - 301)),
        (Fault::NotBeforeIn(301), "nbf", json!(NOW + 301)),
        (Fault::GroupOverage, "_claim_names", json!({ "groups": "src1" })),
    ];
    for (fault, name, value) in rows {
        let spoiled = with(&emulator, fault.clone()).await.id_token();
        assert_eq!(spoiled[name], value, "{fault:?}");
    }
    let clean = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.id_token();
    assert_eq!((&clean["aud"], &clean["nonce"]), (&json!(seed::APP_ID), &json!("the-nonce")));
}

#[tokio::test]
async fn t13_duplicate_and_case_variant_members() {
    let emulator = start().await;
    for name in ["sub", "Tid"] {
        let answer = with(&emulator, Fault::ExtraClaim(name.to_owned(), json!("other"))).await;
        let payload = answer.text("id_token").split('.').nth(1).expect("a payload");
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("text");
        assert!(payload.ends_with(&format!(r#","{name}":"other"}}"#)), "{payload}");
    }
}

#[tokio::test]
async fn t1_t2_algorithms() {
    let emulator = start().await;
    let none = with(&emulator, Fault::AlgNone).await;
    assert_eq!(header(none.text("id_token"))["alg"], "none");
    assert!(none.text("id_token").ends_with('.'), "an empty signature");

    let confused = with(&emulator, Fault::AlgHs256).await;
    let token = confused.text("id_token");
    assert_eq!(header(token)["alg"], "HS256");
    // The HMAC key is the PEM of the listed public key: a verifier that mixes the two up accepts the token.
    let (_, keys) = get_json(format!("{}common/discovery/v2.0/keys", emulator.url())).await;
    let kid = header(token)["kid"].clone();
    let keys = keys["keys"].as_array().expect("a list").clone();
    let key = keys.into_iter().find(|key| key["kid"] == kid).expect("listed");
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let der = STANDARD.decode(key["x5c"][0].as_str().expect("x5c")).expect("base64");
    // The SubjectPublicKeyInfo of a 2048-bit RSA key is 294 bytes long and begins like this.
    let start = der.windows(4).position(|window| window == [0x30, 0x82, 0x01, 0x22]).expect("the public key");
    let text = STANDARD.encode(&der[start..start + 294]);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("text")).collect();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
    let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, pem.as_bytes()), signed.as_bytes());
    assert_eq!(signature, URL_SAFE_NO_PAD.encode(expected));
}

/// Whether a token verifies with the listed key of its kid, and that key's issuer.
async fn judged(emulator: &Emulator, token: &str) -> Option<(bool, String)> {
    let (_, keys) = get_json(format!("{}common/discovery/v2.0/keys", emulator.url())).await;
    let kid = header(token)["kid"].clone();
    let keys = keys["keys"].as_array().expect("a list").clone();
    let key = keys.into_iter().find(|key| key["kid"] == kid)?;
    let text = |name: &str| key[name].as_str().expect("text").to_owned();
    let decoding = DecodingKey::from_rsa_components(&text("n"), &text("e")).expect("a key");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let valid = decode::<Value>(token, &decoding, &validation).is_ok();
    Some((valid, format!("{} {}", text("cloud_instance_name"), text("issuer"))))
}

#[tokio::test]
async fn t10_keys_of_somebody_else() {
    let emulator = start().await;
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
    let rows = [
        (Fault::UnknownKey, None),
        (Fault::BadSignature, Some((false, format!("microsoftonline.com {template}")))),
        (
            Fault::PersonalAccountsKey,
            Some((true, format!("microsoftonline.com {}", template.replace("{tenantid}", seed::PERSONAL_ACCOUNTS)))),
        ),
        (Fault::GovernmentKey, Some((true, format!("microsoftonline.us {template}")))),
    ];
    for (fault, expected) in rows {
        let answer = with(&emulator, fault.clone()).await;
        assert_eq!(judged(&emulator, answer.text("id_token")).await, expected, "{fault:?}");
        assert_eq!(answer.id_token()["tid"], seed::CONTOSO);
    }
}

#[tokio::test]
async fn t3_t4_headers_and_t11_another_kind_of_token() {
    let emulator = start().await;
    let answer = with(&emulator, Fault::Header("crit".to_owned(), json!(["exp"]))).await;
    assert_eq!(header(answer.text("id_token"))["crit"], json!(["exp"]));
    let answer = with(&emulator, Fault::AccessTokenAsIdToken).await;
    assert_eq!(answer.text("id_token"), answer.text("access_token"));
    assert_eq!(claims(answer.text("id_token"))["ver"], "1.0");
}

#[tokio::test]
async fn faults_come_in_the_order_they_were_planned() {
    let emulator = start().await;
    let faults = emulator.faults();
    faults.after(1, Fault::WrongNonce);
    faults.together([Fault::WrongAudience, Fault::NoClaim("oid".to_owned())]);
    faults.always(Fault::NoClaim("aio".to_owned()));
    let mut seen = Vec::new();
    for _ in 0..4 {
        let claims = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.id_token();
        assert!(claims.get("aio").is_none());
        seen.push((claims["nonce"] == "the-nonce", claims["aud"] == seed::APP_ID, claims.get("oid").is_some()));
    }
    assert_eq!(seen, [(true, true, true), (false, true, true), (true, false, false), (true, true, true)]);
    faults.clear();
    assert!(tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.id_token().get("aio").is_some());
}

#[tokio::test]
async fn t15_a_nonce_of_the_sign_in_before() {
    let emulator = start().await;
    for (nonce, faults, expected) in [
        ("first", vec![], "first"),
        ("second", vec![Fault::StaleNonce], "first"),
        ("third", vec![Fault::StaleNonce], "second"),
        ("fourth", vec![], "fourth"),
    ] {
        emulator.faults().together(faults);
        let answer = tokens(&emulator, &Ask::new(&emulator).set("nonce", nonce), seed::ADELE).await;
        assert_eq!(answer.id_token()["nonce"], expected, "{nonce}");
    }
}

#[tokio::test]
async fn j3_an_unknown_key_that_a_second_fetch_shows() {
    let emulator = start().await;
    let list = async || {
        let (_, keys) = get_json(format!("{}common/discovery/v2.0/keys", emulator.url())).await;
        keys["keys"].as_array().expect("a list").iter().map(|key| key["kid"].clone()).collect::<Vec<_>>()
    };
    let before = list().await;
    let answer = with(&emulator, Fault::NewKey).await;
    let kid = header(answer.text("id_token"))["kid"].clone();
    assert!(!before.contains(&kid) && list().await.contains(&kid));
    let (valid, _) = judged(&emulator, answer.text("id_token")).await.expect("listed");
    assert!(valid);
    let unlisted = with(&emulator, Fault::UnknownKey).await;
    assert!(!list().await.contains(&header(unlisted.text("id_token"))["kid"]));
}
