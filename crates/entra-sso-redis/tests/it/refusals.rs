//! A Redis that does not do what it is asked: an error, and never "not found".

use entra_sso::{
    oidc::Clock,
    session::{SessionQuery, SessionStore as _, SessionUpdate, UsedStates as _},
    testing::session_store_contract,
    users::UserId,
};
use entra_sso_redis::RedisStore;
use local_servers::{Redis, RedisOptions};

use crate::{
    made::{key, session},
    raw::Raw,
};

#[tokio::test]
async fn a_copy_that_is_only_read_is_an_error_for_writes_and_reads_go_on() {
    let server = Redis::start(RedisOptions::default());
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let (key, user, now) = (key(), UserId::new("adele"), Clock::system().now());
    let made = session(&user, now, 60);
    store.create(key, made.clone()).await.expect("created");
    // Of a server that is not there: it stays as it is, and may not be written to.
    let () = Raw::at(&server.url()).await.ask(&[b"REPLICAOF", b"127.0.0.1", b"1"]).await;

    assert!(store.load(&key).await.expect("loaded").is_some());
    assert_eq!(store.find(SessionQuery::OfUser(user)).await.expect("found"), [key]);
    for (what, refused) in [
        ("create", store.create(self::key(), made.clone()).await.map(drop)),
        ("touch", store.replace(&key, 0, SessionUpdate::Touch(made.idle_deadline)).await.map(drop)),
        ("recheck", store.replace(&key, 0, SessionUpdate::Recheck).await.map(drop)),
        ("delete", store.delete(&[key]).await.map(drop)),
        ("mark", store.mark([1; 32], made.idle_deadline).await.map(drop)),
        ("forget", store.forget([1; 32]).await),
    ] {
        let error = refused.expect_err(what);
        let cause = std::error::Error::source(&error).expect("a cause").to_string();
        assert!(cause.contains("READONLY"), "{what}: {cause}");
    }
    // It became the one to write to.
    let () = Raw::at(&server.url()).await.ask(&[b"REPLICAOF", b"NO", b"ONE"]).await;
    assert_eq!(store.delete(&[key]).await.expect("deleted"), 1);
}

#[tokio::test]
async fn a_full_redis_refuses_what_is_new_and_keeps_what_is_there() {
    let server = Redis::start(RedisOptions::default().with(["--maxmemory-policy", "noeviction"]));
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let (kept, user, now) = (key(), UserId::new("adele"), Clock::system().now());
    let made = session(&user, now, 60);
    store.create(kept, made.clone()).await.expect("created");
    let () = Raw::at(&server.url()).await.ask(&[b"CONFIG", b"SET", b"maxmemory", b"1mb"]).await;

    let fresh = key();
    let error = store.create(fresh, made.clone()).await.expect_err("full");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("full (OOM)"), "{cause}");
    assert!(store.mark([1; 32], made.idle_deadline).await.is_err(), "a mark that is not kept");
    assert!(store.load(&fresh).await.expect("loaded").is_none(), "nothing of what was refused is there");
    assert!(store.load(&kept).await.expect("loaded").is_some());
    assert_eq!(store.find(SessionQuery::OfUser(user)).await.expect("found"), [kept]);
    // Whoever wants to go can go.
    assert_eq!(store.delete(&[kept]).await.expect("deleted"), 1);
}

/// Rights of a user, as `docs/stores.md` has them.
const RIGHTS: &str = "+@set +@string +@keyspace +@scripting +@connection -@dangerous";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_rights_that_the_documentation_names_are_enough() {
    assert!(include_str!("../../../../docs/stores.md").contains(&format!("`~{{entra-sso}}:*` and `{RIGHTS}`")));
    let server = Redis::start(RedisOptions::default());
    let rule =
        [&["ACL", "SETUSER", "app", "on", ">word", "~{entra-sso}:*"][..], &RIGHTS.split(' ').collect::<Vec<_>>()];
    let rule: Vec<&[u8]> = rule.concat().into_iter().map(str::as_bytes).collect();
    let () = Raw::at(&server.url()).await.ask(&rule).await;
    let url = server.url().replace("redis://", "redis://app:word@");
    session_store_contract(RedisStore::open(&url).await.expect("opened")).await;
}

#[tokio::test]
async fn a_user_without_rights_is_an_error() {
    let server = Redis::start(RedisOptions::default());
    let mut raw = Raw::at(&server.url()).await;
    let () = raw.ask(&[b"ACL", b"SETUSER", b"app", b"on", b">word", b"~{other}:*", b"+@all"]).await;
    let url = server.url().replace("redis://", "redis://app:word@");
    let store = RedisStore::open(&url).await.expect("opened");
    let error = store.load(&key()).await.expect_err("not its keys");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("NOPERM"), "{cause}");
    assert!(store.with_prefix("other").load(&key()).await.expect("its keys").is_none());
}
