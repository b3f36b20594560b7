use entra_emulator::{Browser, ErrorAnswer, Fault, seed};
use serde_json::json;

use crate::flow::{NOW, header, start};

use super::{SUSI, ask, redeem, refusal, tokens};

#[tokio::test]
async fn tokens_are_spoiled_in_their_own_shape() {
    let emulator = start().await;
    let elsewhere = "e15e0000-0000-4000-8000-0000000e15e0";
    let rows = [
        (Fault::WrongIssuer, "iss", json!(format!("https://contosob2c.b2clogin.com/{elsewhere}/v2.0/"))),
        (Fault::WrongNonce, "nonce", json!("another-nonce")),
        (Fault::WrongAudience, "aud", json!(elsewhere)),
        (Fault::ExpiredFor(301), "exp", json!(NOW - 301)),
        (Fault::Claim("tfp".to_owned(), json!("B2C_1_reset")), "tfp", json!("B2C_1_reset")),
    ];
    for (fault, claim, expected) in rows {
        emulator.faults().once(fault.clone());
        let token = tokens(&emulator, &ask(&emulator), seed::ROBIN).await.id_token();
        assert_eq!(token[claim], expected, "{fault:?}");
    }
    emulator.faults().once(Fault::AlgNone);
    let answer = tokens(&emulator, &ask(&emulator), seed::ROBIN).await;
    assert_eq!(header(answer.text("id_token"))["alg"], "none");
}

#[tokio::test]
async fn errors_on_demand_have_b2cs_words() {
    let emulator = start().await;
    let code = ask(&emulator).code(seed::ROBIN).await;
    let expired = ErrorAnswer::new("invalid_grant", 70008, "The code expired.");
    emulator.faults().once(Fault::TokenError(expired));
    let answer = redeem(&emulator, SUSI, &code).send().await;
    assert_eq!(refusal(&answer), ("invalid_grant", "AADB2C90080"), "the counterpart of Entra's number");
    let own = ErrorAnswer::new("server_error", 90037, "An error occurred.");
    emulator.faults().once(Fault::TokenError(own));
    let answer = redeem(&emulator, SUSI, &code).send().await;
    assert_eq!(refusal(&answer), ("server_error", "AADB2C90037"), "B2C's own number stays");
    emulator.faults().once(Fault::AuthorizePage(50057));
    let browser = Browser::new();
    let visit = browser.start_at(ask(&emulator).url()).stop_at("http://localhost/");
    let page = visit.signing_in_as(seed::ROBIN).await.expect("a page");
    assert_eq!(page.aadb2c(), Some(90111));
}
