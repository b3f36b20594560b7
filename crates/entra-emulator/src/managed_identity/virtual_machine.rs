//! The instance metadata service of a virtual machine.

use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;

use super::request::{Problem, ask};
use super::token::{BACKDATED, Issued};

/// `GET /metadata/identity/oauth2/token`
pub(crate) fn answer(call: &Call<'_>) -> Answer {
    let refuse = |error: &str, description: &str| {
        answer::json(400, &json!({ "error": error, "error_description": description }))
    };
    if !call.header("metadata").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return refuse("invalid_request", "Required metadata header not specified");
    }
    // A proxy in between, or a request that somebody made this machine send.
    if call.header("x-forwarded-for").is_some() {
        return refuse("invalid_request", "Header X-Forwarded-For is not allowed");
    }
    if !call.query.get("api-version").is_some_and(is_version) {
        let versions = ["2018-02-01", "2019-08-01", "2021-02-01"];
        let text = "Bad request. api-version is invalid or was not specified in the request.";
        return answer::json(400, &json!({ "error": text, "newest-versions": versions }));
    }
    match ask(call, "msi_res_id") {
        Ok(issued) => answer::json(200, &body(&issued, call.now())),
        Err(Problem { error, text }) => refuse(error, &text),
    }
}

/// A date from the first version on.
fn is_version(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape) && text >= "2018-02-01"
}

fn body(issued: &Issued, now: i64) -> Value {
    json!({
        "access_token": issued.token,
        "client_id": issued.client_id,
        "expires_in": (issued.expires - now).to_string(),
        "expires_on": issued.expires.to_string(),
        "ext_expires_in": (issued.expires - now).to_string(),
        "not_before": (now - BACKDATED).to_string(),
        "resource": issued.resource,
        "token_type": "Bearer",
    })
}
