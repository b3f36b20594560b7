//! The layer: it gives every request a [`Visit`], and the response what the visit left behind.
//!
//! It reads nothing itself: a static file costs one small allocation. The extractors read the cookie and load the session.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
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
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = SsoFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if Visit::present(request.extensions(), &self.context) {
            return SsoFuture { visit: None, answer: self.inner.call(request) };
        }
        let visit = Arc::new(Visit::new(self.context.clone()));
        request.extensions_mut().insert(visit.clone());
        SsoFuture { visit: Some(visit), answer: self.inner.call(request) }
    }
}

pin_project! {
    /// The answer of an [`SsoService`].
    pub struct SsoFuture<F> {
        visit: Option<Arc<Visit>>,
        #[pin]
        answer: F,
    }
}

impl<F, R, E> Future for SsoFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut response = ready!(this.answer.poll(context))?;
        if let Some(visit) = this.visit {
            visit.finish(response.headers_mut());
        }
        Poll::Ready(Ok(response))
    }
}
