//! Requests to Microsoft, Graph and other providers, measured at the one door to the network.

use bytes::Bytes;
use entra_oidc::{Endpoint, HttpClient, HttpError, HttpErrorKind, Limits};
use http::{Request, Response, StatusCode};

use super::{labels::Upstream, record};

/// An HTTP client that is measured. What a request is for, the request itself says.
pub(crate) struct Measured<C>(pub(crate) C);

impl<C: HttpClient> HttpClient for Measured<C> {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        match Endpoint::of(request.extensions()) {
            Some(endpoint) => record::upstream(endpoint, self.0.send(request, limits), outcome).await,
            None => self.0.send(request, limits).await,
        }
    }
}

fn outcome(answer: &Result<Response<Bytes>, HttpError>) -> Upstream {
    match answer {
        Ok(response) => match response.status() {
            StatusCode::TOO_MANY_REQUESTS => Upstream::TooMany,
            status if status.is_success() => Upstream::Ok,
            status if status.is_redirection() => Upstream::Redirected,
            status if status.is_client_error() => Upstream::Refused,
            status if status.is_server_error() => Upstream::ServerError,
            _ => Upstream::Other,
        },
        Err(error) => match error.kind() {
            HttpErrorKind::Connect => Upstream::Connect,
            HttpErrorKind::Timeout => Upstream::Timeout,
            HttpErrorKind::Tls => Upstream::Tls,
            HttpErrorKind::TooLarge => Upstream::TooLarge,
            _ => Upstream::Other,
        },
    }
}
