//! How often Redis is asked.

use entra_sso::{
    oidc::Clock,
    session::{Mark, Replaced, SessionBody, SessionStore as _, SessionUpdate, UsedStates as _},
    users::UserId,
};
use entra_sso_redis::RedisStore;
use local_servers::{Redis, RedisOptions};

use crate::{
    made::{key, session},
    raw::Raw,
};

#[tokio::test]
async fn a_session_is_loaded_with_one_command_and_changed_with_one() {
    let server = Redis::start(RedisOptions::default());
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let mut raw = Raw::at(&server.url()).await;
    let (key, now) = (key(), Clock::system().now());
    let made = session(&UserId::new("adele"), now, 60);
    store.create(key, made.clone()).await.expect("created");

    let before = (raw.all_calls().await, raw.calls("get").await);
    for _ in 0..100 {
        assert!(store.load(&key).await.expect("loaded").is_some());
    }
    // One more: the question for the first number.
    assert_eq!(raw.all_calls().await - before.0, 100 + 2, "commands for 100 loads");
    assert_eq!(raw.calls("get").await - before.1, 100);

    let body = || SessionUpdate::Body(SessionBody::Sealed("another".into()));
    for (what, update) in
        [("touch", SessionUpdate::Touch(made.idle_deadline)), ("body", body()), ("recheck", SessionUpdate::Recheck)]
    {
        // Once, so that the server knows the script.
        let _: Replaced = store.replace(&key, 0, update.clone()).await.expect("replaced");
        let before = raw.calls("evalsha").await;
        let _: Replaced = store.replace(&key, 1, update).await.expect("replaced");
        assert_eq!(raw.calls("evalsha").await - before, 1, "{what}");
    }
    assert_eq!(store.mark([1; 32], made.idle_deadline).await.expect("marked"), Mark::First);
    let before = raw.calls("evalsha").await;
    assert_eq!(store.mark([2; 32], made.idle_deadline).await.expect("marked"), Mark::First);
    assert_eq!(raw.calls("evalsha").await - before, 1, "mark");
}

#[tokio::test]
async fn scripts_that_the_server_has_forgotten_are_told_again() {
    let server = Redis::start(RedisOptions::default());
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let mut raw = Raw::at(&server.url()).await;
    let (user, now) = (UserId::new("adele"), Clock::system().now());
    for _ in 0..3 {
        let key = key();
        store.create(key, session(&user, now, 60)).await.expect("created");
        let () = raw.ask(&[b"SCRIPT", b"FLUSH"]).await;
        assert_eq!(store.replace(&key, 0, SessionUpdate::Recheck).await.expect("replaced"), Replaced::Yes);
        let () = raw.ask(&[b"SCRIPT", b"FLUSH"]).await;
        assert_eq!(store.delete(&[key]).await.expect("deleted"), 1);
        let () = raw.ask(&[b"SCRIPT", b"FLUSH"]).await;
    }
}
