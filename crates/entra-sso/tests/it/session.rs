//! Sessions, as another crate sees them.

use entra_sso::session::{MemorySessions, SessionKey};

/// S4, S17, K10, K12, K14.
#[cfg(feature = "testing")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_sessions_keep_the_contract() {
    entra_sso::testing::session_store_contract(MemorySessions::new()).await;
}

#[test]
fn a_store_reads_its_keys_back() {
    let key = SessionKey::from_bytes([7; 32]);
    assert_eq!(SessionKey::from_bytes(*key.as_bytes()), key);
    assert_eq!(
        format!("{key:?} {:?}", MemorySessions::new()),
        "SessionKey(07070707…) MemorySessions { sessions: 0, .. }"
    );
}
