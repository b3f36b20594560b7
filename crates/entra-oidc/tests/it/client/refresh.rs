//! What a refresh asks for and hands on: scopes, tokens for another API, whom the new ID token describes.

use std::time::Duration;

use entra_oidc::{Authority, ClaimsChallenge, Cloud, Groups, SignInErrorKind as Kind, Tenant};
use serde_json::json;

use super::{START, sign_in, tokens, world};
use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, client, guid},
    signer::{Forge, TENANT},
};

const API: &str = "api://6731de76-14a6-49ae-97bc-6eba6914391e/read";

fn for_api() -> Reply {
    Reply::json(&json!({ "token_type": "Bearer", "access_token": "for-the-api", "refresh_token": "rotated",
        "expires_in": 600, "scope": API }))
}

#[tokio::test]
async fn microsoft_is_told_the_scopes_of_the_sign_in_again() {
    let (microsoft, clock) = world();
    let scopes = ["User.Read", "offline_access"].map(str::to_owned).to_vec();
    let client = builder(crate::microsoft::tenant(), &microsoft, &clock).scopes(scopes).build().unwrap();
    let (_, first) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    microsoft.once(Endpoint::Token, for_api());
    client.refresh(&first).await.unwrap();
    assert_eq!(microsoft.last_form()["scope"], "openid profile email User.Read offline_access");
}

#[tokio::test]
async fn a_refreshed_id_token_says_who_the_user_is_now() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (before, first) =
        sign_in(&client, &microsoft, |forge| forge.claim("roles", json!(["Admin"])).claim("groups", json!([TENANT])))
            .await
            .unwrap();
    let forge = Forge::valid(START.unix(), "x").without("nonce").claim("sid", json!("5f7c")).claim("roles", json!([]));
    microsoft.once(Endpoint::Token, Reply::json(&tokens(&forge.token())));
    let after = client.refresh(&first).await.unwrap().identity.expect("an ID token came");
    assert_eq!(before.claims().roles(), ["Admin"]);
    assert_eq!((after.account(), after.authority_id()), (before.account(), before.authority_id()));
    assert!(after.claims().roles().is_empty(), "K9: the role is gone");
    assert!(matches!(after.claims().groups(), Groups::None), "K9: the group is gone");
    assert_eq!(after.session_id(), Some("5f7c"));

    microsoft.once(Endpoint::Token, for_api());
    assert!(client.refresh(&first).await.unwrap().identity.is_none());
}

#[tokio::test]
async fn a_token_for_another_api_stands_beside_the_first() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (_, first) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    microsoft.once(Endpoint::Token, for_api());
    let second = client.refresh_for(&first, &[API]).await.unwrap().tokens;
    let form = microsoft.last_form();
    assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", "canary-refresh"));
    assert_eq!(form["scope"], format!("{API} offline_access"));
    assert_eq!(second.access_token().map(entra_oidc::Secret::expose), Some("for-the-api"));
    assert_eq!(second.refresh_token().map(entra_oidc::Secret::expose), Some("rotated"), "the newest one");
    assert_eq!((second.owner(), second.scope()), (first.owner(), Some(API)));
    assert_eq!(second.expires_at(), START.plus(Duration::from_mins(10)));

    let silent = json!({ "token_type": "Bearer", "access_token": "x", "expires_in": 10 });
    microsoft.once(Endpoint::Token, Reply::json(&silent));
    let third = client.refresh_for(&second, &[API]).await.unwrap().tokens;
    assert_eq!(third.refresh_token().map(entra_oidc::Secret::expose), Some("rotated"), "the old one stays");
    assert_eq!(third.scope(), None, "not that of another token");

    for scopes in [&[][..], &["a b"], &[""], &["a\""]] {
        assert_eq!(client.refresh_for(&first, scopes).await.unwrap_err().kind(), Kind::OptionInvalid, "{scopes:?}");
    }
    microsoft
        .once(Endpoint::Token, Reply::json(&tokens(&Forge::valid(START.unix(), "x").claim("sub", json!("y")).token())));
    assert_eq!(client.refresh_for(&first, &[API]).await.unwrap_err().kind(), Kind::AnotherUser, "T23");
}

#[tokio::test]
async fn v1_is_asked_for_one_resource() {
    let authority = Authority::entra_v1(Cloud::Public, Tenant::Id(guid(TENANT)), None).unwrap();
    let (microsoft, clock) = (Microsoft::of(TENANT), world().1);
    let client = builder(authority, &microsoft, &clock).build().unwrap();
    let mut kept = entra_oidc::ExposedTokens::new("at", START);
    kept.refresh_token = Some("canary-refresh".to_owned());
    let kept = kept.conceal();
    let asked = client.refresh_for(&kept, &["api://x/.default"]).await;
    assert!(asked.is_err(), "this Microsoft publishes no v1 documents");
    assert_eq!(client.refresh_for(&kept, &["a", "b"]).await.unwrap_err().kind(), Kind::OptionInvalid);
}

#[tokio::test]
async fn a_busy_token_endpoint_says_for_how_long() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (_, first) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    for (reply, after, temporary) in [
        (Reply::headed(429, "retry-after", "17"), Some(17), true),
        (Reply::headed(503, "retry-after", "2.5"), Some(2), true),
        (Reply::status(503, ""), None, true),
        (Reply::Fail(entra_oidc::HttpErrorKind::Timeout), None, true),
        (Reply::status(400, r#"{"error":"invalid_grant"}"#), None, false),
        (Reply::status(401, r#"{"error":"invalid_client"}"#), None, false),
    ] {
        microsoft.once(Endpoint::Token, reply);
        let error = client.refresh(&first).await.unwrap_err();
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), after, "{error}");
        assert_eq!(error.is_temporary(), temporary, "{error}");
    }
}

#[tokio::test]
async fn a_challenge_of_the_token_endpoint_is_one_for_the_next_sign_in() {
    let (microsoft, clock) = world();
    let client = client(&microsoft, &clock);
    let (_, first) = sign_in(&client, &microsoft, |forge| forge).await.unwrap();
    let claims = r#"{"access_token":{"polids":{"essential":true,"values":["x"]}}}"#;
    let body = json!({ "error": "interaction_required", "claims": claims });
    microsoft.once(Endpoint::Token, Reply::status(400, &body.to_string()));
    let error = client.refresh_for(&first, &[API]).await.unwrap_err();
    assert_eq!(error.kind(), Kind::InteractionRequired);
    assert_eq!(ClaimsChallenge::from_json(error.claims().unwrap()).unwrap().as_json(), claims);
}
