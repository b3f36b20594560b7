//! X7: what a flood of requests that prove nothing leaves in the log.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use entra_emulator::seed;
use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{
        Mark, MemorySessions, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession,
        UsedStates,
    },
};
use http::Request;

use super::notes::Notes;
use crate::{app::App, stores::Switchable};

/// Each guess costs a look at the store, and each failed look would be a line.
#[test]
fn x7_sign_outs_that_nobody_proves_fill_no_log_when_the_store_is_away() {
    let (told, notes) = Notes::of(async {
        let away = Arc::new(AtomicBool::new(false));
        let store = Switchable(Arc::new(MemorySessions::new()), away.clone());
        let app = App::plugged(|_| {}, |builder| builder.sessions(store)).await;
        away.store(true, Ordering::SeqCst);
        for number in 0..200 {
            let path = format!("/microsoft_sso/front_channel_logout/?sid=00000000-0000-4000-8000-{number:012}");
            assert_eq!(app.send(Request::get("/"), &path, "").await.status(), 200);
        }
        200
    });
    let lines = notes.lines.iter().filter(|line| line.field("message").contains("was not done here")).count();
    println!("{told} sign-outs that could not be looked up: {lines} lines");
    assert_eq!(lines, 10, "within one second");
    assert!(notes.metrics.contains("entra_sso_log_lines_left_out_total"), "{}", notes.metrics);
}

/// Memory sessions whose records can be made unreadable.
struct Foreign(MemorySessions, AtomicBool);

impl SessionStore for Foreign {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        self.0.create(key, session).await
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        if self.1.load(Ordering::SeqCst) { Err(StoreError::corrupt("not ours")) } else { self.0.load(key).await }
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        self.0.replace(key, seen, update).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        self.0.delete(keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        self.0.find(query).await
    }

    fn in_process(&self) -> bool {
        true
    }
}

impl UsedStates for Foreign {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        self.0.mark(state, until).await
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.0.forget(state).await
    }
}

/// Whoever has the cookie of a record that cannot be read asks with it as often as he likes.
#[test]
fn x7_a_record_that_cannot_be_read_fills_no_log() {
    let (told, notes) = Notes::of(async {
        let store = Arc::new(Foreign(MemorySessions::new(), AtomicBool::new(false)));
        let app = App::plugged(|_| {}, |builder| builder.sessions(store.clone())).await;
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        let cookies = app.cookies(&browser);
        store.1.store(true, Ordering::SeqCst);
        for _ in 0..200 {
            let answer = app.send(Request::get("/").header("cookie", &cookies), "/", "").await;
            assert_eq!((answer.status().as_u16(), &answer.body()[..]), (200, &b"nobody"[..]), "and no failure");
        }
        200
    });
    let lines = notes.lines.iter().filter(|line| line.field("message") == "a stored session was refused").count();
    println!("{told} requests with a record that cannot be read: {lines} lines");
    assert_eq!(lines, 10, "within one second");
    assert!(notes.metrics.contains("entra_sso_log_lines_left_out_total{code=\"none\"} 190"), "{}", notes.metrics);
}

/// Whoever asks for one session id over and over is counted, and told of in a few lines.
#[test]
fn x7_frames_over_the_budget_fill_no_log() {
    let (told, notes) = Notes::of(async {
        let app = App::start().await;
        for _ in 0..200 {
            let path = "/microsoft_sso/front_channel_logout/?sid=00000000-0000-4000-8000-000000000000";
            assert_eq!(app.send(Request::get("/"), path, "").await.status(), 200);
        }
        200
    });
    let lines = notes.lines.iter().filter(|line| line.field("message").contains("were not looked up")).count();
    println!("{told} sign-outs of one session id: {lines} lines");
    assert_eq!(lines, 10, "within one second");
    for counted in
        ["entra_sso_front_channel_over_budget_total{of=\"sid\"} 194", "log_lines_left_out_total{code=\"none\"} 184"]
    {
        assert!(notes.metrics.contains(counted), "{counted} in {}", notes.metrics);
    }
}
