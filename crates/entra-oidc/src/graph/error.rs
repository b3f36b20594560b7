use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{Response, header::RETRY_AFTER};
use serde_json::Value;

use crate::{
    error::{ErrorEntry, clean, kinds},
    http_client::{HttpError, HttpErrorKind},
    json,
};

const PUBLIC: &str = "Your profile could not be read from Microsoft. Please try again in a moment.";

kinds! {
    /// What went wrong with Graph.
    GraphErrorKind, "Graph";

    /// No answer in time.
    Unreachable = "E260", Microsoft, PUBLIC, "Check that the machine reaches Microsoft Graph on port 443, also through the proxy.";
    /// Graph is busy: 429 or 5xx.
    Busy = "E261", Microsoft, PUBLIC, "Wait; Graph limits how often an application may ask.";
    /// Graph refused the token.
    Refused = "E262", Operator, PUBLIC, "Check that the application has the delegated permission User.Read or User.ReadBasic.All, with consent.";
    /// The answer is not what Graph answers.
    Invalid = "E263", Microsoft, PUBLIC, "Look at what answers at the address of Graph.";
    /// The answer is larger than allowed.
    TooLarge = "E264", User, PUBLIC, "A smaller photo, or a higher limit for photos.";
    /// The profile is of another account than the tokens'.
    AnotherUser = "E265", Attacker, PUBLIC, "Look at what answers at the address of Graph.";
    /// There is no access token to ask with.
    TokenMissing = "E271", Operator, PUBLIC, "Ask for a scope of Graph, such as User.Read; without one there may be no access token.";
}

/// A question to Graph that brought no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    kind: GraphErrorKind,
    detail: String,
    status: Option<u16>,
    retry_after: Option<Duration>,
}

impl GraphError {
    /// An error of this kind.
    #[must_use]
    pub fn new(kind: GraphErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), status: None, retry_after: None }
    }

    pub(super) fn unreachable(error: &HttpError) -> Self {
        let kind = match error.kind() {
            HttpErrorKind::TooLarge => GraphErrorKind::TooLarge,
            _ => GraphErrorKind::Unreachable,
        };
        Self::new(kind, error.to_string())
    }

    pub(super) fn refused(response: &Response<Bytes>) -> Self {
        let status = response.status();
        let kind = if status.is_server_error() || status.as_u16() == 429 {
            GraphErrorKind::Busy
        } else if status.is_client_error() {
            GraphErrorKind::Refused
        } else {
            GraphErrorKind::Invalid
        };
        let code = error_code(response.body()).unwrap_or_else(|| "no code".to_owned());
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| seconds(value.to_str().ok()?));
        Self { kind, detail: format!("status {}, {code}", status.as_u16()), status: Some(status.as_u16()), retry_after }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> GraphErrorKind {
        self.kind
    }

    /// The line of the register.
    #[must_use]
    pub const fn entry(&self) -> &'static ErrorEntry {
        self.kind.entry()
    }

    /// The status, when there was an answer.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// How long Graph asks to wait.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether asking later may help.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self.kind, GraphErrorKind::Unreachable | GraphErrorKind::Busy)
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.entry();
        write!(f, "{} {}: {}", entry.code, entry.name, self.detail)
    }
}

impl std::error::Error for GraphError {}

/// `{"error":{"code":"…"}}`
fn error_code(body: &[u8]) -> Option<String> {
    let body = json::object(body).ok()?;
    body.get("error")?.get("code").and_then(Value::as_str).map(|code| clean(code, 100))
}

/// Seconds, which Graph also writes with a fraction ("2.128"). At most an hour is believed.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Duration::try_from_secs_f64(seconds.min(3600.0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_may_have_a_fraction() {
        for (text, expected) in [
            ("2", Some(Duration::from_secs(2))),
            ("2.128", Some(Duration::from_millis(2128))),
            ("1e300", Some(Duration::from_hours(1))),
            ("inf", Some(Duration::from_hours(1))),
            ("-1", None),
            ("NaN", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
