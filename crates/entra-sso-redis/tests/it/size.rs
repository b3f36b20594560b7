//! How much memory a session takes, for who has to choose a size.

use std::sync::Arc;

use entra_sso::testing::TestUser;
use entra_sso_redis::RedisStore;
use local_servers::{Redis, RedisOptions};
use serde_json::json;

use crate::{
    application::{KEY, builder},
    raw::Raw,
};

const SESSIONS: u64 = 1_000;

#[tokio::test]
async fn a_session_takes_less_than_three_kilobytes() {
    let server = Redis::start(RedisOptions::default());
    let store = RedisStore::open(&server.url()).await.expect("opened");
    let mut raw = Raw::at(&server.url()).await;
    let users = Arc::default();
    let sso = builder(KEY, &store, &users).build().expect("built");
    let before = memory(&mut raw).await;
    for number in 0..SESSIONS {
        let user = TestUser::new(&format!("user-{number}@contoso.example"))
            .claim("sid", json!("001f2a3b-4c5d-6e7f-8091-a2b3c4d5e6f7"))
            .claim("login_hint", json!("O.CiRjNzQwZTU3MS1mZGM3LTQ4NTItOTJkOS0wMTU4ZTFkMjBmYTUSJDhmM2MyYTEwLTViN2Qt"))
            .role("Reader");
        let _: http::HeaderValue = user.cookie(&sso).await.expect("a session");
    }
    let each = (memory(&mut raw).await - before) / SESSIONS;
    println!("a session of a user of his own, without tokens, takes {each} bytes of Redis's memory, sets and all");
    assert!(each < 3_000, "{each}");
}

async fn memory(raw: &mut Raw) -> u64 {
    let info: String = raw.ask(&[b"INFO", b"memory"]).await;
    let line = info.lines().find_map(|line| line.strip_prefix("used_memory_dataset:")).expect("a line");
    line.parse().expect("a number")
}
