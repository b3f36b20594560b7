use entra_emulator::{Endpoint, Fault, seed};
use serde_json::{Value, json};

use super::post;
use crate::flow::{Ask, start, tokens};

#[tokio::test]
async fn items_are_answered_one_by_one() {
    let emulator = start().await;
    let token = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.text("access_token").to_owned();
    let requests = json!({ "requests": [
        { "id": "me", "method": "GET", "url": "/me?$select=id" },
        { "id": "photo", "method": "GET", "url": "/me/photo/$value" },
        { "id": "groups", "method": "POST", "url": "/me/getMemberObjects",
          "headers": { "Content-Type": "application/json" }, "body": { "securityEnabledOnly": false } },
        { "id": "other", "method": "GET", "url": format!("/users/{}", seed::ALEX_ID) },
        { "id": "after", "method": "GET", "url": "/me", "dependsOn": ["other"] },
    ]});
    emulator.faults().once(Fault::Throttled(Endpoint::Photo, Some("2.128".to_owned())));
    let (status, body) = post(&emulator, &token, "v1.0/$batch", &requests).await;
    assert_eq!(status, 200);
    let of = |id: &str| -> Value {
        let mut responses = body["responses"].as_array().expect("a list").iter();
        responses.find(|response| response["id"] == id).expect("an answer").clone()
    };
    assert_ne!(body["responses"][0]["id"], "me", "in no order to rely on");
    assert_eq!((&of("me")["status"], &of("me")["body"]["id"]), (&json!(200), &json!(seed::ADELE_ID)));
    assert_eq!((&of("photo")["status"], &of("photo")["headers"]["Retry-After"]), (&json!(429), &json!("2.128")));
    assert_eq!(of("groups")["body"]["value"], json!([seed::ENGINEERING, seed::ALL_STAFF]));
    assert_eq!(of("other")["status"], 403);
    assert_eq!(of("after")["status"], 424, "a failed dependency");
    let (_, again) = post(&emulator, &token, "v1.0/$batch", &requests).await;
    let photo = again["responses"].as_array().expect("a list").iter().find(|response| response["id"] == "photo");
    let photo = photo.and_then(|photo| photo["body"].as_str()).expect("base64 text");
    assert!(photo.starts_with("iVBORw0KGgo"), "a PNG in base64");
}

#[tokio::test]
async fn limits() {
    let emulator = start().await;
    let token = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.text("access_token").to_owned();
    let many = |count: usize| -> Value {
        let items = (0..count).map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/me" }));
        json!({ "requests": items.collect::<Vec<_>>() })
    };
    assert_eq!(post(&emulator, &token, "v1.0/$batch", &many(20)).await.0, 200);
    assert_eq!(post(&emulator, &token, "v1.0/$batch", &many(21)).await.0, 400);
    assert_eq!(post(&emulator, &token, "v1.0/$batch", &json!([])).await.0, 400);
}
