//! Databases that know whose they are.

use entra_sso::{
    oidc::Timestamp,
    users::{NewUser, UserStore},
};
use entra_sso_sqlx::SqliteStore;
use tokio::task::JoinSet;

use crate::scratch::Scratch;

#[tokio::test]
async fn a_mark_stays_with_the_file() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    let users = SqliteStore::open(&file).await.expect("opened");
    assert_eq!(users.database_mark().await.expect("read"), None);
    users.set_mark("emulator").await.expect("marked");
    users.close().await;
    let users = SqliteStore::open(&file).await.expect("opened");
    assert_eq!(users.database_mark().await.expect("read").as_deref(), Some("emulator"));
    assert_eq!(users.claim_mark("microsoft").await.expect("claimed").as_deref(), Some("emulator"), "taken already");
    users.set_meta("schema", "x").await.expect("written");
    users.set_meta("schema", "y").await.expect("written");
    assert_eq!(users.meta("schema").await.expect("read").as_deref(), Some("y"));
    assert_eq!(users.meta("other").await.expect("read"), None);
}

#[tokio::test]
async fn a_database_with_users_cannot_be_claimed() {
    let users = SqliteStore::in_memory().await.expect("opened");
    assert!(users.is_empty().await.expect("read"));
    let _ = users.create(NewUser::new("adele", Timestamp::from_unix(0))).await.expect("created");
    assert!(!users.is_empty().await.expect("read"));
    assert_eq!(users.claim_mark("emulator").await.expect("claimed"), None, "somebody's users are in it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_claim_a_new_database_one_has_it() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    let mut crowd = JoinSet::new();
    for number in 0..16 {
        let file = file.clone();
        crowd.spawn(async move {
            let users = SqliteStore::open(&file).await.expect("opened");
            users.claim_mark(if number % 2 == 0 { "emulator" } else { "microsoft" }).await.expect("claimed")
        });
    }
    let mut marks = crowd.join_all().await;
    marks.dedup();
    assert_eq!(marks.len(), 1, "all learn the same: {marks:?}");
    assert!(marks[0].is_some());
}
