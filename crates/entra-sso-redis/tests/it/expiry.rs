//! Everything goes at its time, by itself, and nothing before.

use std::{future::Future, time::Duration};

use entra_sso::{
    oidc::{ManualClock, Timestamp},
    session::{Mark, Replaced, SessionBody, SessionQuery, SessionStore as _, SessionUpdate, UsedStates as _},
    users::UserId,
};
use entra_sso_redis::RedisStore;
use local_servers::Redis;

use crate::{
    made::{key, session},
    raw::Raw,
};

const START: Timestamp = Timestamp::from_unix(1_000_000);

/// A store in a database of its own, the hand on its clock, and the database as Redis sees it. The clock of Redis says another year.
async fn store() -> (RedisStore, ManualClock, Raw) {
    let url = Redis::shared().database();
    let clock = ManualClock::at(START);
    let store = RedisStore::open(&url).await.expect("opened").with_clock(clock.clock());
    (store, clock, Raw::at(&url).await)
}

async fn all_expire(raw: &mut Raw, when: &str) {
    for key in raw.keys().await {
        let left: i64 = raw.ask(&[b"PTTL", &key]).await;
        assert!(left > 0, "{when}: {} lives for ever", key.escape_ascii());
    }
}

#[tokio::test]
async fn no_key_is_without_an_end_after_any_call() {
    let (store, _, mut raw) = store().await;
    let user = UserId::new("adele");
    let [one, two] = [key(), key()];
    for key in [one, two] {
        let made = session(&user, START, 60).with_sid(Some("sid".to_owned())).with_subject(Some("sub".to_owned()));
        store.create(key, made).await.expect("created");
        all_expire(&mut raw, "create").await;
    }
    assert_eq!(raw.keys().await.len(), 2 + 3, "two sessions, and the sets of user, sid and subject");
    let body = SessionUpdate::Body(SessionBody::Sealed("b".into()));
    let far = SessionUpdate::Touch(Timestamp::from_unix(i64::MAX));
    let past = SessionUpdate::Touch(Timestamp::from_unix(i64::MIN));
    for update in [body, far, SessionUpdate::Recheck, SessionUpdate::Touch(START.plus(Duration::from_secs(90))), past] {
        let _: Replaced = store.replace(&one, 0, update.clone()).await.expect("replaced");
        all_expire(&mut raw, &format!("{update:?}")).await;
    }
    let _: Mark = store.mark([1; 32], Timestamp::from_unix(i64::MAX)).await.expect("marked");
    let _: Mark = store.mark([2; 32], Timestamp::from_unix(0)).await.expect("marked");
    all_expire(&mut raw, "mark").await;
    store.find(SessionQuery::OfUser(user.clone())).await.expect("found");
    store.delete(&[one]).await.expect("deleted");
    all_expire(&mut raw, "delete").await;
    store.forget([1; 32]).await.expect("forgotten");
    store.forget([2; 32]).await.expect("forgotten");
    store.delete(&[two]).await.expect("deleted");
    assert_eq!(raw.keys().await, Vec::<Vec<u8>>::new(), "what is left at the end");
}

#[tokio::test]
async fn redis_drops_a_session_and_a_mark_at_their_deadline_by_the_stores_clock() {
    let (store, clock, mut raw) = store().await;
    let (short, long, user) = (key(), key(), UserId::new("adele"));
    store.create(short, session(&user, START, 1)).await.expect("created");
    store.create(long, session(&user, START, 600)).await.expect("created");
    let until = START.plus(Duration::from_secs(1));
    assert_eq!(store.mark([7; 32], until).await.expect("marked"), Mark::First);
    assert_eq!(store.mark([7; 32], until).await.expect("marked"), Mark::Again);

    until_true(async || store.load(&short).await.expect("loaded").is_none()).await;
    until_true(async || store.mark([7; 32], until).await.expect("marked") == Mark::First).await;
    let replaced = store.replace(&short, 0, SessionUpdate::Touch(START.plus(Duration::from_mins(1)))).await;
    assert_eq!(replaced.expect("replaced"), Replaced::Gone, "what is over is not brought back");
    assert_eq!(store.find(SessionQuery::OfUser(user.clone())).await.expect("found"), [long]);
    let members: u64 = raw.ask(&[b"SCARD", b"{entra-sso}:u:adele"]).await;
    assert_eq!(members, 1, "the set is read: what is over is out of it");

    clock.advance(Duration::from_secs(590));
    let idle = START.plus(Duration::from_secs(1_190));
    assert_eq!(store.replace(&long, 0, SessionUpdate::Touch(idle)).await.expect("touched"), Replaced::Yes);
    let left: u64 = raw.ask(&[b"TTL", &[b"{entra-sso}:k:", &long.as_bytes()[..]].concat()]).await;
    assert!((599..=600).contains(&left), "the touch moved the end: {left}");
    let beyond = SessionUpdate::Touch(START.plus(Duration::from_mins(1_000)));
    assert_eq!(store.replace(&long, 0, beyond).await.expect("touched"), Replaced::Yes);
    let left: u64 = raw.ask(&[b"TTL", &[b"{entra-sso}:k:", &long.as_bytes()[..]].concat()]).await;
    assert!((5_409..=5_410).contains(&left), "the absolute deadline is the end: {left}");
}

