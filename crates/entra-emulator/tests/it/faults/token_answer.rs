//! Faults in the token endpoint's answer.

use entra_emulator::{ErrorAnswer, Fault, seed};
use serde_json::json;

use crate::flow::{Ask, TokenAsk, start, tokens};

#[tokio::test]
async fn numbers_as_texts() {
    let emulator = start().await;
    emulator.faults().once(Fault::NumbersAsStrings);
    let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    assert_eq!((&answer.body["expires_in"], &answer.body["ext_expires_in"]), (&json!("3599"), &json!("3599")));
    let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    assert_eq!(answer.body["expires_in"], 3599);
}

#[tokio::test]
async fn members_are_missing() {
    let emulator = start().await;
    for name in ["scope", "id_token", "access_token", "refresh_token", "token_type", "expires_in"] {
        emulator.faults().once(Fault::NoTokenMember(name.to_owned()));
        let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
        assert!(answer.body.get(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn errors_with_suberror_and_claims() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let claims = r#"{"access_token":{"polids":{"essential":true,"values":["p"]}}}"#;
    let error = ErrorAnswer::new("invalid_grant", 50076, "More is needed.");
    emulator.faults().once(Fault::TokenError(error.suberror("basic_action").claims(claims)));
    let answer = TokenAsk::code(&emulator, &code).send().await;
    assert_eq!(answer.summary(), "400 invalid_grant 50076");
    assert_eq!((answer.text("suberror"), answer.text("claims")), ("basic_action", claims), "claims is a text");
    assert_eq!(answer.text("error_uri"), "https://login.microsoftonline.com/error?code=50076");
    emulator.faults().once(Fault::TokenError(ErrorAnswer::new("temporarily_unavailable", 90036, "Later.").status(503)));
    assert_eq!(TokenAsk::code(&emulator, &code).send().await.summary(), "503 temporarily_unavailable 90036");
    assert_eq!(TokenAsk::code(&emulator, &code).send().await.status, 200, "the code was not used up");
}

#[tokio::test]
async fn line_breaks_in_the_description() {
    let emulator = start().await;
    emulator.faults().once(Fault::LineBreaks);
    let answer = TokenAsk::refresh(&emulator, "nothing").send().await;
    let lines: Vec<&str> = answer.text("error_description").split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    let answer = TokenAsk::refresh(&emulator, "nothing").send().await;
    assert!(!answer.text("error_description").contains(['\r', '\n']));
}

#[tokio::test]
async fn a_code_that_works_again_and_again() {
    let emulator = start().await;
    emulator.faults().once(Fault::ReusableCode);
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    for _ in 0..3 {
        assert_eq!(TokenAsk::code(&emulator, &code).send().await.status, 200);
    }
}
