use std::{
    sync::Arc,
    task::{Context, Poll},
};

use axum::{body::Body, response::Response};
use futures_util::future::{BoxFuture, FutureExt as _};
use http::Request;
use tower::Service;

use super::Require;

/// What a guard makes of a service.
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    require: Arc<Require>,
    inner: S,
}

impl<S> Guarded<S> {
    pub(super) fn new(require: Require, inner: S) -> Guarded<S> {
        Guarded { require: Arc::new(require), inner }
    }
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let require = self.require.clone();
        async move {
            let (mut parts, body) = request.into_parts();
            match require.judge(&mut parts).await {
                Some(refused) => Ok(refused),
                None => inner.call(Request::from_parts(parts, body)).await,
            }
        }
        .boxed()
    }
}
