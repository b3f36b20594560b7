//! ID tokens, with `jsonwebtoken` as an independent judge of the signature.

use entra_emulator::{App, Emulator, Group, User, seed};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::flow::{Ask, NOW, get_json, start, tokens};

/// Verifies a token with the list that `segment` serves and returns its claims and the key's issuer.
async fn verified(emulator: &Emulator, segment: &str, token: &str) -> (Value, String) {
    let header = decode_header(token).expect("a header");
    assert_eq!(header.alg, Algorithm::RS256);
    let (_, keys) = get_json(format!("{}{segment}/discovery/v2.0/keys", emulator.url())).await;
    let keys = keys["keys"].as_array().expect("a list").clone();
    let key = keys.iter().find(|key| key["kid"].as_str() == header.kid.as_deref()).expect("the key is listed");
    let text = |name: &str| key[name].as_str().expect("text").to_owned();
    let decoding = DecodingKey::from_rsa_components(&text("n"), &text("e")).expect("a key");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[seed::APP_ID]);
    // The emulator's clock is not the system's.
    validation.validate_exp = false;
    let claims = decode::<Value>(token, &decoding, &validation).expect("a valid signature").claims;
    (claims, text("issuer"))
}

async fn id_token(emulator: &Emulator, ask: &Ask, name: &str) -> Value {
    let answer = tokens(emulator, ask, name).await;
    let (claims, key_issuer) = verified(emulator, &ask.segment, answer.text("id_token")).await;
    let issuer = key_issuer.replace("{tenantid}", claims["tid"].as_str().unwrap_or("?"));
    if claims.get("tid").is_some() {
        assert_eq!(claims["iss"], issuer, "the key's issuer is the token's");
    }
    claims
}

