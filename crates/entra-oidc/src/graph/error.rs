use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use crate::{
    claims_challenge::ClaimsChallenge,
    error::{ErrorEntry, RequestIds, clean, kinds},
    http_client::{HttpError, HttpErrorKind, retry_after},
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
    /// Graph refused the token, or it allows too little (401, 403).
    Refused = "E262", Operator, PUBLIC, "Check that the application has the delegated permission User.Read or User.ReadBasic.All, with consent.";
    /// The answer is not what Graph answers.
    Invalid = "E263", Microsoft, PUBLIC, "Look at what answers at the address of Graph.";
    /// The answer is larger than allowed.
    TooLarge = "E264", User, PUBLIC, "A smaller photo, or a higher limit for photos.";
    /// The profile is of another account than the tokens'.
    AnotherUser = "E265", Attacker, PUBLIC, "Look at what answers at the address of Graph.";
    /// There is no access token to ask with.
    TokenMissing = "E271", Operator, PUBLIC, "Ask for a scope of Graph, such as User.Read; without one there may be no access token.";
    /// Graph asks for a stronger sign-in than the token proves: a claims challenge.
    ClaimsRequired = "E272", User, "This needs a stronger sign-in than you have made. Please sign in again.", "Send the user to sign in again with the claims of this error.";
    /// The question is no path of Graph, or leads elsewhere. Nothing was sent.
    CallInvalid = "E273", Operator, PUBLIC, "Give a path below the version, such as me/messages, and put data into it with GraphCall::segment.";
    /// Graph does not take the question: nothing is there (404), or it cannot be read (400, 409, …).
    CallRefused = "E274", Operator, PUBLIC, "See the status and Graph's code; look at path, parameters and body.";
}

/// A question to Graph that brought no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    kind: GraphErrorKind,
    detail: String,
    status: Option<u16>,
    retry_after: Option<Duration>,
    claims: Option<ClaimsChallenge>,
    ids: Option<RequestIds>,
}

impl GraphError {
    /// An error of this kind.
    #[must_use]
    pub fn new(kind: GraphErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), status: None, retry_after: None, claims: None, ids: None }
    }

    pub(super) fn unreachable(error: &HttpError) -> Self {
        let kind = match error.kind() {
            HttpErrorKind::TooLarge => GraphErrorKind::TooLarge,
            _ => GraphErrorKind::Unreachable,
        };
        Self::new(kind, error.to_string())
    }

    /// The same with the names of the request that it came from.
    pub(super) fn asked_as(self, ids: Option<RequestIds>) -> Self {
        Self { ids, ..self }
    }

    pub(super) fn refused(response: &Response<Bytes>) -> Self {
        let status = response.status();
        let unauthorized = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        let claims = if unauthorized { ClaimsChallenge::of(response.headers()) } else { None };
        let kind = match status {
            _ if claims.is_some() => GraphErrorKind::ClaimsRequired,
            _ if unauthorized => GraphErrorKind::Refused,
            StatusCode::TOO_MANY_REQUESTS => GraphErrorKind::Busy,
            status if status.is_server_error() => GraphErrorKind::Busy,
            status if status.is_client_error() => GraphErrorKind::CallRefused,
            _ => GraphErrorKind::Invalid,
        };
        let code = error_code(response.body()).unwrap_or_else(|| "no code".to_owned());
        Self {
            kind,
            detail: format!("status {}, {code}", status.as_u16()),
            status: Some(status.as_u16()),
            retry_after: retry_after(response.headers()),
            claims,
            ids: response.extensions().get().cloned(),
        }
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

    /// What the next sign-in has to prove, when Graph asks for a stronger one.
    #[must_use]
    pub const fn claims(&self) -> Option<&ClaimsChallenge> {
        self.claims.as_ref()
    }

    /// What the request was called, for a support case at Microsoft.
    #[must_use]
    pub const fn request_ids(&self) -> Option<&RequestIds> {
        self.ids.as_ref()
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
        write!(f, "{} {}: {}", entry.code, entry.name, self.detail)?;
        self.ids.as_ref().map_or(Ok(()), |ids| write!(f, " [{ids}]"))
    }
}

impl std::error::Error for GraphError {}

/// `{"error":{"code":"…"}}`
fn error_code(body: &[u8]) -> Option<String> {
    let body = json::object(body).ok()?;
    body.get("error")?.get("code").and_then(Value::as_str).map(|code| clean(code, 100))
}
