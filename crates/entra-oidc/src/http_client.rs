//! The one door to the network.
//!
//! The bounds belong to the call, so that any client has them. A client never follows a redirect: every answer with
//! status 3xx comes back as it is.

mod endpoint;
#[cfg(feature = "reqwest")]
mod reqwest;
mod retry_after;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::BoxFuture;
#[cfg(feature = "reqwest")]
use url::{Host, Url};

pub use endpoint::Endpoint;
#[cfg(feature = "reqwest")]
pub use reqwest::{ReqwestClient, ReqwestSettings};
pub(crate) use retry_after::retry_after;

/// How much an answer may be, and how long it may take.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of body. More is [`HttpErrorKind::TooLarge`], noticed while reading.
    pub body: usize,
    /// From the call to the last byte of the body.
    pub time: Duration,
}

impl Limits {
    /// Bounds for one call.
    #[must_use]
    pub const fn new(body: usize, time: Duration) -> Self {
        Self { body, time }
    }
}

/// Something that sends requests. Implement it to bring your own client; the feature `reqwest` brings `ReqwestClient`.
///
/// An implementation
/// 1. enforces both limits;
/// 2. never follows a redirect and never retries;
/// 3. refuses `http:` except to a loopback host, or to a link-local one when the request has [`LinkLocal`] among its
///    extensions, and checks TLS certificates;
/// 4. puts no header, query or body into its errors.
pub trait HttpClient: Send + Sync + 'static {
    /// Sends `request` and reads the whole answer.
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> impl Future<Output = Result<http::Response<Bytes>, HttpError>> + Send;
}

/// Marks a request to the endpoint of a managed identity. These are plain http, on loopback or on a link-local address
/// of the machine (169.254.0.0/16), and never go through a proxy.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkLocal;

/// One client for many.
impl<C: HttpClient> HttpClient for Arc<C> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> impl Future<Output = Result<http::Response<Bytes>, HttpError>> + Send {
        C::send(self, request, limits)
    }
}

/// What went wrong on the way, as far as a caller needs to tell.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// No connection: name resolution, refused, unreachable.
    Connect,
    /// [`Limits::time`] ran out.
    Timeout,
    /// The body is larger than [`Limits::body`].
    TooLarge,
    /// The certificate or the handshake is not acceptable.
    Tls,
    /// Anything else.
    Other,
}

/// A call that brought no answer. Its text has no query string, header or body in it.
#[derive(Clone, Debug)]
pub struct HttpError {
    kind: HttpErrorKind,
    text: String,
}

impl HttpError {
    /// An error with a text for the log.
    #[must_use]
    pub fn new(kind: HttpErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> HttpErrorKind {
        self.kind
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for HttpError {}

/// Whether the URL's host is an address in 169.254.0.0/16.
#[cfg(feature = "reqwest")]
fn is_link_local(url: &Url) -> bool {
    matches!(url.host(), Some(Host::Ipv4(address)) if address.is_link_local())
}

/// The client that everything inside shares. It checks the size once more, whatever the client did.
#[derive(Clone)]
pub(crate) struct SharedHttpClient(Arc<dyn DynHttpClient>);

impl SharedHttpClient {
    pub(crate) fn new(client: impl HttpClient) -> Self {
        Self(Arc::new(client))
    }

    pub(crate) async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let response = self.0.send_boxed(request, limits).await?;
        if response.body().len() > limits.body {
            return Err(HttpError::new(HttpErrorKind::TooLarge, format!("the answer is over {} bytes", limits.body)));
        }
        Ok(response)
    }
}

/// The twin of [`HttpClient`] that a trait object can be made of.
trait DynHttpClient: Send + Sync {
    fn send_boxed(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, HttpError>>;
}

impl<C: HttpClient> DynHttpClient for C {
    fn send_boxed(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, HttpError>> {
        Box::pin(self.send(request, limits))
    }
}
