use std::time::Duration;

use entra_emulator::{Emulator, EmulatorClock, seed};

use crate::flow::{Ask, NOW, TokenAsk, claims, start, tokens};

async fn refresh_token(emulator: &Emulator) -> String {
    tokens(emulator, &Ask::new(emulator), seed::ADELE).await.text("refresh_token").to_owned()
}

#[tokio::test]
async fn the_old_one_stays_valid() {
    let emulator = start().await;
    let old = refresh_token(&emulator).await;
    let first = TokenAsk::refresh(&emulator, &old).send().await;
    assert_eq!(first.status, 200);
    assert_ne!(first.text("refresh_token"), old, "a new one each time");
    assert!(first.id_token().get("nonce").is_none(), "a refreshed ID token has no nonce");
    assert_eq!(first.id_token()["oid"], seed::ADELE_ID);
    assert_eq!(TokenAsk::refresh(&emulator, &old).send().await.status, 200);
    assert_eq!(TokenAsk::refresh(&emulator, first.text("refresh_token")).send().await.status, 200);
}

#[tokio::test]
async fn it_is_bound_to_the_client_and_not_to_tenant_or_resource() {
    let emulator = start().await;
    let token = refresh_token(&emulator).await;
    let ask = TokenAsk::refresh(&emulator, &token);
    let other =
        ask.clone().set("client_id", seed::SINGLE_TENANT_APP_ID).set("client_secret", seed::SINGLE_TENANT_APP_SECRET);
    assert_eq!(other.send().await.summary(), "400 invalid_grant 70000");
    assert_eq!(ask.clone().at(&emulator, "common").send().await.status, 200);
    let scope = format!("api://{}/read", seed::APP_ID);
    let answer = ask.clone().set("scope", &scope).send().await;
    assert_eq!(claims(answer.text("access_token"))["aud"], seed::APP_ID);
    assert_eq!(ask.clone().set("refresh_token", "1.Anything").send().await.summary(), "400 invalid_grant 70000");
    assert_eq!(ask.without("refresh_token").send().await.summary(), "400 invalid_request 900144");
}

#[tokio::test]
async fn it_dies_of_idleness_and_revocation() {
    let emulator = start().await;
    let token = refresh_token(&emulator).await;
    emulator.clock().advance(Duration::from_secs(90 * 24 * 3600 - 1));
    let answer = TokenAsk::refresh(&emulator, &token).send().await;
    assert_eq!(answer.status, 200);
    emulator.clock().advance(Duration::from_secs(1));
    assert_eq!(TokenAsk::refresh(&emulator, &token).send().await.summary(), "400 invalid_grant 700082");
    let young = answer.text("refresh_token").to_owned();
    assert_eq!(TokenAsk::refresh(&emulator, &young).send().await.status, 200);
    emulator.revoke(seed::ADELE).expect("Adele");
    assert_eq!(TokenAsk::refresh(&emulator, &young).send().await.summary(), "400 invalid_grant 50173");
}

#[tokio::test]
async fn a_password_reset_ends_older_ones() {
    let emulator = start().await;
    let token = refresh_token(&emulator).await;
    emulator.clock().advance(Duration::from_secs(1));
    let now = emulator.clock().now();
    emulator.directory().change_user(seed::ADELE, |user| user.tokens_valid_from = now).expect("a change");
    assert_eq!(TokenAsk::refresh(&emulator, &token).send().await.summary(), "400 invalid_grant 50173");
    assert_eq!(TokenAsk::refresh(&emulator, &refresh_token(&emulator).await).send().await.status, 200);
}

#[tokio::test]
async fn leavers_get_nothing() {
    let emulator = start().await;
    let token = refresh_token(&emulator).await;
    emulator.directory().change_user(seed::ADELE, |user| user.enabled = false).expect("a change");
    assert_eq!(TokenAsk::refresh(&emulator, &token).send().await.summary(), "400 invalid_grant 50057");
    emulator.directory().remove_user(seed::ADELE).expect("a change");
    assert_eq!(TokenAsk::refresh(&emulator, &token).send().await.summary(), "400 invalid_grant 50034");
}

#[tokio::test]
async fn strict_rotation_revokes_everything_at_reuse() {
    let builder = Emulator::builder().clock(EmulatorClock::at(NOW)).strict_refresh(true);
    let emulator = builder.start().await.expect("a start");
    let old = refresh_token(&emulator).await;
    for (scope, refusal) in [
        ("api://nobody/read", "400 invalid_resource 500011"),
        ("User.Read api://6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a/read", "400 invalid_request 700022"),
    ] {
        let refused = TokenAsk::refresh(&emulator, &old).set("scope", scope).send().await;
        assert_eq!(refused.summary(), refusal, "and the token is not used up");
    }
    let new = TokenAsk::refresh(&emulator, &old).send().await.text("refresh_token").to_owned();
    assert_eq!(TokenAsk::refresh(&emulator, &old).send().await.summary(), "400 invalid_grant 50173");
    assert_eq!(TokenAsk::refresh(&emulator, &new).send().await.summary(), "400 invalid_grant 50173");
}
