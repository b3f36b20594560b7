//! Z1: what is told of a Redis that fails holds neither its password nor what it was given.

use std::error::Error;

use entra_sso::{
    StoreError,
    oidc::{Clock, Timestamp},
    session::{SessionBody, SessionQuery, SessionStore as _, SessionUpdate, StoredSession, UsedStates as _},
    users::UserId,
};
use entra_sso_redis::RedisStore;
use local_servers::{Redis, RedisOptions};

use crate::{made::key, raw::Raw};

const STATE: [u8; 32] = *b"canary: the hash of some state..";

#[tokio::test]
async fn z1_no_failure_tells_the_password_a_key_or_a_body() {
    let server = Redis::start(RedisOptions::default().password("canary-password"));
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let mut raw = Raw::at(&server.url()).await;
    // It may only be read.
    let () = raw.ask(&[b"REPLICAOF", b"127.0.0.1", b"1"]).await;
    assert!(failures(&store).await >= 4);
    // Its users may do nothing.
    let () = raw.ask(&[b"ACL", b"SETUSER", b"default", b"resetkeys"]).await;
    assert!(failures(&store).await >= 6);
    // It is gone.
    drop(raw);
    drop(server);
    assert!(failures(&store).await >= 7);
}

/// How many calls failed; nothing that they say is a secret.
async fn failures(store: &RedisStore) -> usize {
    let (key, now) = (key(), Clock::system().now());
    let session = session(now);
    let hexadecimal = format!("{:02x?}", key.as_bytes()).replace([',', ' ', '[', ']'], "");
    let escaped = key.as_bytes().escape_ascii().to_string();
    let words = ["canary", &hexadecimal, &hexadecimal.to_uppercase(), &escaped[..24], &format!("{:?}", key.as_bytes())];
    let errors = [
        store.create(key, session.clone()).await.err(),
        store.load(&key).await.err(),
        store.replace(&key, 0, SessionUpdate::Touch(now)).await.err(),
        store.delete(&[key]).await.err(),
        store.find(SessionQuery::OfUser(session.user)).await.err(),
        store.mark(STATE, session.idle_deadline).await.err(),
        store.forget(STATE).await.err(),
    ];
    let told: Vec<String> = errors.into_iter().flatten().map(|error| text(&error)).collect();
    for text in &told {
        for word in words {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    told.len()
}

fn session(now: Timestamp) -> StoredSession {
    let later = Timestamp::from_unix(now.unix() + 600);
    let body = SessionBody::Sealed("canary of a body".into());
    StoredSession::new(UserId::new("canary-user"), "authority", later, later, body)
}

/// All that anybody can print of an error.
fn text(error: &StoreError) -> String {
    let mut said = vec![format!("{error} {error:?} {error:#?}")];
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push(format!("{error} {error:?}"));
        cause = error.source();
    }
    said.join(" ")
}
