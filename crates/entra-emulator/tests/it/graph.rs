mod batch;
mod me;
mod photo;

use entra_emulator::Emulator;
use serde_json::Value;

use crate::flow::client;

/// A GET below `/graph` with a token.
async fn get(emulator: &Emulator, token: &str, path: &str) -> (u16, Value) {
    let response = client().get(format!("{}graph/{path}", emulator.url())).bearer_auth(token).send().await;
    let response = response.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.expect("JSON"))
}

/// A POST of JSON below `/graph` with a token.
async fn post(emulator: &Emulator, token: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = client().post(format!("{}graph/{path}", emulator.url())).bearer_auth(token).json(body);
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.expect("JSON"))
}
