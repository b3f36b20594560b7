use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::ACCEPT};
use url::Url;

use crate::{
    error::{MicrosoftError, SignInError, SignInErrorKind},
    http_client::{Endpoint, HttpErrorKind, Limits, SharedHttpClient, retry_after},
    json,
};

/// What an authority publishes.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Document {
    Metadata,
    Keys,
}

impl Document {
    /// The most it may be, in bytes.
    pub(super) const fn limit(self) -> usize {
        match self {
            Self::Metadata => 256 * 1024,
            Self::Keys => 1024 * 1024,
        }
    }

    const fn endpoint(self) -> Endpoint {
        match self {
            Self::Metadata => Endpoint::Metadata,
            Self::Keys => Endpoint::Keys,
        }
    }

    /// How an error says that it may be there later.
    pub(super) const fn unreachable(self) -> SignInErrorKind {
        match self {
            Self::Metadata => SignInErrorKind::MetadataUnreachable,
            Self::Keys => SignInErrorKind::KeysUnreachable,
        }
    }

    const fn invalid(self) -> SignInErrorKind {
        match self {
            Self::Metadata => SignInErrorKind::MetadataInvalid,
            Self::Keys => SignInErrorKind::KeysInvalid,
        }
    }

    /// Fetches it, once.
    ///
    /// # Errors
    /// Its "unreachable" when there is no answer, or one that passes (5xx, 429); its "invalid" for all else than 200.
    pub(crate) async fn fetch(
        self,
        http: &SharedHttpClient,
        url: &Url,
        timeout: Duration,
    ) -> Result<Response<Bytes>, SignInError> {
        self.ask(http, url, timeout).await.map_err(|failed| failed.error)
    }

    /// Fetches it, and once more when the way there broke or the server stumbled. Not after a timeout, so that who waits waits
    /// for one timeout at most, and not when it was asked not to.
    ///
    /// # Errors
    /// As [`Document::fetch`].
    pub(super) async fn fetch_twice(
        self,
        http: &SharedHttpClient,
        url: &Url,
        timeout: Duration,
    ) -> Result<Response<Bytes>, SignInError> {
        match self.ask(http, url, timeout).await {
            Err(Failed { again: true, .. }) => self.fetch(http, url, timeout).await,
            outcome => outcome.map_err(|failed| failed.error),
        }
    }

    async fn ask(self, http: &SharedHttpClient, url: &Url, timeout: Duration) -> Result<Response<Bytes>, Failed> {
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .extension(self.endpoint())
            .body(Bytes::new())
            .map_err(|_| Failed::finally(SignInError::new(self.invalid(), "the address is not one for HTTP")))?;
        let response = http.send(request, Limits::new(self.limit(), timeout)).await.map_err(|error| {
            let kind = if error.kind() == HttpErrorKind::TooLarge { self.invalid() } else { self.unreachable() };
            let again = kind == self.unreachable() && error.kind() != HttpErrorKind::Timeout;
            Failed { again, error: SignInError::new(kind, format!("{}: {error}", place(url))) }
        })?;
        if response.status() == StatusCode::OK { Ok(response) } else { Err(self.refused(url, &response)) }
    }

    /// All else than 200.
    fn refused(self, url: &Url, response: &Response<Bytes>) -> Failed {
        let status = response.status();
        let (busy, wait) = (status == StatusCode::TOO_MANY_REQUESTS, retry_after(response.headers()));
        let kind = if busy || status.is_server_error() { self.unreachable() } else { self.invalid() };
        let error =
            SignInError::new(kind, format!("{}: expected 200, got {}", place(url), status.as_u16())).after(wait);
        let error = match microsoft_error(response.body()) {
            Some(microsoft) => error.with_microsoft(microsoft),
            None => error,
        };
        Failed { again: status.is_server_error() && wait.is_none(), error }
    }
}

/// No document.
struct Failed {
    error: SignInError,
    /// Whether it may be there the next moment.
    again: bool,
}

impl Failed {
    const fn finally(error: SignInError) -> Self {
        Self { error, again: false }
    }
}

/// The address without its query, for the log.
fn place(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// Microsoft explains a tenant that does not exist with the body of an OAuth error.
fn microsoft_error(body: &[u8]) -> Option<MicrosoftError> {
    let body = json::object(body).ok()?;
    let error = json::required_str(&body, "error").ok()?;
    Some(MicrosoftError::new(error, json::optional_str(&body, "error_description").ok()?))
}