/// K12.
#[tokio::test]
async fn k12_a_set_outlives_each_session_in_it() {
    let (store, clock, mut raw) = store().await;
    let user = UserId::new("adele");
    let [long, short] = [key(), key()];
    store.create(long, session(&user, START, 1_000)).await.expect("created");
    store.create(short, session(&user, START, 1)).await.expect("created");
    let left: i64 = raw.ask(&[b"TTL", b"{entra-sso}:u:adele"]).await;
    assert!(left >= 9_999, "a short session shortens nothing: {left}");
    // The clock goes back: the session lives longer than the set was told.
    clock.set(START.minus(Duration::from_secs(50_000)));
    let idle = START.plus(Duration::from_secs(9_999));
    assert_eq!(store.replace(&long, 0, SessionUpdate::Touch(idle)).await.expect("touched"), Replaced::Yes);
    let left: i64 = raw.ask(&[b"TTL", b"{entra-sso}:u:adele"]).await;
    assert!(left >= 59_990, "the set lives as long as the session: {left}");
    // Somebody drops the set: the next touch puts it right.
    let () = raw.ask(&[b"DEL", b"{entra-sso}:u:adele"]).await;
    assert_eq!(store.replace(&long, 0, SessionUpdate::Touch(idle)).await.expect("touched"), Replaced::Yes);
    assert_eq!(store.find(SessionQuery::OfUser(user)).await.expect("found"), [long]);
}

#[tokio::test]
async fn a_set_that_nobody_reads_does_not_grow_without_bound() {
    let (store, _, mut raw) = store().await;
    let user = UserId::new("robot");
    let mut living = Vec::new();
    for number in 0..600 {
        let key = key();
        store.create(key, session(&user, START, 600)).await.expect("created");
        if number % 10 == 0 {
            living.push(key);
        } else {
            // As Redis does when its time is over.
            let () = raw.ask(&[b"DEL", &[b"{entra-sso}:k:", &key.as_bytes()[..]].concat()]).await;
        }
    }
    let members: usize = raw.ask(&[b"SCARD", b"{entra-sso}:u:robot"]).await;
    println!("600 sessions began, {} are left, the set has {members} members", living.len());
    assert!(members < 2 * living.len(), "{members}");
    let mut found = store.find(SessionQuery::OfUser(user)).await.expect("found");
    found.sort();
    living.sort();
    assert_eq!(found, living);
}

#[tokio::test]
async fn users_and_sids_of_any_bytes_are_apart() {
    let (store, _, _) = store().await;
    let names = ["", "a", "A", "a\0", "\0a", "a\n", "1:a", "{entra-sso}", "*", "ä"];
    let mut made = Vec::new();
    for name in names {
        let key = key();
        let mut session = session(&UserId::new(name), START, 60).with_sid(Some(name.to_owned()));
        session.authority = format!("{name}:").into();
        store.create(key, session).await.expect("created");
        let loaded = store.load(&key).await.expect("loaded").expect("there");
        assert_eq!((loaded.user.as_str(), loaded.sid.as_deref()), (name, Some(name)));
        made.push((name, key));
    }
    for (name, key) in made {
        assert_eq!(store.find(SessionQuery::OfUser(UserId::new(name))).await.expect("found"), [key], "{name:?}");
        let query = SessionQuery::OfMicrosoftSid { authority: format!("{name}:"), sid: name.to_owned() };
        assert_eq!(store.find(query).await.expect("found"), [key], "{name:?}");
    }
    let query = SessionQuery::OfMicrosoftSid { authority: String::new(), sid: ":".to_owned() };
    assert!(store.find(query).await.expect("found").is_empty());
}

/// Asks again and again; the bound is for a Redis that never gets there.
async fn until_true<F: Future<Output = bool>>(ask: impl Fn() -> F) {
    let asked = async {
        while !ask().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asked).await.expect("it comes true");
}
