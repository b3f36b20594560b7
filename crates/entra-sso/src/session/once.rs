//! What may happen once: a sign-in is finished, a provider's word of a sign-out is taken.

use std::{fmt, sync::Arc};

use entra_oidc::{Timestamp, random_bytes};

use super::{
    id::sha256,
    used_states::{DynUsedStates, Mark},
};
use crate::{
    metrics::{
        labels::{StoreOperation, StoreOutcome},
        record,
    },
    set_back::TOLERANCE,
    store_error::StoreError,
};

/// The one front to the store of marks, which knows names by their SHA-256 only.
#[derive(Clone)]
pub(crate) struct Once {
    store: Arc<dyn DynUsedStates>,
    is_apart: bool,
}

impl Once {
    /// `is_apart`: this is another store than the sessions'.
    pub(crate) fn new(store: Arc<dyn DynUsedStates>, is_apart: bool) -> Once {
        Once { store, is_apart }
    }

    /// Whether the store answers; None where it is the sessions', or this process's memory. It is asked to forget what
    /// nobody ever used, because a store that cannot be written to is of no use here.
    pub(crate) async fn probe(&self) -> Option<Result<(), StoreError>> {
        if !self.is_apart {
            return None;
        }
        Some(self.store.forget(random_bytes()).await)
    }

    /// Uses a name up until its deadline, for every replica: by the clock of one that is behind it is over later than by ours.
    /// The first one wins.
    pub(crate) async fn use_up(&self, name: &str, until: Timestamp) -> Result<Mark, StoreError> {
        self.hold(name, until.plus(TOLERANCE)).await
    }

    /// Holds a name until then and no longer, for who has died with it. The first one wins.
    pub(crate) async fn hold(&self, name: &str, until: Timestamp) -> Result<Mark, StoreError> {
        let judge = |mark: &Mark| if *mark == Mark::First { StoreOutcome::Ok } else { StoreOutcome::Absent };
        record::store(StoreOperation::Mark, self.store.mark(sha256(name.as_bytes()), until), judge).await
    }

    /// Takes either back: what it was used for could not be done, and may be tried again.
    pub(crate) async fn give_back(&self, name: &str) -> Result<(), StoreError> {
        let forgotten = self.store.forget(sha256(name.as_bytes()));
        record::store(StoreOperation::Forget, forgotten, |()| StoreOutcome::Ok).await
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Once(…)")
    }
}

#[cfg(test)]
mod tests {
    use entra_oidc::ManualClock;

    use super::*;
    use crate::session::MemorySessions;

    #[tokio::test]
    async fn s4_a_state_is_used_once_until_it_is_given_back() {
        let once = Once::new(Arc::new(MemorySessions::new()), false);
        let until = Timestamp::from_unix(i64::MAX / 2);
        assert_eq!(once.use_up("state", until).await.expect("marked"), Mark::First);
        assert_eq!(once.use_up("state", until).await.expect("marked"), Mark::Again);
        assert_eq!(once.use_up("State", until).await.expect("marked"), Mark::First);
        once.give_back("state").await.expect("given back");
        assert_eq!(once.use_up("state", until).await.expect("marked"), Mark::First);
        assert_eq!(once.use_up("State", until).await.expect("marked"), Mark::Again);
    }

    /// A replica whose clock is five minutes behind takes a state for good until then; a lease is over when it says so.
    #[tokio::test]
    async fn s4_l1_a_mark_outlives_its_deadline_by_what_clocks_may_differ() {
        let at = Timestamp::from_unix;
        for (now, used, held) in [
            (1_100, Mark::Again, Mark::Again),
            (1_101, Mark::Again, Mark::First),
            (1_400, Mark::Again, Mark::First),
            (1_401, Mark::First, Mark::First),
        ] {
            let clock = ManualClock::at(at(1_000));
            let once = Once::new(Arc::new(MemorySessions::with_clock(clock.clock())), false);
            assert_eq!(once.use_up("state", at(1_100)).await.expect("marked"), Mark::First);
            assert_eq!(once.hold("lease", at(1_100)).await.expect("marked"), Mark::First);
            clock.set(at(now));
            assert_eq!(once.use_up("state", at(1_100)).await.expect("marked"), used, "{now}");
            assert_eq!(once.hold("lease", at(now + 100)).await.expect("marked"), held, "{now}");
        }
    }
}
