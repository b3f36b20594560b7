//! The contract that every store of sessions keeps.

use std::sync::atomic::{AtomicUsize, Ordering};

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{Mark, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession, UsedStates},
    testing::session_store_contract,
};
use entra_sso_sqlx::Database;

use crate::{databases, scratch::Scratch};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_database_keeps_the_contract() {
    let scratch = Scratch::new();
    for url in databases::all(&scratch) {
        session_store_contract(Database::open(&url).await.expect("opened")).await;
    }
    session_store_contract(Database::open(":memory:").await.expect("opened")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_replicas_on_one_database_keep_the_contract() {
    let scratch = Scratch::new();
    for url in databases::all(&scratch) {
        let open = async || Database::open(&url).await.expect("opened");
        session_store_contract(TwoReplicas([open().await, open().await], AtomicUsize::new(0))).await;
    }
}

/// Each call goes to one of them in turn.
struct TwoReplicas([Database; 2], AtomicUsize);

impl TwoReplicas {
    fn next(&self) -> &Database {
        &self.0[self.1.fetch_add(1, Ordering::Relaxed) % 2]
    }
}

impl SessionStore for TwoReplicas {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        self.next().create(key, session).await
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        self.next().load(key).await
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        self.next().replace(key, seen, update).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        SessionStore::delete(self.next(), keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        SessionStore::find(self.next(), query).await
    }
}

impl UsedStates for TwoReplicas {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        self.next().mark(state, until).await
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.next().forget(state).await
    }
}
