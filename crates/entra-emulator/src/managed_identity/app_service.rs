//! The identity endpoint of App Service, Functions and Container Apps.

use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::chance;
use crate::service::Service;

use super::request::{Problem, ask};
use super::token::Issued;

/// What App Service puts into the environment.
pub(crate) fn environment(service: &Service) -> [(&'static str, String); 2] {
    let endpoint = format!("{}/msi/token", service.hosts.canonical_base());
    [("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", service.identity_header.as_str().to_owned())]
}

/// `GET /msi/token`
pub(crate) fn answer(call: &Call<'_>) -> Answer {
    let refuse = |status: u16, message: &str| {
        answer::json(status, &json!({ "statusCode": status, "message": message, "correlationId": chance::guid() }))
    };
    let sent = call.header("x-identity-header").unwrap_or_default();
    if !call.service.identity_header.is(sent) {
        return refuse(401, "The header X-IDENTITY-HEADER is missing or wrong.");
    }
    if call.query.get("api-version") != Some("2019-08-01") {
        return refuse(400, "The api-version is missing or not supported; use 2019-08-01.");
    }
    match ask(call, "mi_res_id") {
        Ok(issued) => answer::json(200, &body(&issued)),
        Err(Problem { text, .. }) => refuse(400, &text),
    }
}

fn body(issued: &Issued) -> Value {
    json!({
        "access_token": issued.token,
        "client_id": issued.client_id,
        "expires_on": issued.expires.to_string(),
        "resource": issued.resource,
        "token_type": "Bearer",
    })
}
