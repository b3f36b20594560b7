use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::lock::{Mutex, MutexGuard};

use crate::{
    clock::{Clock, Timestamp},
    error::SignInError,
};

/// How long a document is served without asking again.
const FRESH: Duration = Duration::from_mins(30);
/// How long a document is served when asking again fails.
const STALE: Duration = Duration::from_hours(24);
/// How long after a failed fetch the next one is tried, while there is something to serve.
pub(super) const RETRY_PAUSE: Duration = Duration::from_mins(1);

/// How long a failed fetch answers for the next ones, while there is nothing to serve: many callers are no storm.
pub(super) const FAILURE_PAUSE: Duration = Duration::from_secs(3);

/// One document, kept, and the gate that lets one caller at a time fetch it.
pub(super) struct Kept<T> {
    inside: RwLock<Inside<T>>,
    gate: Mutex<()>,
}

struct Inside<T> {
    value: Option<Arc<T>>,
    fetched_at: Timestamp,
    fetch_again_at: Timestamp,
    /// When and how the last fetch failed, if it did.
    failure: Option<(Timestamp, SignInError)>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        let epoch = Timestamp::from_unix(0);
        let inside = Inside { value: None, fetched_at: epoch, fetch_again_at: epoch, failure: None };
        Self { inside: RwLock::new(inside), gate: Mutex::new(()) }
    }
}

impl<T> Kept<T> {
    /// The document: kept and fresh, kept and stale while one caller fetches, or fetched now.
    pub(super) async fn current<F>(&self, clock: &Clock, fetch: impl FnOnce() -> F) -> Result<Arc<T>, SignInError>
    where
        F: Future<Output = Result<T, SignInError>>,
    {
        match self.look(clock.now()) {
            Look::Fresh(value) => return Ok(value),
            Look::Stale(value) => {
                let Some(_gate) = self.gate.try_lock() else { return Ok(value) };
                return Ok(self.settle(fetch().await, clock.now()).unwrap_or(value));
            }
            Look::Failed(failure) => return Err(failure),
            Look::Nothing => {}
        }
        let _gate = self.gate.lock().await;
        // Who held the gate has been told; asking once more for each who waited would be a queue.
        match self.look(clock.now()) {
            Look::Fresh(value) | Look::Stale(value) => Ok(value),
            Look::Failed(failure) => Err(failure),
            Look::Nothing => self.settle(fetch().await, clock.now()),
        }
    }

    /// Waits until nobody fetches.
    pub(super) async fn gate(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().await
    }

    /// What is kept, of whatever age.
    pub(super) fn kept(&self) -> Option<Arc<T>> {
        self.inside.read().unwrap_or_else(PoisonError::into_inner).value.clone()
    }

    pub(super) fn keep(&self, value: T, now: Timestamp) -> Arc<T> {
        let value = Arc::new(value);
        let mut inside = self.inside.write().unwrap_or_else(PoisonError::into_inner);
        inside.value = Some(Arc::clone(&value));
        inside.fetched_at = now;
        inside.fetch_again_at = now.plus(FRESH);
        inside.failure = None;
        value
    }

    fn settle(&self, outcome: Result<T, SignInError>, now: Timestamp) -> Result<Arc<T>, SignInError> {
        match outcome {
            Ok(value) => Ok(self.keep(value, now)),
            Err(error) => {
                tracing::warn!(code = error.code(), %error, "a document of the authority was not renewed");
                let mut inside = self.inside.write().unwrap_or_else(PoisonError::into_inner);
                inside.fetch_again_at = now.plus(RETRY_PAUSE);
                inside.failure = Some((now, error.clone()));
                Err(error)
            }
        }
    }

    fn look(&self, now: Timestamp) -> Look<T> {
        let inside = self.inside.read().unwrap_or_else(PoisonError::into_inner);
        let Some(value) = inside.value.as_ref().filter(|_| now.since(inside.fetched_at) < STALE) else {
            // A clock that was set back makes no failure young.
            let young = |failed_at: Timestamp| now >= failed_at && now.since(failed_at) < FAILURE_PAUSE;
            return match &inside.failure {
                Some((failed_at, failure)) if young(*failed_at) => Look::Failed(failure.clone()),
                _ => Look::Nothing,
            };
        };
        // A clock that was set back makes nothing fresh.
        if now < inside.fetch_again_at && now >= inside.fetched_at {
            Look::Fresh(Arc::clone(value))
        } else {
            Look::Stale(Arc::clone(value))
        }
    }
}

enum Look<T> {
    Fresh(Arc<T>),
    Stale(Arc<T>),
    /// Nothing to serve, and it was tried a moment ago.
    Failed(SignInError),
    Nothing,
}
