//! Z1: what the journal says, and what it never says.

use entra_emulator::{Browser, Endpoint, seed};

use crate::flow::{Ask, CHALLENGE, TokenAsk, VERIFIER, client, start, told};

#[tokio::test]
async fn requests_are_counted_and_told() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    TokenAsk::code(&emulator, &code).send().await;
    let journal = emulator.journal();
    let rows = [(Endpoint::Authorize, 1), (Endpoint::SignIn, 1), (Endpoint::Token, 1), (Endpoint::Discovery, 0)];
    for (endpoint, count) in rows {
        assert_eq!(journal.count(endpoint), count, "{endpoint:?}");
    }
    assert_eq!(journal.total(), 3);
    let entries = journal.entries();
    let token = entries.last().expect("an entry");
    assert_eq!((token.endpoint, token.method.as_str(), token.status), (Endpoint::Token, "POST", 200));
    assert_eq!(token.path, format!("/{}/oauth2/v2.0/token", seed::CONTOSO));
    let shown =
        |name: &str| token.parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value.as_str());
    assert_eq!(shown("client_id"), Some(seed::APP_ID));
    assert_eq!(shown("grant_type"), Some("authorization_code"));
    assert_eq!(shown("client_secret"), Some("…"));
    journal.clear();
    assert_eq!((journal.total(), journal.entries().len()), (0, 0));
}

#[tokio::test]
async fn z1_no_secret_is_in_it() {
    let emulator = start().await;
    let browser = Browser::new();
    let state = "state-canary";
    let answer = told(&Ask::new(&emulator).set("state", state).answered_to(&browser, seed::ADELE).await);
    let tokens = TokenAsk::code(&emulator, &answer["code"]).send().await;
    let refresh = TokenAsk::refresh(&emulator, tokens.text("refresh_token")).send().await;
    let hint = format!("{}common/oauth2/v2.0/logout?id_token_hint={}", emulator.url(), tokens.text("id_token"));
    let cookies = browser.cookies(emulator.url());
    browser.get(&hint).await.expect("a page");
    client()
        .get(format!("{}graph/v1.0/me", emulator.url()))
        .bearer_auth(tokens.text("access_token"))
        .send()
        .await
        .expect("an answer");
    let told = format!(
        "{:?} {}",
        emulator.journal().entries(),
        serde_json::to_string(&emulator.journal().entries()).expect("JSON")
    );
    assert!(!cookies.is_empty());
    let cookies = cookies.iter().map(|(_, value)| value.as_str());
    let secrets = [
        state,
        "the-nonce",
        VERIFIER,
        CHALLENGE,
        seed::APP_SECRET,
        &answer["code"],
        &answer["session_state"],
        tokens.text("access_token"),
        tokens.text("id_token"),
        tokens.text("refresh_token"),
        refresh.text("refresh_token"),
        emulator.admin_token(),
    ];
    for secret in secrets.into_iter().chain(cookies) {
        assert!(!secret.is_empty() && !told.contains(secret), "a secret is in the journal");
        assert!(!format!("{emulator:?}").contains(secret), "a secret is in Debug");
    }
}
