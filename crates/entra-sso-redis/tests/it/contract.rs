//! The contract that every store of sessions keeps (K1, K10, K12, S4, S17, F-70).

use std::sync::atomic::{AtomicUsize, Ordering};

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{Mark, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession, UsedStates},
    testing::session_store_contract,
};
use entra_sso_redis::{RedisOptions, RedisStore};
use local_servers::Redis;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_keeps_the_contract() {
    session_store_contract(RedisStore::open(&Redis::shared().database()).await.expect("opened")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_at_its_socket_keeps_the_contract() {
    let store = RedisStore::open(&Redis::shared().socket_url()).await.expect("opened");
    session_store_contract(store.with_prefix("by socket")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_over_tls_keeps_the_contract() {
    let server = Redis::start(local_servers::RedisOptions::default().tls().password("word"));
    let ca = std::fs::read(server.ca_file()).expect("read");
    let store = RedisOptions::new().ca_pem(ca).open(&server.tls_url()).await.expect("opened");
    session_store_contract(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_clients_keep_the_contract_together() {
    let url = Redis::shared().database();
    let [one, two] = [RedisStore::open(&url).await.expect("opened"), RedisStore::open(&url).await.expect("opened")];
    session_store_contract(TwoReplicas([one, two], AtomicUsize::new(0))).await;
}

/// Each call goes to one of them in turn.
struct TwoReplicas([RedisStore; 2], AtomicUsize);

impl TwoReplicas {
    fn next(&self) -> &RedisStore {
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
        self.next().delete(keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        self.next().find(query).await
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