#[tokio::test]
async fn a_member_with_everything() {
    let emulator = start().await;
    let mut claims = id_token(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    for opaque in ["aio", "rh", "uti", "sub", "sid", "login_hint"] {
        let value = claims[opaque].take();
        assert!(value.as_str().is_some_and(|value| value.len() >= 20), "{opaque}: {value}");
    }
    let expected = json!({
        "aud": seed::APP_ID,
        "iss": format!("https://login.microsoftonline.com/{}/v2.0", seed::CONTOSO),
        "iat": NOW - 300,
        "nbf": NOW - 300,
        "exp": NOW + 3600,
        "aio": null, "rh": null, "uti": null, "sub": null, "sid": null, "login_hint": null,
        "name": "Adele Vance",
        "preferred_username": seed::ADELE,
        "oid": seed::ADELE_ID,
        "tid": seed::CONTOSO,
        "nonce": "the-nonce",
        "email": seed::ADELE,
        "xms_edov": true,
        "groups": [seed::ENGINEERING, seed::ALL_STAFF],
        "roles": [seed::ROLE],
        "ver": "2.0",
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn a_member_with_nothing() {
    let emulator = start().await;
    let claims = id_token(&emulator, &Ask::new(&emulator), seed::ALEX).await;
    for absent in
        ["email", "xms_edov", "groups", "roles", "idp", "acct", "auth_time", "email_verified", "azp", "at_hash"]
    {
        assert!(claims.get(absent).is_none(), "{absent}: {claims}");
    }
    assert_eq!(claims["name"], "Alex Wilber");
}

#[tokio::test]
async fn without_profile_there_is_no_tenant_and_no_object_id() {
    let emulator = start().await;
    let claims = id_token(&emulator, &Ask::new(&emulator).set("scope", "openid"), seed::ADELE).await;
    for absent in ["oid", "tid", "name", "preferred_username"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
    assert!(claims["sub"].is_string());
}

#[tokio::test]
async fn a_guest() {
    let emulator = start().await;
    let optional = |app: &mut App| app.optional_claims.extend(["acct", "upn"].map(str::to_owned));
    emulator.directory().change_app(seed::APP_ID, optional).expect("a change");
    let ask = Ask::new(&emulator);
    let guest = id_token(&emulator, &ask, seed::MEGAN).await;
    assert_eq!((&guest["tid"], &guest["oid"]), (&json!(seed::CONTOSO), &json!(seed::MEGAN_GUEST_ID)));
    assert_eq!(guest["idp"], format!("https://sts.windows.net/{}/", seed::FABRIKAM));
    assert_eq!((&guest["acct"], &guest["email"]), (&json!(1), &json!(seed::MEGAN)));
    assert!(guest.get("upn").is_none(), "a guest's UPN needs an option of its own");
    let external = |app: &mut App| app.optional_claims.push("include_externally_authenticated_upn".to_owned());
    emulator.directory().change_app(seed::APP_ID, external).expect("a change");
    assert_eq!(id_token(&emulator, &ask, seed::MEGAN).await["upn"], seed::MEGAN_GUEST_UPN);

    let home = id_token(&emulator, &ask.clone().at("common"), seed::MEGAN).await;
    assert_eq!(
        (&home["tid"], &home["oid"]),
        (&json!(seed::FABRIKAM), &json!(seed::MEGAN_ID)),
        "common signs in at home"
    );
    assert_eq!((home.get("idp"), &home["acct"]), (None, &json!(0)));
    assert_ne!(home["sub"], guest["sub"]);
}

#[tokio::test]
async fn guests_from_elsewhere() {
    let emulator = start().await;
    let id = "1a2b3c4d-0009-4000-8000-000000000001";
    let pat = User::guest(id, seed::CONTOSO, seed::CONTOSO_DOMAIN, seed::PAT, "Pat Lane");
    emulator.directory().add_user(pat).expect("a guest");
    let id = "1a2b3c4d-0009-4000-8000-000000000002";
    let otp = User::guest(id, seed::CONTOSO, seed::CONTOSO_DOMAIN, "otto@mail.example", "Otto");
    emulator.directory().add_user(otp).expect("a guest");
    let ask = Ask::new(&emulator);
    assert_eq!(id_token(&emulator, &ask, seed::PAT).await["idp"], "live.com");
    assert_eq!(id_token(&emulator, &ask, "otto@mail.example").await["idp"], "mail");
}

#[tokio::test]
async fn a_personal_account() {
    let emulator = start().await;
    for segment in ["common", "consumers", seed::PERSONAL_ACCOUNTS] {
        let claims = id_token(&emulator, &Ask::new(&emulator).at(segment), seed::PAT).await;
        assert_eq!((&claims["tid"], &claims["oid"]), (&json!(seed::PERSONAL_ACCOUNTS), &json!(seed::PAT_ID)));
        assert_eq!(claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(86700));
        let sub = claims["sub"].as_str().expect("text");
        assert!(sub.starts_with("AAAAAAAAAAAAAAAAAAAAA") && sub.len() == 43, "{sub}");
        assert_eq!(claims["xms_edov"], true);
    }
}

#[tokio::test]
async fn sub_is_pairwise() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let first = id_token(&emulator, &ask, seed::ADELE).await;
    assert_eq!(first["sub"], id_token(&emulator, &ask, seed::ADELE).await["sub"]);
    let other = App::new("aaaaaaaa-0000-4000-8000-000000000001", seed::CONTOSO, "Other").secret(seed::APP_SECRET);
    let other = other.redirect_uri(seed::REDIRECT_URI).expect("allowed");
    let id = other.id.clone();
    emulator.directory().add_app(other).expect("added");
    let code = ask.set("client_id", &id).code(seed::ADELE).await;
    let second = crate::flow::TokenAsk::code(&emulator, &code).set("client_id", &id).send().await.id_token();
    assert_eq!(first["oid"], second["oid"]);
    assert_ne!(first["sub"], second["sub"]);
}

#[tokio::test]
async fn i1_an_address_that_nobody_verified() {
    let emulator = start().await;
    let directory = emulator.directory();
    // Fabrikam's administrator writes Adele's address into Diego's object.
    directory.change_user(seed::DIEGO, |user| user.mail = Some(seed::ADELE.to_owned())).expect("a change");
    let ask = Ask::new(&emulator).at("organizations");
    let claims = id_token(&emulator, &ask, seed::DIEGO).await;
    assert!(claims.get("email").is_none() && claims.get("xms_edov").is_none(), "left out: {claims}");
    directory.change_app(seed::APP_ID, |app| app.remove_unverified_email = false).expect("a change");
    let claims = id_token(&emulator, &ask, seed::DIEGO).await;
    assert_eq!((&claims["email"], &claims["xms_edov"]), (&json!(seed::ADELE), &json!(false)));
    directory.change_app(seed::APP_ID, |app| app.optional_claims.clear()).expect("a change");
    let claims = id_token(&emulator, &ask, seed::DIEGO).await;
    assert_eq!(claims["email"], seed::ADELE, "by scope");
    assert!(claims.get("xms_edov").is_none());
}

#[tokio::test]
async fn more_than_200_groups_are_too_many() {
    let emulator = start().await;
    let add = |from: usize, to: usize| {
        let groups = (from..to).map(|number| {
            let id = format!("3c3c3c3c-0000-4000-8000-{number:012}");
            Group::new(&id, seed::CONTOSO, &format!("Group {number}")).member(seed::ALEX_ID)
        });
        emulator.directory().change(|directory| {
            directory.groups.extend(groups);
            Ok(())
        })
    };
    add(0, 200).expect("groups");
    let ask = Ask::new(&emulator);
    let claims = id_token(&emulator, &ask, seed::ALEX).await;
    assert_eq!(claims["groups"].as_array().map(Vec::len), Some(200));
    add(200, 201).expect("a group");
    let claims = id_token(&emulator, &ask, seed::ALEX).await;
    assert!(claims.get("groups").is_none());
    assert_eq!(claims["_claim_names"], json!({ "groups": "src1" }));
    let endpoint = claims["_claim_sources"]["src1"]["endpoint"].as_str().expect("an endpoint");
    assert!(endpoint.starts_with("https://graph.windows.net/"), "the retired one: {endpoint}");
}

#[tokio::test]
async fn roles_come_through_groups() {
    let emulator = start().await;
    let change = |app: &mut App| {
        let app_with = app.clone().role("Reader", "Readers").role_for("Reader", seed::ALL_STAFF);
        *app = app_with;
    };
    emulator.directory().change_app(seed::APP_ID, change).expect("a change");
    let claims = id_token(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    assert_eq!(claims["roles"], json!([seed::ROLE, "Reader"]));
}

#[tokio::test]
async fn optional_claims() {
    let emulator = start().await;
    let names = [
        "acct",
        "auth_time",
        "upn",
        "given_name",
        "family_name",
        "ipaddr",
        "ctry",
        "tenant_ctry",
        "tenant_region_scope",
        "verified_primary_email",
    ];
    let change = |app: &mut App| app.optional_claims.extend(names.map(str::to_owned));
    emulator.directory().change_app(seed::APP_ID, change).expect("a change");
    let claims = id_token(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let expected = [
        ("acct", json!(0)),
        ("auth_time", json!(NOW)),
        ("upn", json!(seed::ADELE)),
        ("given_name", json!("Adele")),
        ("family_name", json!("Vance")),
        ("ipaddr", json!("127.0.0.1")),
        ("ctry", json!("DE")),
        ("tenant_ctry", json!("DE")),
        ("tenant_region_scope", json!("EU")),
        ("verified_primary_email", json!([seed::ADELE])),
    ];
    for (name, value) in expected {
        assert_eq!(claims[name], value, "{name}");
    }
}

#[tokio::test]
async fn authentication_contexts_that_were_asked_for() {
    let emulator = start().await;
    let claims = r#"{"id_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let token = id_token(&emulator, &Ask::new(&emulator).set("claims", claims), seed::ADELE).await;
    assert_eq!(token["acrs"], json!(["c1"]));
}

#[tokio::test]
async fn sid_is_the_session_state() {
    let emulator = start().await;
    let told = Ask::new(&emulator).told(seed::ADELE).await;
    let token = crate::flow::TokenAsk::code(&emulator, &told["code"]).send().await.id_token();
    assert_eq!(token["sid"].as_str(), Some(told["session_state"].as_str()));
}

#[tokio::test]
async fn tokens_follow_rotation() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let kid = |answer: crate::flow::Answer| crate::flow::header(answer.text("id_token"))["kid"].clone();
    let first = kid(tokens(&emulator, &ask, seed::ADELE).await);
    emulator.keys().rotate();
    let second = kid(tokens(&emulator, &ask, seed::ADELE).await);
    assert_ne!(first, second);
    assert_eq!(second.as_str(), Some(emulator.keys().signing_kid().as_str()));
    id_token(&emulator, &ask, seed::ADELE).await;
}
