use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::ACCEPT};
use url::Url;

use crate::{
    error::{MicrosoftError, SignInError, SignInErrorKind},
    http_client::{HttpErrorKind, Limits, SharedHttpClient},
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
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|_| SignInError::new(self.invalid(), "the address is not one for HTTP"))?;
        let response = http.send(request, Limits::new(self.limit(), timeout)).await.map_err(|error| {
            let kind = if error.kind() == HttpErrorKind::TooLarge { self.invalid() } else { self.unreachable() };
            SignInError::new(kind, format!("{}: {error}", place(url)))
        })?;
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(response);
        }
        let temporary = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        let kind = if temporary { self.unreachable() } else { self.invalid() };
        let error = SignInError::new(kind, format!("{}: expected 200, got {}", place(url), status.as_u16()));
        Err(match microsoft_error(response.body()) {
            Some(microsoft) => error.with_microsoft(microsoft),
            None => error,
        })
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
