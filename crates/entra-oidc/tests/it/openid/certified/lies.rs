//! Somebody between us and the provider lies.

use entra_emulator::Browser;
use entra_oidc::{Algorithm, SignInErrorKind as Kind};
use serde_json::{Value, json};

use super::{
    World, client,
    lying::{Lying, resigned, signed_by_a_stranger},
    options,
    server::APPS,
    sign_in,
};

#[tokio::test]
async fn lies_about_the_id_token_are_refused() {
    let world = World::new().await;
    let claim = |name: &'static str, value: Value| {
        Lying::id_token(move |raw| resigned(raw, |_, claims| claims[name] = value.clone()))
    };
    for (name, lie, kind) in [
        ("another issuer", claim("iss", json!("https://evil.example")), Kind::IdTokenIssuer),
        ("another nonce", claim("nonce", json!("n")), Kind::IdTokenNonce),
        ("another audience", claim("aud", json!(APPS[1].id)), Kind::IdTokenAudience),
        ("two audiences", claim("aud", json!([APPS[0].id, APPS[1].id])), Kind::IdTokenAudience),
        ("another azp", claim("azp", json!(APPS[1].id)), Kind::IdTokenAudience),
        ("expired", claim("exp", json!(1)), Kind::IdTokenTime),
        ("at_hash of another", claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")), Kind::IdTokenHash),
        ("a bad signature", Lying::id_token(signed_by_a_stranger), Kind::IdTokenSignature),
        (
            "another algorithm",
            Lying::id_token(|raw| resigned(raw, |header, _| header["alg"] = json!("PS256"))),
            Kind::IdTokenAlgorithm,
        ),
        (
            "a logout token",
            Lying::id_token(|raw| resigned(raw, |header, _| header["typ"] = json!("logout+jwt"))),
            Kind::IdTokenMalformed,
        ),
        ("no ID token", Lying::json("/token", |body| drop(body.remove("id_token"))), Kind::TokenResponseInvalid),
    ] {
        world.http.lie(lie);
        assert_eq!(world.sign_in(&Browser::new()).await.map(|_| ()), Err(kind), "{name}");
        world.http.tell_the_truth();
    }
    world.http.lie(Lying::id_token(|raw| resigned(raw, |_, _| {})));
    let (identity, tokens) = world.sign_in(&Browser::new()).await.unwrap();
    assert_eq!(identity.account().subject(), "adele", "signed again without a lie, it is good");

    world.http.lie(claim("sub", json!("eve")));
    assert_eq!(world.client.refresh(&tokens).await.unwrap_err().kind(), Kind::AnotherUser, "T23");
}

#[tokio::test]
async fn t17_lies_about_the_user_are_refused() {
    let world = World::new().await;
    let (identity, tokens) = world.sign_in(&Browser::new()).await.unwrap();
    let body = |content_type: &'static str, body: &'static str| Lying::body("/me", content_type, body);
    for (name, lie, kind) in [
        (
            "sub swapped",
            Lying::json("/me", |body| drop(body.insert("sub".to_owned(), json!("eve")))),
            Kind::UserInfoSubject,
        ),
        ("no sub", Lying::json("/me", |body| drop(body.remove("sub"))), Kind::UserInfoInvalid),
        ("an array", body("application/json", r#"[{"sub":"adele"}]"#), Kind::UserInfoInvalid),
        ("a JWT", body("application/jwt", "e30.e30.e30"), Kind::UserInfoInvalid),
    ] {
        world.http.lie(lie);
        assert_eq!(world.client.user_info(&identity, &tokens).await.unwrap_err().kind(), kind, "T17: {name}");
        world.http.tell_the_truth();
    }
    assert_eq!(world.client.user_info(&identity, &tokens).await.unwrap().subject(), "adele");
}

#[tokio::test]
async fn s7_j1_lies_about_the_issuer_are_refused() {
    let world = World::new().await;
    let browser = Browser::new();
    let encoded =
        |issuer: &str| format!("iss={}", url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect::<String>());
    let honest = encoded(world.provider.issuer());
    for (name, other, kind) in [
        ("another", encoded("https://evil.example"), Kind::IssuerMismatch),
        ("a slash more", encoded(&format!("{}/", world.provider.issuer())), Kind::IssuerMismatch),
        ("none, though it was promised", String::new(), Kind::IssuerMismatch),
        ("twice", format!("{honest}&{honest}"), Kind::DuplicateParameter),
    ] {
        let change = |query: String| {
            assert!(query.contains(&honest), "{query}");
            query.replace(&honest, &other)
        };
        assert_eq!(sign_in(&world.client, &browser, change).await.map(|_| ()), Err(kind), "S7: {name}");
    }
    for (member, value) in [
        ("issuer", json!("https://evil.example")),
        ("issuer", json!(format!("{}/", world.provider.issuer()))),
        ("token_endpoint", json!("http://127.0.0.1:1/token")),
        ("jwks_uri", json!("https://evil.example/keys")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
    ] {
        let http = Lying::default();
        http.lie(Lying::json("/.well-known/openid-configuration", move |body| {
            body.insert(member.to_owned(), value.clone());
        }));
        let fresh = client(&world.provider, &http, Algorithm::Rs256);
        assert_eq!(fresh.begin(options()).await.unwrap_err().kind(), Kind::MetadataInvalid, "J1: {member}");
    }
}
