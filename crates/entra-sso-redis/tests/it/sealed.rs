//! What stands in Redis opens nothing, and what is put there neither.

use std::{sync::Arc, time::Duration};

use entra_sso::{
    oidc::{ManualClock, Timestamp},
    testing::TestUser,
};
use entra_sso_redis::RedisStore;
use local_servers::Redis;
use serde_json::json;

use crate::{
    application::{KEY, builder, status},
    raw::Raw,
};

/// A field's name and value.
type Field = (&'static [u8], Vec<u8>);

#[tokio::test]
async fn k11_a_dump_has_no_cookie_and_no_claim() {
    let url = Redis::shared().database();
    let store = RedisStore::open(&url).await.expect("opened");
    let users = Arc::default();
    let sso = builder(KEY, &store, &users).build().expect("built");
    let adele = TestUser::new("adele@contoso.example").claim("canary", json!("canary of a claim")).role("CanaryRole");
    let cookie = adele.cookie(&sso).await.expect("a session");
    assert_eq!(status(&sso, &cookie).await, 200);

    let dump = Raw::at(&url).await.dump().await;
    assert!(dump.len() > 300, "the session is in there");
    let id = cookie.as_bytes().split(|byte| *byte == b'=').next_back().expect("a value");
    assert_eq!(id.len(), 43);
    for canary in [id, b"canary", b"CanaryRole", b"adele@contoso"] {
        let is_there = dump.windows(canary.len()).any(|bytes| bytes == canary);
        assert!(!is_there, "{} stands in Redis", canary.escape_ascii());
    }
}

#[tokio::test]
async fn k14_a_record_that_was_changed_or_copied_opens_nothing() {
    let url = Redis::shared().database();
    let store = RedisStore::open(&url).await.expect("opened");
    let users = Arc::default();
    let sso = builder(KEY, &store, &users).build().expect("built");
    let adele = TestUser::new("adele@contoso.example").cookie(&sso).await.expect("a session");
    let adeles = record(&mut Raw::at(&url).await).await;
    let mut raw = Raw::at(&url).await;
    let diego = TestUser::new("diego@contoso.example").superuser().cookie(&sso).await.expect("a session");
    let names = raw.keys().await;
    let diegos = names.iter().find(|name| is_session(name) && **name != adeles).expect("another").clone();
    let good: Vec<Vec<u8>> = raw.ask(&[b"HGETALL", &adeles]).await;
    let body = value(&good, b"b");
    let flipped = |at: usize| {
        let mut body = body.clone();
        body[at] ^= 1;
        body
    };
    let later: &[u8] = b"99999999999";
    let diegos_body: Vec<u8> = raw.ask(&[b"HGET", &diegos, b"b"]).await;
    let diegos_user: Vec<u8> = raw.ask(&[b"HGET", &diegos, b"u"]).await;
    let changes: Vec<(&str, Vec<Field>)> = vec![
        ("the first byte", vec![(b"b", flipped(0))]),
        ("a byte in the middle", vec![(b"b", flipped(body.len() / 2))]),
        ("the last byte", vec![(b"b", flipped(body.len() - 1))]),
        ("less", vec![(b"b", body[..body.len() - 1].to_vec())]),
        ("nothing", vec![(b"b", Vec::new())]),
        ("somebody else's body", vec![(b"b", diegos_body.clone())]),
        ("somebody else's body and user", vec![(b"b", diegos_body), (b"u", diegos_user.clone())]),
        ("somebody else's user", vec![(b"u", diegos_user)]),
        ("another version", vec![(b"v", b"77".to_vec())]),
        ("a later end", vec![(b"x", later.to_vec()), (b"i", later.to_vec())]),
        ("another authority", vec![(b"a", b"public/other".to_vec())]),
        ("a sid", vec![(b"s", b"sid".to_vec())]),
    ];
    for (what, fields) in changes {
        for (field, value) in &fields {
            let () = raw.ask(&[b"HSET", &adeles, field, value]).await;
        }
        assert_eq!(status(&sso, &adele).await, 401, "{what}");
        let () = raw.ask(&[b"DEL", &adeles]).await;
        for pair in good.chunks(2) {
            let () = raw.ask(&[b"HSET", &adeles, &pair[0], &pair[1]]).await;
        }
        assert_eq!(status(&sso, &adele).await, 200, "as it was before: {what}");
    }
    // Diego's record under Adele's name.
    let () = raw.ask(&[b"COPY", &diegos, &adeles, b"REPLACE"]).await;
    assert_eq!((status(&sso, &adele).await, status(&sso, &diego).await), (401, 200));
}

#[tokio::test]
async fn two_processes_share_sessions_and_a_deadline_ends_them_for_both() {
    let url = Redis::shared().database();
    let clock = ManualClock::at(Timestamp::from_unix(1_800_000_000));
    let (users, mut both) = (Arc::default(), Vec::new());
    for _ in 0..2 {
        let store = RedisStore::open(&url).await.expect("opened").with_clock(clock.clock());
        both.push(builder(KEY, &store, &users).clock(clock.clock()).build().expect("built"));
    }
    let adele = TestUser::new("adele@contoso.example").cookie(&both[0]).await.expect("a session");
    assert_eq!(status(&both[0], &adele).await, 200);
    clock.advance(Duration::from_hours(24 * 365));
    assert_eq!((status(&both[0], &adele).await, status(&both[1], &adele).await), (401, 401));
}

/// The name of the one session there is.
async fn record(raw: &mut Raw) -> Vec<u8> {
    raw.keys().await.into_iter().find(|name| is_session(name)).expect("a session")
}

fn is_session(name: &[u8]) -> bool {
    name.starts_with(b"{entra-sso}:k:")
}

fn value(fields: &[Vec<u8>], name: &[u8]) -> Vec<u8> {
    fields.chunks(2).find(|pair| pair[0] == name).expect("a field")[1].clone()
}
