//! Signing out at the provider, and the logout token that it posts.

use entra_emulator::Browser;
use entra_oidc::{
    Algorithm, AuthorizationResponse, Clock, EndSession, EntraClient, Prompt, Secret, SignInErrorKind as Kind,
};
use serde_json::{Value, json};

use super::{
    World, answer, journey,
    lying::{opened, resigned, signed_by_a_stranger},
    options,
    server::APPS,
};
use crate::openid::keys::stranger;

#[tokio::test]
async fn signing_out_here_signs_out_there_and_the_provider_says_so() {
    let world = World::new().await;
    for hinted in [true, false] {
        let browser = Browser::new();
        let (identity, _) = world.sign_in(&browser).await.unwrap();
        let mut ask = EndSession::new().post_logout_redirect_uri(world.listener.url("/signed-out"));
        if hinted {
            ask = ask.id_token_hint(Secret::new(world.http.last_id_token()));
        }
        sign_out(&world, &browser, ask).await;

        let raw = world.listener.logout_token();
        let token = world.client.verify_logout_token(&raw).await.unwrap();
        assert_eq!((token.issuer(), token.subject()), (world.provider.issuer(), Some("adele")));
        assert_eq!(token.session_id(), identity.session_id(), "it names the session of the ID token");
        assert!(token.session_id().is_some() && !token.jti().is_empty());

        let (pending, page) = journey(&world.client, &browser, options().prompt(Prompt::None)).await;
        let response = AuthorizationResponse::from_query(&answer(&page)).unwrap();
        let refused = world.client.complete(pending, response).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::InteractionRequired, "nobody is signed in there any more");
    }
}

/// To the provider, which asks once more, and back.
async fn sign_out(world: &World, browser: &Browser, ask: EndSession) {
    let url = world.client.end_session_url(ask).await.unwrap();
    let page = browser.get(&url).await.unwrap();
    let confirm = page.forms().into_iter().next().unwrap().set("logout", "yes");
    let page = browser.submit(&page, &confirm).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"), "the browser is back");
}

/// The provider's own logout token, changed and signed again with its own key.
#[tokio::test]
async fn l1_faults_of_the_provider_s_own_token_are_refused() {
    let world = World::new().await;
    let browser = Browser::new();
    world.sign_in(&browser).await.unwrap();
    let back = world.listener.url("/signed-out");
    sign_out(&world, &browser, EndSession::new().post_logout_redirect_uri(back)).await;
    let raw = world.listener.logout_token();

    let now = Clock::system().now().unix();
    let header = |name: &'static str, value: Value| resigned(&raw, |header, _| header[name] = value);
    let claim = |name: &'static str, value: Value| resigned(&raw, |_, claims| claims[name] = value);
    let without = |names: &'static [&str]| {
        resigned(&raw, |_, claims| names.iter().for_each(|name| drop(claims.as_object_mut().unwrap().remove(*name))))
    };
    assert!(refusal(&world.client, &resigned(&raw, |_, _| {})).await.is_none(), "signed again unchanged, it is good");
    for (name, token, kind) in [
        ("alg none", unsigned(&raw), Kind::LogoutTokenAlgorithm),
        ("another alg", header("alg", json!("HS256")), Kind::LogoutTokenAlgorithm),
        ("another issuer", claim("iss", json!("https://evil.example")), Kind::LogoutTokenIssuer),
        ("another audience", claim("aud", json!(APPS[1].id)), Kind::LogoutTokenAudience),
        ("no event", without(&["events"]), Kind::LogoutTokenClaims),
        ("another event", claim("events", json!({ "https://evil.example": {} })), Kind::LogoutTokenClaims),
        ("a nonce", claim("nonce", json!("n")), Kind::LogoutTokenClaims),
        ("neither sub nor sid", without(&["sub", "sid"]), Kind::LogoutTokenClaims),
        ("a cut signature", format!("{}A", &raw[..raw.len() - 2]), Kind::LogoutTokenMalformed),
        ("a stranger's signature", signed_by_a_stranger(&raw), Kind::LogoutTokenSignature),
        (
            "no typ",
            resigned(&raw, |header, _| drop(header.as_object_mut().unwrap().remove("typ"))),
            Kind::LogoutTokenMalformed,
        ),
        ("no iat", without(&["iat"]), Kind::LogoutTokenClaims),
        ("no jti", without(&["jti"]), Kind::LogoutTokenClaims),
        ("expired", claim("exp", json!(now - 301)), Kind::LogoutTokenTime),
        ("an unknown key", header("kid", json!("nobody")), Kind::IdTokenKeyUnknown),
        ("an ID token", world.http.last_id_token(), Kind::LogoutTokenMalformed),
    ] {
        assert_eq!(refusal(&world.client, &token).await, Some(kind), "L1: {name}");
    }
}

async fn refusal(client: &EntraClient, token: &str) -> Option<Kind> {
    client.verify_logout_token(token).await.err().map(|error| error.kind())
}

/// `alg` none, and no signature.
fn unsigned(raw: &str) -> String {
    let (mut header, claims) = opened(raw);
    header["alg"] = json!("none");
    let token = stranger().sign(Algorithm::Rs256, &header, &claims);
    format!("{}.", token.rsplit_once('.').unwrap().0)
}
