//! How the admin API answers.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::json;

use crate::answer::{Answer, json as json_answer};
use crate::call::Call;

/// Reads the body and does the work.
pub(super) fn with_body<T: DeserializeOwned>(call: &Call<'_>, work: impl FnOnce(T) -> Answer) -> Answer {
    match serde_json::from_slice(&call.body) {
        Ok(body) => work(body),
        Err(error) => json_answer(400, &json!({ "error": error.to_string() })),
    }
}

/// Done, or why not.
pub(super) fn result(result: Result<(), impl Display>) -> Answer {
    match result {
        Ok(()) => done(),
        Err(error) => json_answer(400, &json!({ "error": error.to_string() })),
    }
}

pub(super) fn done() -> Answer {
    json_answer(200, &json!({ "done": true }))
}
