//! Faults at an endpoint, whatever it serves.

mod authorities;
mod authorization_response;
mod catalogue;
mod graph;
mod id_token;
mod sign_out;
mod token_answer;

use entra_emulator::{Emulator, Endpoint, Fault};
use serde_json::{Value, json};

use crate::flow::{client, get_json, start};

fn url(emulator: &Emulator) -> String {
    format!("{}common/v2.0/.well-known/openid-configuration", emulator.url())
}

async fn text(emulator: &Emulator) -> (u16, String, String) {
    let response = client().get(url(emulator)).send().await.expect("an answer");
    let content_type = response.headers()["content-type"].to_str().expect("text").to_owned();
    (response.status().as_u16(), content_type, response.text().await.expect("a body"))
}

#[tokio::test]
async fn each_fault_once() {
    let emulator = start().await;
    let at = Endpoint::Discovery;
    let clean = text(&emulator).await;
    emulator.faults().once(Fault::Status(at, 500));
    assert_eq!(text(&emulator).await.0, 500);
    emulator.faults().once(Fault::Html(at));
    let (status, content_type, body) = text(&emulator).await;
    assert_eq!((status, content_type.as_str()), (200, "text/html; charset=utf-8"));
    assert!(body.starts_with("<!doctype html>"));
    emulator.faults().once(Fault::Truncated(at));
    let (status, _, body) = text(&emulator).await;
    assert_eq!((status, body.len()), (200, clean.2.len() / 2));
    assert!(serde_json::from_str::<Value>(&body).is_err());
    emulator.faults().once(Fault::Oversized(at, 300_000));
    let (_, _, body) = text(&emulator).await;
    assert_eq!(body.len(), 300_000);
    assert!(serde_json::from_str::<Value>(&body).is_ok(), "only its size is wrong");
    emulator.faults().once(Fault::Body(at, "[]".to_owned()));
    assert_eq!(text(&emulator).await.2, "[]");
    emulator.faults().once(Fault::Redirect(at, "https://evil.example/".to_owned()));
    let response = client().get(url(&emulator)).send().await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (302, &"https://evil.example/".parse().expect("a header"))
    );
    assert_eq!(text(&emulator).await, clean, "and then it is well again");
}

#[tokio::test]
async fn members_are_set_and_removed() {
    let emulator = start().await;
    let at = Endpoint::Discovery;
    let issuer = json!("https://login.microsoftonline.com/{tenantid}/v2.0/");
    emulator.faults().together([
        Fault::Member(at, "issuer".to_owned(), Some(issuer.clone())),
        Fault::Member(at, "jwks_uri".to_owned(), None),
    ]);
    let (_, body) = get_json(url(&emulator)).await;
    assert_eq!((&body["issuer"], body.get("jwks_uri")), (&issuer, None));
}

#[tokio::test]
async fn faults_meet_their_endpoint_only() {
    let emulator = start().await;
    emulator.faults().always(Fault::Status(Endpoint::Keys, 503));
    assert_eq!(text(&emulator).await.0, 200);
    let keys = || client().get(format!("{}common/discovery/v2.0/keys", emulator.url())).send();
    assert_eq!(keys().await.expect("an answer").status(), 503);
    assert_eq!(keys().await.expect("an answer").status(), 503);
    emulator.faults().clear();
    assert_eq!(keys().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_held_request_goes_on_when_released() {
    let emulator = start().await;
    emulator.faults().once(Fault::Hang(Endpoint::Discovery));
    let held = tokio::spawn(client().get(url(&emulator)).send());
    emulator.faults().wait_until_held(1).await;
    assert_eq!(text(&emulator).await.0, 200, "others are not held");
    assert!(!held.is_finished());
    emulator.faults().release();
    assert_eq!(held.await.expect("no panic").expect("an answer").status(), 200);
    assert_eq!(emulator.faults().held(), 0);
}

#[tokio::test]
async fn a_client_that_gives_up_is_not_held_any_more() {
    let emulator = start().await;
    emulator.faults().once(Fault::Hang(Endpoint::Discovery));
    let held = tokio::spawn(client().get(url(&emulator)).send());
    emulator.faults().wait_until_held(1).await;
    held.abort();
    let mut turns = 0;
    while emulator.faults().held() > 0 {
        turns += 1;
        assert!(turns < 100_000, "still held");
        tokio::task::yield_now().await;
    }
}

#[test]
fn faults_are_written_as_json() {
    let rows = [
        (json!({ "status": ["token", 500] }), Fault::Status(Endpoint::Token, 500)),
        (json!({ "hang": "me" }), Fault::Hang(Endpoint::Me)),
        (json!("wrong_nonce"), Fault::WrongNonce),
        (json!({ "claim": ["aud", "other"] }), Fault::Claim("aud".to_owned(), json!("other"))),
    ];
    for (text, fault) in rows {
        assert_eq!(serde_json::from_value::<Fault>(text.clone()).expect("a fault"), fault);
        assert_eq!(serde_json::to_value(fault).expect("JSON"), text);
    }
}
