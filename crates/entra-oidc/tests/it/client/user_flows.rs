//! B2C's user flows as the client sees them (F-16): forgotten, cancelled, reset, edited. None of them but the sign-in
//! gives an identity: the others are taken note of.

use entra_emulator::{Browser, Endpoint, seed};
use entra_oidc::{AuthorizationResponse, SignInErrorKind as Kind};

use crate::client::scene::{Role, b2c, options};

fn response(page: &entra_emulator::Page) -> AuthorizationResponse {
    AuthorizationResponse::from_query(page.location().unwrap().query().unwrap()).unwrap()
}

#[tokio::test]
async fn a_forgotten_password_leads_to_the_reset_and_back() {
    let scene = Role::B2c.scene();
    let stage = scene.stage().await;
    let browser = Browser::new();
    let visit = |url: &url::Url| browser.start_at(url).stop_at(seed::REDIRECT_URI);

    let (url, pending) = stage.client.begin(stage.options()).await.unwrap();
    let page = visit(&url).forgetting_password().await.unwrap();
    let error = stage.client.complete(pending, response(&page)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::PasswordForgotten);
    assert_eq!(error.microsoft().and_then(|microsoft| microsoft.aadb2c), Some(90_118));

    let reset = scene.client(&stage.emulator, &stage.clock, b2c(seed::B2C_RESET_POLICY));
    let (url, pending) = reset.begin(options(&stage.clock)).await.unwrap();
    let page = visit(&url).resetting_password_of(seed::ROBIN).await.unwrap();
    reset.acknowledge(pending, response(&page)).await.unwrap();
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), 0, "the code is dropped");

    let (url, pending) = stage.client.begin(stage.options()).await.unwrap();
    let page = visit(&url).asking_nobody().await.unwrap();
    let (identity, _) = stage.client.complete(pending, response(&page)).await.unwrap();
    assert_eq!(identity.account().to_string(), scene.account);
}

#[tokio::test]
async fn who_turns_back_has_turned_back_in_every_flow() {
    let scene = Role::B2c.scene();
    let stage = scene.stage().await;
    for policy in [seed::B2C_SIGN_IN_POLICY, seed::B2C_RESET_POLICY] {
        let client = scene.client(&stage.emulator, &stage.clock, b2c(policy));
        let (url, pending) = client.begin(options(&stage.clock)).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).cancelling().await.unwrap();
        let error = client.acknowledge(pending, response(&page)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Cancelled, "{policy}");
    }
}

#[tokio::test]
async fn one_policy_s_code_is_nothing_to_another() {
    let scene = Role::B2c.scene();
    let stage = scene.stage().await;
    let edit = scene.client(&stage.emulator, &stage.clock, b2c(seed::B2C_EDIT_POLICY));
    let (url, pending) = edit.begin(options(&stage.clock)).await.unwrap();
    let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).editing_profile_as(seed::ROBIN, &[]).await;
    let outcome = stage.client.complete(pending, response(&page.unwrap())).await;
    assert_eq!(outcome.err().map(|error| error.kind()), Some(Kind::GrantRefused));
}

#[tokio::test]
async fn what_is_acknowledged_belongs_to_the_attempt() {
    let stage = Role::B2c.scene().stage().await;
    let (_, pending) = stage.client.begin(stage.options()).await.unwrap();
    let other = AuthorizationResponse::from_query("code=c&state=another-attempt-altogether").unwrap();
    let error = stage.client.acknowledge(pending, other).await.unwrap_err();
    assert_eq!(error.kind(), Kind::StateMismatch, "S1");
}
