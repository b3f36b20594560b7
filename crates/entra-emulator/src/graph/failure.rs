//! Graph's error body.

use http::header::WWW_AUTHENTICATE;
use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::answer::{Answer, add_header, json as json_answer};
use crate::call::Call;
use crate::chance;

/// An error that is known before its answer is made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

/// What the token does not allow.
pub(super) const DENIED: Failure = Failure {
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
};

/// A failure as an answer; 401 says where tokens come from.
pub(super) fn refuse(call: &Call<'_>, failure: &Failure) -> Answer {
    let mut answer = self::failure(call.now(), failure.status, failure.code, failure.message);
    if failure.status == 401 {
        let authorize = format!("{}/common/oauth2/authorize", call.base);
        let challenge = format!("Bearer realm=\"\", authorization_uri=\"{authorize}\"");
        add_header(&mut answer, WWW_AUTHENTICATE, &challenge);
    }
    answer
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
