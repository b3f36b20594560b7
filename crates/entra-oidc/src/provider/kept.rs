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
const FAILURE_PAUSE: Duration = Duration::from_secs(3);
/// The longest that it does so because it was asked to wait: nobody can sign in meanwhile.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// One document, kept, and the gate that lets one caller at a time fetch it.
pub(super) struct Kept<T> {
    inside: RwLock<Inside<T>>,
    gate: Mutex<()>,
}

struct Inside<T> {
    value: Option<Arc<T>>,
    fetched_at: Timestamp,
    /// When it was last tried, and when it is to be tried again.
    tried_at: Timestamp,
    fetch_again_at: Timestamp,
    /// How the last try failed, if it did.
    failure: Option<SignInError>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        let epoch = Timestamp::from_unix(0);
        let inside = Inside { value: None, fetched_at: epoch, tried_at: epoch, fetch_again_at: epoch, failure: None };
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
        (inside.fetched_at, inside.tried_at) = (now, now);
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
                let wait = error.retry_after().unwrap_or_default();
                inside.tried_at = now;
                inside.fetch_again_at = now.plus(wait.max(RETRY_PAUSE));
                inside.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    fn look(&self, now: Timestamp) -> Look<T> {
        let mut inside = self.inside.read().unwrap_or_else(PoisonError::into_inner);
        if now < inside.fetched_at {
            // The clock was set back, and nobody knows how old it is: as if it had come now, and was to be renewed.
            drop(inside);
            self.inside.write().unwrap_or_else(PoisonError::into_inner).set_back(now);
            inside = self.inside.read().unwrap_or_else(PoisonError::into_inner);
        }
        let waits_until = |moment| inside.tried_at <= now && now < moment;
        match (inside.value.as_ref().filter(|_| now.since(inside.fetched_at) < STALE), &inside.failure) {
            (Some(value), _) if waits_until(inside.fetch_again_at) => Look::Fresh(Arc::clone(value)),
            (Some(value), _) => Look::Stale(Arc::clone(value)),
            (None, Some(failure)) if waits_until(inside.tried_at.plus(pause(failure))) => Look::Failed(failure.clone()),
            _ => Look::Nothing,
        }
    }
}

impl<T> Inside<T> {
    fn set_back(&mut self, now: Timestamp) {
        self.fetched_at = self.fetched_at.min(now);
    }
}

/// How long a failure answers, while there is nothing to serve.
fn pause(failure: &SignInError) -> Duration {
    failure.retry_after().unwrap_or_default().clamp(FAILURE_PAUSE, LONGEST_WAIT)
}

enum Look<T> {
    Fresh(Arc<T>),
    Stale(Arc<T>),
    /// Nothing to serve, and it was tried a moment ago.
    Failed(SignInError),
    Nothing,
}
