//! What is over goes, a few at a time, whenever something new comes.

use std::time::Duration;

use entra_sso::{
    oidc::{ManualClock, Timestamp},
    session::{Mark, SessionBody, SessionKey, SessionStore as _, StoredSession, UsedStates as _},
    users::UserId,
};
use entra_sso_sqlx::Database;

use crate::{
    databases::{self, count, execute, is_postgres},
    scratch::Scratch,
};

const EXPIRED: u64 = 10_000;

#[tokio::test]
async fn ten_thousand_expired_rows_go_and_the_live_ones_stay() {
    let scratch = Scratch::new();
    for url in databases::each(&scratch) {
        let time = ManualClock::at(Timestamp::from_unix(1_800_000_000));
        let database = Database::open(&url).await.expect("opened").with_clock(time.clock());
        let deadline = time.now().plus(Duration::from_hours(1));
        execute(&url, &expired_rows(&url)).await;
        let session = || {
            let body = SessionBody::Sealed(vec![1, 2, 3].into());
            StoredSession::new(UserId::random(), "authority", deadline, deadline, body)
        };
        let mut created = 0_u64;
        while count(&url, "entra_sso_session").await > created + EXPIRED / 2 {
            for _ in 0..20 {
                database.create(random_key(), session()).await.expect("created");
                created += 1;
            }
            assert!(created < 1_000, "{created} new sessions took too few of {EXPIRED} away");
        }
        for _ in 0..100 {
            database.create(random_key(), session()).await.expect("created");
            assert_eq!(database.mark(random_state(), deadline).await.expect("marked"), Mark::First);
            created += 1;
        }
        for _ in 0..100 {
            assert_eq!(database.mark(random_state(), deadline).await.expect("marked"), Mark::First);
        }
        assert_eq!(count(&url, "entra_sso_session").await, created, "the live sessions, and no other");
        assert_eq!(count(&url, "entra_sso_used_state").await, 200, "the live marks, and no other");
        println!("{EXPIRED} expired sessions were gone after at most {created} new ones");

        // An hour later they are over themselves.
        time.advance(Duration::from_hours(2));
        let later = time.now().plus(Duration::from_hours(1));
        for _ in 0..64 {
            assert_eq!(database.mark(random_state(), later).await.expect("marked"), Mark::First);
        }
        assert_eq!(count(&url, "entra_sso_used_state").await, 64, "the marks of before are gone");
    }
}

/// Rows that ended in 1970, each at another second.
fn expired_rows(url: &str) -> String {
    let (numbers, key) = if is_postgres(url) {
        (format!("SELECT n FROM generate_series(1, {EXPIRED}) AS numbers (n)"), "sha256(n::text::bytea)")
    } else {
        let numbers =
            format!("WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {EXPIRED})");
        (format!("{numbers} SELECT n FROM numbers"), "randomblob(32)")
    };
    let bytes = databases::literal(url, b"x");
    format!(
        "INSERT INTO entra_sso_session (key, version, user_id, authority, idle_deadline, absolute_deadline, rechecks, body) \
         SELECT {key}, 0, {bytes}, {bytes}, n, n, 0, {bytes} FROM ({numbers}) AS of_numbers; \
         INSERT INTO entra_sso_used_state (hash, until) SELECT {key}, n FROM ({numbers}) AS of_numbers;"
    )
}

fn random_key() -> SessionKey {
    SessionKey::from_bytes(random_state())
}

fn random_state() -> [u8; 32] {
    let mut state = [0; 32];
    state.copy_from_slice(&UserId::random().as_str().as_bytes()[..32]);
    state
}
