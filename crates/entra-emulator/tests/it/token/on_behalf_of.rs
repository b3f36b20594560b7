//! On-behalf-of: an API exchanges its caller's token.

use entra_emulator::{Emulator, seed};
use serde_json::json;

use crate::flow::{Answer, Ask, NOW, TokenAsk, claims, client, start, tokens};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn api(id: &str) -> String {
    format!("api://{id}/access")
}

/// The seeded application is the API; the single-tenant one calls it for Adele.
async fn caller() -> (Emulator, Answer) {
    let emulator = start().await;
    for id in [seed::APP_ID, seed::SINGLE_TENANT_APP_ID] {
        emulator.directory().change_app(id, |app| app.consented_scopes.push(api(seed::APP_ID))).expect("a change");
    }
    let scope = format!("openid profile offline_access {}", api(seed::APP_ID));
    let ask = Ask::new(&emulator).set("client_id", seed::SINGLE_TENANT_APP_ID).set("scope", &scope);
    let code = ask.code(seed::ADELE).await;
    let answer = TokenAsk::code(&emulator, &code)
        .set("client_id", seed::SINGLE_TENANT_APP_ID)
        .set("client_secret", seed::SINGLE_TENANT_APP_SECRET)
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    (emulator, answer)
}

fn exchange(emulator: &Emulator, assertion: &str, scope: &str) -> TokenAsk {
    let ask = TokenAsk::app(emulator, scope).set("grant_type", GRANT).set("assertion", assertion);
    ask.set("requested_token_use", "on_behalf_of")
}

#[tokio::test]
async fn a_token_for_graph_on_behalf_of_the_caller() {
    let (emulator, caller) = caller().await;
    let token = caller.text("access_token");
    let scope = "https://graph.microsoft.com/User.Read openid profile offline_access";
    let answer = exchange(&emulator, token, scope).set("client_info", "1").send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut names: Vec<&str> = answer.body.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = [
        "access_token",
        "client_info",
        "expires_in",
        "ext_expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    ];
    assert_eq!(names, expected);
    let access = claims(answer.text("access_token"));
    assert_eq!((&access["oid"], &access["appid"]), (&json!(seed::ADELE_ID), &json!(seed::APP_ID)));
    assert_eq!(access["sid"], claims(token)["sid"], "the same sign-in");
    assert_eq!(answer.id_token()["aud"], seed::APP_ID);
    let me = client().get(format!("{}graph/v1.0/me", emulator.url())).bearer_auth(answer.text("access_token"));
    assert_eq!(me.send().await.expect("an answer").status(), 200);
    let refreshed = TokenAsk::refresh(&emulator, answer.text("refresh_token")).send().await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
}

#[tokio::test]
async fn what_is_no_assertion() {
    let (emulator, caller) = caller().await;
    let graph = "https://graph.microsoft.com/User.Read";
    let own = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let app_only = TokenAsk::app(&emulator, &format!("api://{}/.default", seed::APP_ID)).send().await;
    let token = caller.text("access_token");
    let right = exchange(&emulator, token, graph);
    let public = right.clone().set("client_id", seed::PUBLIC_APP_ID).without("client_secret");
    let rows = [
        ("right", right.clone(), "200 - null"),
        ("an ID token", exchange(&emulator, caller.text("id_token"), graph), "400 invalid_grant 240002"),
        ("our own ID token", exchange(&emulator, own.text("id_token"), graph), "400 invalid_grant 240002"),
        ("a token for Graph", exchange(&emulator, own.text("access_token"), graph), "400 invalid_grant 500131"),
        ("an app-only token", exchange(&emulator, app_only.text("access_token"), graph), "400 invalid_grant 7000114"),
        ("a forged token", exchange(&emulator, &format!("{token}A"), graph), "400 invalid_grant 50013"),
        ("nonsense", exchange(&emulator, "nonsense", graph), "400 invalid_grant 50013"),
        ("no assertion", right.clone().without("assertion"), "400 invalid_request 900144"),
        ("no use", right.clone().without("requested_token_use"), "400 invalid_request 900144"),
        ("another use", right.clone().set("requested_token_use", "other"), "400 invalid_request 90023"),
        ("no scope", right.clone().without("scope"), "400 invalid_request 900144"),
        (
            "two resources",
            exchange(&emulator, token, &format!("{graph} {}", api(seed::APP_ID))),
            "400 invalid_request 700022",
        ),
        ("wrong secret", right.clone().set("client_secret", "wrong"), "401 invalid_client 7000215"),
        ("a public client", public, "401 invalid_client 7000218"),
        ("another tenant", right.clone().at(&emulator, seed::FABRIKAM), "400 invalid_grant 50020"),
        ("common", right.clone().at(&emulator, "common"), "200 - null"),
        ("configured permissions", exchange(&emulator, token, "https://graph.microsoft.com/.default"), "200 - null"),
    ];
    for (what, ask, expected) in rows {
        assert_eq!(ask.send().await.summary(), expected, "{what}");
    }
    emulator.revoke(seed::ADELE).expect("a user");
    assert_eq!(right.send().await.summary(), "400 invalid_grant 50173", "revoked");
    emulator.clock().set(NOW + 3600);
    assert_eq!(right.send().await.summary(), "400 invalid_grant 500133", "expired");
}

#[tokio::test]
async fn consent_is_needed() {
    let (emulator, caller) = caller().await;
    let ask = exchange(&emulator, caller.text("access_token"), "https://graph.microsoft.com/Files.Read");
    let answer = ask.send().await;
    assert_eq!(answer.summary(), "400 invalid_grant 65001");
    assert_eq!(answer.text("suberror"), "consent_required");
    emulator
        .directory()
        .change_app(seed::APP_ID, |app| app.consented_scopes.push("Files.Read".to_owned()))
        .expect("a change");
    assert_eq!(ask.send().await.summary(), "200 - null");
}
