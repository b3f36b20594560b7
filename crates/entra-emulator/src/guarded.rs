//! A value behind a lock that survives a panic of whoever held it.

use std::sync::{Mutex, PoisonError};

/// A value that many requests share; it is reached only inside [`Guarded::with`], so that no lock is held over a wait.
#[derive(Debug, Default)]
pub(crate) struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Runs `work` with the value, alone.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
