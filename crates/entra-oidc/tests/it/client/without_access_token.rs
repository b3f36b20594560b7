//! A sign-in that asks for no API may bring an ID token alone.

use entra_oidc::{EntraClient, GraphErrorKind, Identity, SignInErrorKind as Kind, Timestamp, TokenSet};
use serde_json::{Value, json};

use crate::{
    client::{START, answer, world},
    microsoft::{Endpoint, Microsoft, Reply, builder, options, tenant},
    signer::Forge,
};

async fn sign_in(client: &EntraClient, microsoft: &Microsoft, members: Value) -> Result<(Identity, TokenSet), Kind> {
    let (_, pending) = client.begin(options(START)).await.unwrap();
    let mut body = members;
    body["id_token"] = json!(Forge::valid(START.unix(), pending.nonce().expose()).token());
    microsoft.once(Endpoint::Token, Reply::json(&body));
    let response = answer(&pending, "");
    client.complete(pending, response).await.map_err(|error| error.kind())
}

/// As B2C answers to `openid` alone, with numbers as strings.
fn alone() -> Value {
    json!({ "token_type": "Bearer", "scope": "", "not_before": "1790000000", "id_token_expires_in": "3600",
        "profile_info": "eyJ", "refresh_token": "canary-refresh", "refresh_token_expires_in": 1_209_600 })
}

#[tokio::test]
async fn nothing_is_asked_of_graph_without_one() {
    let (microsoft, clock) = world();
    for scopes in [&[][..], &["offline_access"]] {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let client = builder(tenant(), &microsoft, &clock).scopes(scopes).build().unwrap();
        let (_, tokens) = sign_in(&client, &microsoft, alone()).await.unwrap();
        assert!(tokens.access_token().is_none());
        assert_eq!(tokens.expires_at(), Timestamp::from_unix(START.unix() + 3600));

        let answer = client.graph().unwrap().profile(&tokens).await;
        assert_eq!(answer.me.unwrap_err().kind(), GraphErrorKind::TokenMissing);
        assert_eq!(answer.photo.unwrap_err().kind(), GraphErrorKind::TokenMissing);
        assert_eq!((microsoft.count(Endpoint::Me), microsoft.count(Endpoint::Photo)), (0, 0));

        let kept = serde_json::to_string(&tokens.expose()).unwrap();
        assert!(!kept.contains("access_token"), "{kept}");
        let kept: entra_oidc::ExposedTokens = serde_json::from_str(&kept).unwrap();
        let refreshed = json!({ "token_type": "Bearer", "access_token": "canary-access", "expires_in": "3600" });
        microsoft.once(Endpoint::Token, Reply::json(&refreshed));
        assert!(client.refresh(&kept.conceal()).await.unwrap().tokens.access_token().is_some());
    }
}

#[tokio::test]
async fn who_asks_for_an_api_must_get_one() {
    let (microsoft, clock) = world();
    let client = crate::microsoft::client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, alone()).await.map(|_| ()), Err(Kind::TokenResponseInvalid));
    microsoft.once(Endpoint::Token, Reply::json(&alone()));
    let outcome = client.app_token("https://graph.microsoft.com/.default").await;
    assert_eq!(outcome.unwrap_err().kind(), Kind::TokenResponseInvalid);
}
