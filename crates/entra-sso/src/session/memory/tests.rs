use std::{sync::Arc, time::Duration};

use entra_oidc::ManualClock;
use serde_json::Map;

use super::*;
use crate::{
    owner::Owner,
    session::{
        data::SessionData,
        id::SessionId,
        store::{LiveSession, SessionBody},
    },
    users::User,
};

const START: Timestamp = Timestamp::from_unix(1_800_000_000);

fn session(lives: Duration) -> StoredSession {
    let data = SessionData {
        owner: Arc::new(Owner {
            instance: String::new(),
            site: String::new(),
            client_id: String::new(),
            authority: String::new(),
        }),
        user: User::new(UserId::new("adele"), "adele", START),
        site_staff: false,
        backend: None,
        roles: crate::roles::Roles::default(),
        proof: crate::session::proof::Proof::default(),
        answers: None,
        rechecks: 0,
        user_checked_at: START,
        sid: None,
        subject: None,
        created_at: START,
        idle_age: lives,
        absolute_deadline: START.plus(lives),
        claims: Map::new(),
        id_token: None,
        tokens: None,
    };
    let deadline = START.plus(lives);
    let body = SessionBody::Live(LiveSession::new(Arc::new(data)));
    StoredSession::new(UserId::new("adele"), "authority", deadline, deadline, body).with_sid(Some("sid".to_owned()))
}

async fn create(store: &MemorySessions, lives: u64) -> SessionKey {
    let key = SessionId::random().key();
    store.create(key, session(Duration::from_secs(lives))).await.expect("created");
    key
}

fn sizes(store: &MemorySessions) -> (usize, usize, usize, usize) {
    let sessions = store.read();
    let count = |index: Option<&HashSet<SessionKey>>| index.map_or(0, HashSet::len);
    (
        sessions.by_key.len(),
        count(sessions.by_user.get(&UserId::new("adele"))),
        count(sessions.by_sid.get(&("authority".to_owned(), "sid".to_owned()))),
        sessions.by_deadline.len(),
    )
}

#[tokio::test]
async fn x1_sessions_that_are_over_are_swept_a_few_at_a_time() {
    let clock = ManualClock::at(START);
    let store = MemorySessions::with_clock(clock.clock());
    for _ in 0..100 {
        create(&store, 60).await;
    }
    let alive = create(&store, 3_600).await;
    assert_eq!(sizes(&store), (101, 101, 101, 101));

    clock.advance(Duration::from_secs(61));
    create(&store, 3_600).await;
    assert_eq!(sizes(&store), (102 - SWEEP, 102 - SWEEP, 102 - SWEEP, 102 - SWEEP), "one call, bounded work");
    for _ in 0..4 {
        create(&store, 3_600).await;
    }
    assert_eq!(sizes(&store), (6, 6, 6, 6), "only what is alive is left, in every index");
    assert!(store.load(&alive).await.expect("loaded").is_some());
}

#[tokio::test]
async fn indexes_are_empty_after_the_last_session() {
    let store = MemorySessions::with_clock(ManualClock::at(START).clock());
    let keys = [create(&store, 60).await, create(&store, 60).await];
    assert_eq!(store.delete(&keys).await.expect("deleted"), 2);
    let sessions = store.read();
    assert!(sessions.by_key.is_empty() && sessions.by_deadline.is_empty());
    assert!(sessions.by_user.is_empty() && sessions.by_sid.is_empty());
}

#[tokio::test]
async fn x1_marks_are_forgotten_after_their_deadline() {
    let clock = ManualClock::at(START);
    let store = MemorySessions::with_clock(clock.clock());
    let until = START.plus(Duration::from_mins(10));
    for number in 0..10 {
        assert_eq!(store.mark([number; 32], until).await.expect("marked"), Mark::First);
    }
    clock.set(until);
    assert_eq!(store.mark([0; 32], until).await.expect("marked"), Mark::Again, "at the deadline it still stands");
    clock.advance(Duration::from_secs(1));
    assert_eq!(store.mark([99; 32], until.plus(Duration::from_mins(10))).await.expect("marked"), Mark::First);
    let marks = store.marks();
    assert_eq!((marks.used.len(), marks.by_deadline.len()), (1, 1));
}

#[tokio::test]
async fn z1_debug_tells_a_number_only() {
    let store = MemorySessions::new();
    create(&store, 60).await;
    assert_eq!(format!("{store:?}"), "MemorySessions { sessions: 1, .. }");
}
