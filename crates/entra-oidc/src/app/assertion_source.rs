use std::{fmt, future::Future, sync::Arc};

use futures_util::future::BoxFuture;
use url::Url;

use crate::{
    app::{
        client_assertion::{JWT_BEARER, check_assertion},
        client_id::ClientId,
        client_proof::ClientProof,
    },
    clock::Timestamp,
    error::{SignInError, SignInErrorKind, clean},
    secret::Secret,
};

/// An application's own source of client assertions: a signer in a vault, another cloud's workload identity.
pub trait ClientAssertionSource: Send + Sync + 'static {
    /// A JWT for this exchange. Asked each time; whoever wants a cache keeps one.
    fn assertion(&self, ask: &AssertionAsk<'_>) -> impl Future<Output = Result<Secret, AssertionError>> + Send;
}

/// What an assertion is asked for.
#[derive(Copy, Clone, Debug)]
#[non_exhaustive]
pub struct AssertionAsk<'a> {
    /// The application: `iss` and `sub` of an assertion that it signs itself.
    pub client_id: &'a ClientId,
    /// Where it goes: `aud` of an assertion that the application signs itself.
    pub token_endpoint: &'a Url,
    /// `aud` of a federated credential in the authority's cloud, such as `api://AzureADTokenExchange`; none where
    /// federated credentials are not taken.
    pub federated_audience: Option<&'a str>,
    /// What time it is.
    pub now: Timestamp,
}

/// Why there is no assertion. The text goes to the log: no secret may stand in it.
#[derive(Clone, Debug)]
pub struct AssertionError(String);

impl AssertionError {
    /// An error with a text for the log.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for AssertionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AssertionError {}

/// A [`ClientAssertionSource`] as credential. Cheap to clone.
#[derive(Clone)]
pub struct AssertionSource(Arc<dyn DynSource>);

impl AssertionSource {
    pub(super) fn new(source: impl ClientAssertionSource) -> Self {
        Self(Arc::new(source))
    }

    pub(super) async fn prove(&self, ask: &AssertionAsk<'_>) -> Result<ClientProof, SignInError> {
        let unavailable = |detail: &str| SignInError::new(SignInErrorKind::CredentialUnavailable, detail);
        let assertion = self
            .0
            .assertion_boxed(ask)
            .await
            .map_err(|error| unavailable(&format!("the application's own source: {}", clean(&error.0, 300))))?;
        check_assertion(assertion.expose())
            .map_err(|detail| unavailable(&format!("the application's own source: {detail}")))?;
        Ok(ClientProof::Assertion { of_type: JWT_BEARER.to_owned(), assertion })
    }
}

impl fmt::Debug for AssertionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AssertionSource(…)")
    }
}

/// The twin of [`ClientAssertionSource`] that a trait object can be made of.
trait DynSource: Send + Sync {
    fn assertion_boxed<'a>(&'a self, ask: &'a AssertionAsk<'a>) -> BoxFuture<'a, Result<Secret, AssertionError>>;
}

impl<S: ClientAssertionSource> DynSource for S {
    fn assertion_boxed<'a>(&'a self, ask: &'a AssertionAsk<'a>) -> BoxFuture<'a, Result<Secret, AssertionError>> {
        Box::pin(self.assertion(ask))
    }
}
