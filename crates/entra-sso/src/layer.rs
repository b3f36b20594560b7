//! The layer: it gives every request a [`Visit`], and the response what the visit left behind.
//!
//! It reads nothing itself: a static file costs one small allocation. The extractors read the cookie and load the session.

use std::{
    sync::Arc,
    task::{Context as TaskContext, Poll},
};

use futures_util::future::{BoxFuture, FutureExt as _};
use http::{Request, Response};
use tower::{Layer, Service};

use crate::{context::Context, visit::Visit};

/// Made by [`EntraSso::layer`](crate::EntraSso::layer); put it around everything that asks who is signed in.
///
/// A second one of the same `EntraSso` changes nothing. Works with any body.
#[derive(Clone)]
pub struct SsoLayer {
    context: Arc<Context>,
}

impl SsoLayer {
    pub(crate) fn new(context: Arc<Context>) -> SsoLayer {
        SsoLayer { context }
    }
}

impl<S> Layer<S> for SsoLayer {
    type Service = SsoService<S>;

    fn layer(&self, inner: S) -> SsoService<S> {
        SsoService { context: self.context.clone(), inner }
    }
}

/// What [`SsoLayer`] makes of a service.
#[derive(Clone)]
pub struct SsoService<S> {
    context: Arc<Context>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for SsoService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if Visit::present(request.extensions(), &self.context) {
            return self.inner.call(request).boxed();
        }
        let visit = Arc::new(Visit::new(self.context.clone()));
        request.extensions_mut().insert(visit.clone());
        let answer = self.inner.call(request);
        async move {
            let mut response = answer.await?;
            visit.finish(response.headers_mut());
            Ok(response)
        }
        .boxed()
    }
}
