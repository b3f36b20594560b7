use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entra_emulator::{App, Audience, Emulator, seed};
use serde_json::Value;

use crate::flow::{Ask, TokenAsk, get_json, header, start};

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

/// An application with a key of its own: in no list but its own, and what it verifies is signed with it.
#[tokio::test]
async fn own_signing_keys_at_both_versions() {
    let emulator = start().await;
    let id = "0b1c2d3e-0001-4000-8000-0000000000f1";
    let mut app = App::new(id, seed::CONTOSO, "Mapped").audience(Audience::MultiTenant).secret("mapped~secret");
    app.redirect_uris.push(seed::REDIRECT_URI.to_owned());
    app.own_signing_key = true;
    emulator.directory().add_app(app).expect("a new application");
    let kids = |body: &Value| -> Vec<Value> {
        body["keys"].as_array().expect("a list").iter().map(|key| key["kid"].clone()).collect()
    };
    for (document, is_v1) in
        [("v2.0/.well-known/openid-configuration", false), (".well-known/openid-configuration", true)]
    {
        let url = format!("{}{}/{document}", emulator.url(), seed::CONTOSO);
        let (_, plain) = get_json(&url).await;
        let (_, own) = get_json(format!("{url}?appid={id}")).await;
        let (plain_keys, own_keys) =
            (plain["jwks_uri"].as_str().expect("a URL"), own["jwks_uri"].as_str().expect("a URL"));
        assert_eq!(own_keys, format!("{plain_keys}?appid={id}"));
        let (_, plain_keys) = get_json(plain_keys).await;
        let (_, own_keys) = get_json(own_keys).await;
        let own_kids = kids(&own_keys);
        assert_eq!((own_kids.len(), kids(&plain_keys).contains(&own_kids[0])), (1, false));
        let ask = Ask::new(&emulator).set("client_id", id);
        let code = if is_v1 { ask.v1() } else { ask }.code(seed::ADELE).await;
        let redeem = TokenAsk::code(&emulator, &code).set("client_id", id).set("client_secret", "mapped~secret");
        let answer = if is_v1 { redeem.v1() } else { redeem }.send().await;
        assert_eq!(header(answer.text("id_token"))["kid"], own_kids[0], "{}", answer.body);
        assert_eq!(own_keys["keys"][0].get("issuer").is_none(), is_v1);
    }
    let (_, others) = get_json(format!("{}common/discovery/v2.0/keys?appid={}", emulator.url(), seed::APP_ID)).await;
    assert_eq!(kids(&others).len(), 4, "an application without its own key");
}
