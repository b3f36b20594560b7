use std::{fmt, time::Duration};

use azure_core::{
    error::{Error, ErrorKind},
    http::{AsyncRawResponse, HttpClient, Method, Request, StatusCode, headers::Headers},
};
use bytes::Bytes;

use crate::http_client::{Limits, LinkLocal, SharedHttpClient};

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

#[async_trait::async_trait]
impl HttpClient for OneDoor {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let response = self
            .0
            .send(translated(request)?, Limits::new(LIMIT, TIME))
            .await
            .map_err(|error| Error::with_message(ErrorKind::Io, error.to_string()))?;
        let mut headers = Headers::new();
        for (name, value) in response.headers() {
            if let Ok(value) = value.to_str() {
                headers.insert(name.as_str().to_owned(), value.to_owned());
            }
        }
        let status = StatusCode::from(response.status().as_u16());
        Ok(AsyncRawResponse::from_bytes(status, headers, response.into_body()))
    }
}

/// The endpoints of managed identities are asked with GET and without a body, nothing else.
fn translated(request: &Request) -> azure_core::Result<http::Request<Bytes>> {
    let impossible = || Error::with_message(ErrorKind::Other, "the request is not one for a managed identity");
    if request.method() != Method::Get {
        return Err(impossible());
    }
    let mut builder = http::Request::get(request.url().as_str()).extension(LinkLocal);
    for (name, value) in request.headers().iter() {
        builder = builder.header(name.as_str(), value.as_str());
    }
    builder.body(Bytes::new()).map_err(|_| impossible())
}
