//! A state is marked once.

use entra_oidc::Timestamp;
use tokio::task::JoinSet;

use super::{super::CROWD, Contract, ok};
use crate::session::{Mark, SessionStore, UsedStates};

impl<T: SessionStore> Contract<T> {
    /// S4.
    pub(super) async fn marks_once(&self, state: [u8; 32]) {
        let mut other = state;
        other[31] ^= 1;
        assert_eq!(self.mark(state).await, Mark::First, "mark: a new state");
        assert_eq!(self.mark(state).await, Mark::Again, "mark: the same state");
        assert_eq!(self.mark(other).await, Mark::First, "mark: a state that differs in its last bit");
        assert_eq!(self.mark(state).await, Mark::Again, "mark: the same state after another one");
    }

    /// S4, S17.
    pub(super) async fn marks_once_in_a_crowd(&self, state: [u8; 32]) {
        let until = self.start;
        let mut crowd = JoinSet::new();
        for _ in 0..CROWD {
            let store = self.store.clone();
            crowd.spawn(async move { UsedStates::mark(&*store, state, until).await });
        }
        let answers: Vec<_> = crowd.join_all().await.into_iter().map(|answer| ok(answer, "mark")).collect();
        let first = answers.iter().filter(|answer| **answer == Mark::First).count();
        assert_eq!((first, answers.len()), (1, CROWD), "mark: {CROWD} at the same time, exactly one is the first");
    }

    pub(super) async fn forgets(&self, state: [u8; 32]) {
        let mut other = state;
        other[0] ^= 1;
        self.forget(state).await;
        assert_eq!(self.mark(state).await, Mark::First, "mark: a state that was forgotten before it was marked");
        assert_eq!(self.mark(other).await, Mark::First, "mark: a state that differs in its first bit");
        self.forget(state).await;
        assert_eq!(self.mark(other).await, Mark::Again, "mark: another state was forgotten");
        assert_eq!(self.mark(state).await, Mark::First, "mark: a state that was forgotten");
        assert_eq!(self.mark(state).await, Mark::Again, "mark: a state that was forgotten, the second time");
    }

    /// Nobody asks for such a mark but by mistake, and whether he is the first is the store's affair.
    pub(super) async fn takes_a_mark_that_is_over(&self, state: [u8; 32]) {
        for until in [Timestamp::from_unix(0), Timestamp::from_unix(-1)] {
            let _ = ok(UsedStates::mark(&*self.store, state, until).await, "mark: a deadline that is over");
        }
        self.forget(state).await;
        assert_eq!(self.mark(state).await, Mark::First, "mark: a state whose earlier mark was over, and forgotten");
        assert_eq!(self.mark(state).await, Mark::Again, "mark: a state whose earlier mark was over, the second time");
    }

    async fn forget(&self, state: [u8; 32]) {
        ok(UsedStates::forget(&*self.store, state).await, "forget");
    }

    async fn mark(&self, state: [u8; 32]) -> Mark {
        ok(UsedStates::mark(&*self.store, state, self.start).await, "mark")
    }
}
