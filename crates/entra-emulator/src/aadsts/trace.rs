//! What every error carries beside its number and text.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::chance;

use super::refusal::{Family, Refusal};

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
        let told = format!("{}{}: {}", refusal.family.prefix(), refusal.number, refusal.text);
        match refusal.family {
            Family::B2c => format!("{told}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}\r\n"),
            Family::Entra => format!(
                "{told}{separator}Trace ID: {request}{separator}Correlation ID: {correlation}{separator}\
                 Timestamp: {timestamp}"
            ),
        }
    }

    /// The error body of the token endpoint.
    pub(crate) fn body(&self, refusal: &Refusal) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("error", json!(refusal.error));
        put("error_description", json!(self.description(refusal)));
        if refusal.family == Family::B2c {
            return Value::Object(body);
        }
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
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
    OffsetDateTime::from_unix_timestamp(unix).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}
