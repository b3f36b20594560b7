//! Guards for routes: `Router::route_layer(require::signed_in())`.

mod public;

use std::task::{Context as TaskContext, Poll};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures_util::future::{BoxFuture, FutureExt as _};
use http::Request;
use tower::{Layer, Service};

use crate::{
    rejection::{Rejection, audience::Audience},
    signed_in,
};

/// Only signed-in users pass; anyone else is sent to sign in (a page) or told 401 (a program).
///
/// It needs [`EntraSso::layer`](crate::EntraSso::layer) around it; without that every request is a 500 that says so in
/// the log.
///
/// ```
/// use axum::{Router, routing::get};
/// use entra_sso::{EntraSso, require};
///
/// fn application(sso: &EntraSso) -> Router {
///     let private = Router::new().route("/reports", get(|| async { "reports" })).route_layer(require::signed_in());
///     Router::new().merge(private).merge(sso.routes()).layer(sso.layer())
/// }
/// ```
#[must_use]
pub fn signed_in() -> Require {
    Require { audience: None }
}

/// A guard; see the functions of this module.
#[derive(Clone, Copy, Debug)]
pub struct Require {
    audience: Option<Audience>,
}

impl Require {
    /// A visitor who does not pass is always sent to a page, whatever the request looks like.
    #[must_use]
    pub fn or_page(mut self) -> Require {
        self.audience = Some(Audience::Page);
        self
    }

    /// A visitor who does not pass always gets a status and JSON.
    #[must_use]
    pub fn or_json(mut self) -> Require {
        self.audience = Some(Audience::Json);
        self
    }
}

impl<S> Layer<S> for Require {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { require: *self, inner }
    }
}

/// What a guard makes of a service.
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    require: Require,
    inner: S,
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let audience = self.require.audience;
        async move {
            let (mut parts, body) = request.into_parts();
            if let Some(audience) = audience {
                parts.extensions.insert(audience);
            }
            let refused = match signed_in::read(&parts).await {
                Ok(Some(_)) => return inner.call(Request::from_parts(parts, body)).await,
                Ok(None) => Rejection::not_signed_in(&parts),
                Err(refusal) => Rejection::of(&parts, &refusal),
            };
            Ok(refused.into_response())
        }
        .boxed()
    }
}
