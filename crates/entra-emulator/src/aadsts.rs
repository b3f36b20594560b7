//! Refusals with Microsoft's numbers.

use serde_json::{Map, Value, json};

use crate::chance;
use crate::faults::ErrorAnswer;

/// A refusal: AADSTS number, OAuth error, text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) number: u32,
    pub(crate) error: String,
    pub(crate) text: String,
    pub(crate) suberror: Option<String>,
    pub(crate) claims: Option<String>,
    status: Option<u16>,
}

/// Number, `error`, text. The texts are ours; only numbers and errors are the protocol.
const TABLE: [(u32, &str, &str); 46] = [
    (16000, "interaction_required", "Several accounts are signed in and nothing says which one to use."),
    (50011, "invalid_request", "The redirect URI of the request is not one that is registered for the application."),
    (
        50020,
        "invalid_grant",
        "The account is not a member and not a guest of this tenant, or of a kind the application does not accept.",
    ),
    (50034, "invalid_grant", "There is no such account here."),
    (50049, "invalid_instance", "Unknown or invalid instance."),
    (50057, "invalid_grant", "The account is disabled."),
    (50058, "login_required", "Nobody is signed in, and the request allows no page (prompt=none)."),
    (50105, "interaction_required", "The application wants its users assigned, and this account is not."),
    (50147, "invalid_request", "The code challenge must have 43 to 128 characters."),
    (50173, "invalid_grant", "The grant was revoked; a fresh sign-in is needed."),
    (
        50194,
        "invalid_request",
        "The application is for one tenant only and cannot be used at /common or /organizations.",
    ),
    (53003, "access_denied", "Blocked by Conditional Access."),
    (54005, "invalid_grant", "The authorization code was redeemed before."),
    (65001, "consent_required", "The user or an administrator has not consented to the application."),
    (65004, "access_denied", "The user declined to consent."),
    (70000, "invalid_grant", "The grant is not valid for this client."),
    (70003, "unsupported_grant_type", "The grant type is not supported."),
    (70005, "unsupported_response_type", "The response type is not supported."),
    (70007, "invalid_request", "The response mode is not supported for this response type."),
    (70008, "invalid_grant", "The authorization code has expired."),
    (70011, "invalid_scope", "The scope is not valid."),
    (500_011, "invalid_resource", "The resource of the scope does not exist in this tenant."),
    (501_481, "invalid_grant", "The code verifier does not match the code challenge of the request."),
    (501_491, "invalid_request", "The code challenge, its method or the code verifier is malformed."),
    (700_005, "invalid_grant", "The authorization code was issued at another tenant's path."),
    (700_016, "unauthorized_client", "The application was not found in the tenant."),
    (700_022, "invalid_request", "The scope names several resources."),
    (700_025, "invalid_client", "The client is public and must send no credential."),
    (700_038, "unauthorized_client", "The client id is not a valid application identifier."),
    (700_054, "unsupported_response_type", "The response type id_token is not enabled for the application."),
    (700_082, "invalid_grant", "The refresh token was not used for too long."),
    (900_144, "invalid_request", "The request lacks a parameter."),
    (900_561, "invalid_request", "The endpoint accepts POST requests only."),
    (900_971, "invalid_request", "The application has no reply address."),
    (901_002, "invalid_request", "The parameter resource is not supported; use scope."),
    (7_000_112, "unauthorized_client", "The application is disabled."),
    (7_000_215, "invalid_client", "The client secret is wrong."),
    (7_000_218, "invalid_client", "The request has no client_assertion and no client_secret."),
    (7_000_222, "invalid_client", "The client secret has expired."),
    (
        9_001_023,
        "invalid_request",
        "The grant type is not supported at /common, /organizations or /consumers; name a tenant.",
    ),
    (9_002_313, "invalid_request", "The request is malformed."),
    (9_002_326, "invalid_request", "A request with an Origin header must not carry client credentials."),
    (90002, "invalid_request", "There is no such tenant."),
    (90023, "invalid_request", "A parameter of the request is not valid."),
    (90094, "consent_required", "An administrator must consent."),
    (90130, "invalid_request", "The application cannot be used at this endpoint."),
];

