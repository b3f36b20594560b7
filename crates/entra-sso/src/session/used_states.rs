//! Which sign-in states have been used.

use std::{future::Future, pin::Pin, sync::Arc};

use entra_oidc::Timestamp;

use crate::store_error::StoreError;

/// Remembers which sign-in states have been used.
pub trait UsedStates: Send + Sync + 'static {
    /// Marks a state (its SHA-256) as used. Of all callers that ever mark the same state before `until`, exactly one is
    /// told [`Mark::First`], also when they come at the same time. After `until` the mark may be forgotten.
    fn mark(&self, state: [u8; 32], until: Timestamp) -> impl Future<Output = Result<Mark, StoreError>> + Send;

    /// Takes a mark back: what it stood for could not be done after all, and may be tried again.
    fn forget(&self, state: [u8; 32]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A store that its application keeps a hand on.
impl<T: UsedStates> UsedStates for Arc<T> {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        T::mark(self, state, until).await
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        T::forget(self, state).await
    }
}

/// Whether a state was used before.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Mark {
    /// This call marked it.
    First,
    /// An earlier call did.
    Again,
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`UsedStates`] behind a pointer.
pub(crate) trait DynUsedStates: Send + Sync + 'static {
    fn mark(&self, state: [u8; 32], until: Timestamp) -> Answer<'_, Mark>;
    fn forget(&self, state: [u8; 32]) -> Answer<'_, ()>;
}

impl<T: UsedStates> DynUsedStates for T {
    fn mark(&self, state: [u8; 32], until: Timestamp) -> Answer<'_, Mark> {
        Box::pin(UsedStates::mark(self, state, until))
    }

    fn forget(&self, state: [u8; 32]) -> Answer<'_, ()> {
        Box::pin(UsedStates::forget(self, state))
    }
}
