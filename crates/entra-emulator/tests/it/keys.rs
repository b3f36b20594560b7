use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entra_emulator::{Emulator, seed};
use serde_json::Value;

use crate::flow::{get_json, start};

async fn list(emulator: &Emulator, tenant: &str) -> Vec<Value> {
    let (status, body) = get_json(format!("{}{tenant}/discovery/v2.0/keys", emulator.url())).await;
    assert_eq!(status, 200);
    body["keys"].as_array().expect("a list").clone()
}

async fn kids(emulator: &Emulator, tenant: &str) -> BTreeSet<String> {
    list(emulator, tenant).await.iter().map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

#[tokio::test]
async fn keys_have_the_recorded_fields() {
    let emulator = start().await;
    for key in list(&emulator, "common").await {
        let names: Vec<&str> = key.as_object().expect("an object").keys().map(String::as_str).collect();
        let expected = ["cloud_instance_name", "e", "issuer", "kid", "kty", "n", "use", "x5c", "x5t"];
        assert_eq!(BTreeSet::from_iter(names), BTreeSet::from(expected), "and no alg");
        assert_eq!((&key["kty"], &key["use"], &key["e"]), (&"RSA".into(), &"sig".into(), &"AQAB".into()));
        let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().expect("n")).expect("base64url");
        assert_eq!(modulus.len(), 256, "2048 bits");
        let der = STANDARD.decode(key["x5c"][0].as_str().expect("a certificate")).expect("base64");
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &der));
        assert_eq!(key["kid"].as_str(), Some(thumbprint.as_str()));
        assert_eq!(key["x5t"], key["kid"]);
        let holds_modulus = der.windows(modulus.len()).any(|window| window == modulus);
        assert!(holds_modulus, "the certificate is for this key");
    }
}

#[tokio::test]
async fn issuers_and_clouds_of_keys() {
    let emulator = start().await;
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0".to_owned();
    let personal = format!("https://login.microsoftonline.com/{}/v2.0", seed::PERSONAL_ACCOUNTS);
    let describe = |keys: Vec<Value>| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let mut keys: Vec<_> =
            keys.iter().map(|key| (text(&key["issuer"]), text(&key["cloud_instance_name"]))).collect();
        keys.sort();
        keys
    };
    let public = "microsoftonline.com".to_owned();
    let government = "microsoftonline.us".to_owned();
    let mut organizations =
        vec![(template.clone(), public.clone()), (template.clone(), public.clone()), (template, government)];
    assert_eq!(describe(list(&emulator, "organizations").await), organizations);
    organizations.insert(0, (personal, public));
    for segment in ["common", "consumers", seed::CONTOSO] {
        assert_eq!(describe(list(&emulator, segment).await), organizations, "{segment}");
    }
}

#[tokio::test]
async fn a_new_key_is_listed_before_it_signs() {
    let emulator = start().await;
    let (before, first) = (kids(&emulator, "common").await, emulator.keys().signing_kid());
    emulator.keys().rotate();
    let (after, second) = (kids(&emulator, "common").await, emulator.keys().signing_kid());
    assert_ne!(first, second);
    assert!(before.contains(&second), "the new key was announced");
    assert!(after.contains(&first), "the old key stays");
    assert_eq!(after.len(), before.len() + 1);
    emulator.keys().retire();
    let retired = kids(&emulator, "common").await;
    assert!(!retired.contains(&first));
    assert_eq!(retired.len(), before.len());
}

#[tokio::test]
async fn a_replaced_key_was_never_announced() {
    let emulator = start().await;
    let before = kids(&emulator, seed::CONTOSO).await;
    emulator.keys().replace();
    let now = emulator.keys().signing_kid();
    assert!(!before.contains(&now));
    let after = kids(&emulator, seed::CONTOSO).await;
    assert!(after.contains(&now));
    assert_eq!(before.intersection(&after).count(), 2, "only those of personal accounts and government stay");
}

#[tokio::test]
async fn a_flapping_list_loses_the_signing_key_every_other_time() {
    let emulator = start().await;
    emulator.keys().flap();
    let signing = emulator.keys().signing_kid();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(kids(&emulator, "common").await.contains(&signing));
    }
    assert_eq!(seen, [false, true, false, true]);
    assert!(!kids(&emulator, "organizations").await.contains(&signing), "each list flaps by itself");
    emulator.keys().steady();
    assert!(kids(&emulator, "common").await.contains(&signing));
}