impl Refusal {
    /// A refusal of the table; a number that is not in it becomes a bare `invalid_request`.
    pub(crate) fn of(number: u32) -> Self {
        let known = TABLE.iter().find(|(known, ..)| *known == number);
        let (error, text) =
            known.map_or(("invalid_request", "The request was refused."), |(_, error, text)| (error, text));
        Self { number, error: error.to_owned(), text: text.to_owned(), suberror: None, claims: None, status: None }
    }

    /// A parameter is missing.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::of(900_144).about(parameter)
    }

    /// The application is not in the tenant, or its id cannot be one.
    pub(crate) fn unknown_app(id: &str) -> Self {
        let nil = uuid::Uuid::try_parse(id).is_ok_and(|guid| guid.is_nil());
        Self::of(if nil { 700_038 } else { 700_016 }).about(id)
    }

    /// With what it is about, in quotes after the text.
    pub(crate) fn about(mut self, subject: &str) -> Self {
        let subject: String = subject.chars().filter(|c| !c.is_control()).take(128).collect();
        self.text = format!("{} ('{subject}')", self.text);
        self
    }

    /// With another `error` than the table's.
    pub(crate) fn error(mut self, error: &str) -> Self {
        error.clone_into(&mut self.error);
        self
    }

    /// The status of the token endpoint's answer.
    pub(crate) fn status(&self) -> u16 {
        self.status.unwrap_or(if self.error == "invalid_client" { 401 } else { 400 })
    }
}

impl From<&ErrorAnswer> for Refusal {
    fn from(answer: &ErrorAnswer) -> Self {
        Self {
            number: answer.number,
            error: answer.error.clone(),
            text: answer.text.clone(),
            suberror: answer.suberror.clone(),
            claims: answer.claims.clone(),
            status: answer.status,
        }
    }
}

/// The ids and the time that every error carries, and how its lines are separated.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    request: String,
    correlation: String,
    timestamp: String,
    separator: &'static str,
}

impl Trace {
    /// `correlation_id`: the `client-request-id` of the request, when it sent a GUID.
    pub(crate) fn new(now: i64, correlation_id: Option<&str>, line_breaks: bool) -> Self {
        let sent = correlation_id.and_then(|id| uuid::Uuid::try_parse(id).ok()).map(|id| id.hyphenated().to_string());
        Self {
            request: chance::guid(),
            correlation: sent.unwrap_or_else(chance::guid),
            timestamp: timestamp(now),
            separator: if line_breaks { "\r\n" } else { " " },
        }
    }

    /// `error_description`
    pub(crate) fn description(&self, refusal: &Refusal) -> String {
        let Self { request, correlation, timestamp, separator } = self;
        format!(
            "AADSTS{}: {}{separator}Trace ID: {request}{separator}Correlation ID: {correlation}{separator}\
             Timestamp: {timestamp}",
            refusal.number, refusal.text
        )
    }

    /// The error body of the token endpoint.
    pub(crate) fn body(&self, refusal: &Refusal) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("error", json!(refusal.error));
        put("error_description", json!(self.description(refusal)));
        put("error_codes", json!([refusal.number]));
        put("timestamp", json!(self.timestamp));
        put("trace_id", json!(self.request));
        put("correlation_id", json!(self.correlation));
        // Recorded without `error_uri`: these two.
        if !matches!(refusal.number, 70003 | 700_038) {
            put("error_uri", json!(error_uri(refusal.number)));
        }
        if let Some(suberror) = &refusal.suberror {
            put("suberror", json!(suberror));
        }
        if let Some(claims) = &refusal.claims {
            put("claims", json!(claims));
        }
        Value::Object(body)
    }

    pub(crate) fn lines(&self) -> [(&'static str, &str); 3] {
        [("Trace ID", &self.request), ("Correlation ID", &self.correlation), ("Timestamp", &self.timestamp)]
    }
}

/// Where Microsoft explains a number.
pub(crate) fn error_uri(number: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={number}")
}

/// `2026-08-13 21:24:29Z`: a space and a trailing Z, not RFC 3339.
fn timestamp(unix: i64) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
    time::OffsetDateTime::from_unix_timestamp(unix).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}
