use std::{fmt, time::Duration};

use azure_core::{
    error::{Error, ErrorKind},
    http::{AsyncRawResponse, HttpClient, Method, Request, StatusCode, headers::Headers},
};
use bytes::Bytes;

use crate::http_client::{Endpoint, Limits, LinkLocal, SharedHttpClient};

/// What an answer of the managed identity's endpoint may be, in bytes.
const LIMIT: usize = 64 * 1024;

/// The endpoint is on this machine or beside it.
const TIME: Duration = Duration::from_secs(10);

/// Our HTTP client in the form that `azure_core` wants.
pub(super) struct OneDoor(SharedHttpClient);

impl OneDoor {
    pub(super) const fn new(http: SharedHttpClient) -> Self {
        Self(http)
    }
}

impl fmt::Debug for OneDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneDoor")
    }
}

/// What the endpoint did in place of answering. `azure_identity` would ask for more than a minute, while somebody waits
/// to be signed in, so it hears of this as an error that asking again does not cure.
#[derive(Copy, Clone, Debug)]
pub(super) enum Unanswered {
    Nothing,
    Status(u16),
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("the managed identity's endpoint does not answer"),
            Self::Status(status) => write!(f, "the managed identity's endpoint answered {status}"),
        }
    }
}

impl std::error::Error for Unanswered {}

#[async_trait::async_trait]
impl HttpClient for OneDoor {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut outcome = self.ask(request).await?;
        if matches!(outcome, Err(Unanswered::Nothing | Unanswered::Status(404 | 410 | 429 | 500..))) {
            outcome = self.ask(request).await?;
        }
        let response = outcome.map_err(|unanswered| Error::new(ErrorKind::Credential, unanswered))?;
        Ok(AsyncRawResponse::from_bytes(StatusCode::Ok, Headers::new(), response))
    }
}

impl OneDoor {
    async fn ask(&self, request: &Request) -> azure_core::Result<Result<Bytes, Unanswered>> {
        Ok(match self.0.send(translated(request)?, Limits::new(LIMIT, TIME)).await {
            Ok(response) if response.status() == http::StatusCode::OK => Ok(response.into_body()),
            Ok(response) => Err(Unanswered::Status(response.status().as_u16())),
            Err(_) => Err(Unanswered::Nothing),
        })
    }
}

/// The endpoints of managed identities are asked with GET and without a body, nothing else.
fn translated(request: &Request) -> azure_core::Result<http::Request<Bytes>> {
    let impossible = || Error::with_message(ErrorKind::Other, "the request is not one for a managed identity");
    if request.method() != Method::Get {
        return Err(impossible());
    }
    let mut builder =
        http::Request::get(request.url().as_str()).extension(LinkLocal).extension(Endpoint::ManagedIdentity);
    for (name, value) in request.headers().iter() {
        builder = builder.header(name.as_str(), value.as_str());
    }
    builder.body(Bytes::new()).map_err(|_| impossible())
}
