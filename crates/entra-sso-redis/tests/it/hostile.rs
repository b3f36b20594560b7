//! Somebody else writes into the same Redis.

use std::sync::Arc;

use entra_sso::{
    StoreErrorKind,
    oidc::Clock,
    session::{Mark, SessionQuery, SessionStore as _, UsedStates as _},
    testing::TestUser,
    users::UserId,
};
use entra_sso_redis::RedisStore;
use local_servers::Redis;

use crate::{
    application::{KEY, builder, status},
    made::{key, session},
    raw::Raw,
};

/// Words of a command; `KEY` stands for the name of Adele's record.
type Command<'a> = &'a [&'a [u8]];

#[tokio::test]
async fn k14_what_is_no_record_of_ours_is_nobody_and_the_next_sign_in_works() {
    let url = Redis::shared().database();
    let (store, mut raw) = (RedisStore::open(&url).await.expect("opened"), Raw::at(&url).await);
    let users = Arc::default();
    let sso = builder(KEY, &store, &users).build().expect("built");
    let diego = TestUser::new("diego@contoso.example").cookie(&sso).await.expect("a session");
    let diegos = raw.keys().await;
    let huge = vec![2; 20_000_000];
    let cases: [(&str, &[Command<'_>]); 14] = [
        ("another string", &[&[b"SET", b"KEY", b"canary"]]),
        ("an empty string", &[&[b"SET", b"KEY", b""]]),
        ("a list", &[&[b"DEL", b"KEY"], &[b"RPUSH", b"KEY", b"canary"]]),
        ("a stream", &[&[b"DEL", b"KEY"], &[b"XADD", b"KEY", b"*", b"b", b"canary"]]),
        ("a hash", &[&[b"DEL", b"KEY"], &[b"HSET", b"KEY", b"b", b"canary"]]),
        ("20 MB more", &[&[b"APPEND", b"KEY", &huge]]),
        ("another form", &[&[b"SETRANGE", b"KEY", b"0", b"\x02"]]),
        ("the last version", &[&[b"SETRANGE", b"KEY", b"1", &[0xff; 8]]]),
        ("an end after all time", &[&[b"SETRANGE", b"KEY", b"17", &i64::MAX.to_be_bytes().repeat(2)]]),
        ("an end before all time", &[&[b"SETRANGE", b"KEY", b"17", &i64::MIN.to_be_bytes().repeat(2)]]),
        ("no user", &[&[b"SETRANGE", b"KEY", b"57", &[0xff; 4]]]),
        ("a user that is longer than the record", &[&[b"SETRANGE", b"KEY", b"57", &[0x7f; 4]]]),
        ("a user that is no text", &[&[b"SETRANGE", b"KEY", b"73", b"\xff\xfe"]]),
        ("lengths alone", &[&[b"SET", b"KEY", &[[1; 57].as_slice(), &[0; 16]].concat()]]),
    ];
    for (what, commands) in cases {
        let adele = TestUser::new("adele@contoso.example").cookie(&sso).await.expect("a session");
        assert_eq!(status(&sso, &adele).await, 200, "before: {what}");
        let names = raw.keys().await;
        let is_hers = |name: &&Vec<u8>| name.starts_with(b"{entra-sso}:k:") && !diegos.contains(name);
        let hers = names.iter().find(is_hers).expect("a record").clone();
        for command in commands {
            let words: Vec<&[u8]> = command.iter().map(|word| if *word == b"KEY" { &hers[..] } else { word }).collect();
            let _: redis::Value = raw.ask(&words).await;
        }
        assert_eq!((status(&sso, &adele).await, status(&sso, &diego).await), (401, 200), "{what}");
        // The record is in the way of nothing.
        let key = hers.strip_prefix(b"{entra-sso}:k:").and_then(|key| key.try_into().ok());
        let key = entra_sso::session::SessionKey::from_bytes(key.expect("32 bytes"));
        assert_eq!(store.delete(&[key]).await.expect("deleted"), 1, "{what}");
    }
}

#[tokio::test]
async fn k12_what_else_is_in_a_set_names_no_session_and_a_broken_set_keeps_nobody_signed_in() {
    let url = Redis::shared().database();
    let (store, mut raw) = (RedisStore::open(&url).await.expect("opened"), Raw::at(&url).await);
    let (key, user) = (key(), UserId::new("adele"));
    let of_user = || SessionQuery::OfUser(user.clone());
    let made = session(&user, Clock::system().now(), 60);
    store.create(key, made.clone()).await.expect("created");
    // One of them names a key that is there.
    let () = raw.ask(&[b"SET", b"{entra-sso}:k:short", b"canary"]).await;
    let () = raw.ask(&[b"SADD", b"{entra-sso}:u:adele", b"short", b"", b"*", &[7; 32], &[7; 33]]).await;
    assert_eq!(store.find(of_user()).await.expect("found"), [key]);
    assert_eq!(raw.ask::<u64>(&[b"SCARD", b"{entra-sso}:u:adele"]).await, 2, "what names nothing is out of the set");

    let () = raw.ask(&[b"SET", b"{entra-sso}:u:adele", b"canary"]).await;
    let error = store.find(of_user()).await.expect_err("nobody knows her sessions");
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
    assert!(store.create(self::key(), made).await.is_err(), "a session that nobody could find");
    assert_eq!(store.delete(&[key]).await.expect("a session can always be ended"), 1);
    assert!(store.load(&key).await.expect("loaded").is_none());
}

#[tokio::test]
async fn a_mark_that_somebody_else_made_is_never_the_first() {
    let url = Redis::shared().database();
    let (store, mut raw) = (RedisStore::open(&url).await.expect("opened"), Raw::at(&url).await);
    let until = session(&UserId::new("adele"), Clock::system().now(), 60).idle_deadline;
    let name = [b"{entra-sso}:m:", &[1; 32][..]].concat();
    let () = raw.ask(&[b"SET", &name, b""]).await;
    assert_eq!(store.mark([1; 32], until).await.expect("marked"), Mark::Again);
    let () = raw.ask(&[b"DEL", &name]).await;
    let () = raw.ask(&[b"RPUSH", &name, b"canary"]).await;
    assert!(store.mark([1; 32], until).await.is_err());
    store.forget([1; 32]).await.expect("forgotten");
    assert_eq!(store.mark([1; 32], until).await.expect("marked"), Mark::First);
}

#[tokio::test]
async fn two_applications_on_one_redis_are_apart() {
    let url = Redis::shared().database();
    let store = RedisStore::open(&url).await.expect("opened");
    let [one, two] = [store.clone().with_prefix("one"), store.with_prefix("one*")];
    let (key, user) = (key(), UserId::new("adele"));
    let made = session(&user, Clock::system().now(), 60).with_sid(Some("sid".to_owned()));
    let (authority, sid, end) = (made.authority.to_string(), "sid".to_owned(), made.idle_deadline);
    one.create(key, made).await.expect("created");
    assert_eq!(one.mark([1; 32], end).await.expect("marked"), Mark::First);
    for query in [
        SessionQuery::OfUser(user),
        SessionQuery::OfMicrosoftSid { authority, sid },
        SessionQuery::ExpiredBefore(end.plus(std::time::Duration::from_hours(1))),
    ] {
        assert_eq!(one.find(query.clone()).await.expect("found"), [key], "{query:?}");
        assert!(two.find(query.clone()).await.expect("found").is_empty(), "{query:?}");
    }
    assert!(two.load(&key).await.expect("loaded").is_none());
    assert_eq!(two.delete(&[key]).await.expect("deleted"), 0);
    assert_eq!(two.mark([1; 32], end).await.expect("marked"), Mark::First);
    assert!(one.load(&key).await.expect("loaded").is_some());
}
