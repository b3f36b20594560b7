//! Graph's error body.

use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::call::{Answer, json as json_answer};
use crate::chance;

/// An error that is known before its answer is made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

/// An error as Graph sends it.
pub(crate) fn failure(now: i64, status: u16, code: &str, message: &str) -> Answer {
    let request_id = chance::guid();
    let inner = json!({ "date": date(now), "request-id": request_id, "client-request-id": request_id });
    json_answer(status, &json!({ "error": { "code": code, "message": message, "innerError": inner } }))
}

fn date(unix: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    OffsetDateTime::from_unix_timestamp(unix).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}
