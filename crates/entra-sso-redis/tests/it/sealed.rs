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

/// What stands where in a record's head.
const VERSION: usize = 1;
const DEADLINES: usize = 17;
const START: usize = 33;
const LENGTHS: usize = 57;
const HEAD: usize = 73;

/// What stands where among its names.
const USER: usize = 0;
const AUTHORITY: usize = 1;
const SID: usize = 2;
const SUBJECT: usize = 3;

/// What stands under a session's key, taken apart.
#[derive(Clone)]
struct Record {
    head: Vec<u8>,
    names: [Option<Vec<u8>>; 4],
    body: Vec<u8>,
}

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
    let (good, other) = (Record::at(&mut raw, &adeles).await, Record::at(&mut raw, &diegos).await);
    let with_body = |body: &[u8]| Record { body: body.to_vec(), ..good.clone() };
    let flipped = |at: usize| {
        let mut body = good.body.clone();
        body[at] ^= 1;
        with_body(&body)
    };
    let with_head = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed.head[at..][..bytes.len()].copy_from_slice(bytes);
        changed
    };
    let with_name = |place: usize, name: Option<&[u8]>| {
        let mut changed = good.clone();
        changed.names[place] = name.map(<[u8]>::to_vec);
        changed
    };
    let diegos_user = other.names[USER].as_deref();
    let later = 99_999_999_999_i64.to_be_bytes().repeat(2);
    let changes = [
        ("the first byte", flipped(0)),
        ("a byte in the middle", flipped(good.body.len() / 2)),
        ("the last byte", flipped(good.body.len() - 1)),
        ("less", with_body(&good.body[..good.body.len() - 1])),
        ("nothing", with_body(&[])),
        ("somebody else's body", with_body(&other.body)),
        ("somebody else's body and user", Record { body: other.body.clone(), ..with_name(USER, diegos_user) }),
        ("somebody else's user", with_name(USER, diegos_user)),
        ("another version", with_head(VERSION, &77_u64.to_be_bytes())),
        ("a later end", with_head(DEADLINES, &later)),
        ("another start", with_head(START, &1_i64.to_be_bytes())),
        ("another authority", with_name(AUTHORITY, Some(b"public/other"))),
        ("a sid", with_name(SID, Some(b"sid"))),
        ("a subject", with_name(SUBJECT, Some(b"subject"))),
    ];
    for (what, changed) in changes {
        let () = raw.ask(&[b"SET", &adeles, &changed.bytes()]).await;
        assert_eq!(status(&sso, &adele).await, 401, "{what}");
        let () = raw.ask(&[b"SET", &adeles, &good.bytes()]).await;
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

impl Record {
    async fn at(raw: &mut Raw, key: &[u8]) -> Record {
        let whole: Vec<u8> = raw.ask(&[b"GET", key]).await;
        let (head, mut rest) = whole.split_at(HEAD);
        let names = [USER, AUTHORITY, SID, SUBJECT].map(|place| {
            let length = u32::from_be_bytes(head[LENGTHS + 4 * place..][..4].try_into().expect("four bytes"));
            let length = Some(length).filter(|length| *length < u32::MAX)?;
            let (name, after) = rest.split_at(usize::try_from(length).expect("short"));
            rest = after;
            Some(name.to_vec())
        });
        Record { head: head.to_vec(), names, body: rest.to_vec() }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head[..LENGTHS].to_vec();
        for name in &self.names {
            let length = name.as_ref().map_or(u32::MAX, |name| u32::try_from(name.len()).expect("short"));
            bytes.extend(length.to_be_bytes());
        }
        bytes.extend(self.names.iter().flatten().flatten());
        bytes.extend(&self.body);
        bytes
    }
}
