use std::{
    collections::HashMap,
    sync::Arc,
    sync::{Mutex, atomic::AtomicU64, atomic::Ordering},
};

use bytes::Bytes;
use entra_oidc::ManualClock;
use serde_json::Map;

use super::*;
use crate::{
    owner::Owner,
    session::{Mark, SessionStore, UsedStates, id::SessionKey, memory::MemorySessions},
    users::User,
};

const START: Timestamp = Timestamp::from_unix(1_800_000_000);
const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn data() -> SessionData {
    SessionData {
        owner: Arc::new(Owner {
            instance: "/microsoft_sso".to_owned(),
            site: "default".to_owned(),
            client_id: "client".to_owned(),
            authority: "public/contoso".to_owned(),
        }),
        user: User::new(UserId::new("adele"), "adele", START),
        site_staff: false,
        backend: None,
        roles: crate::roles::Roles::default(),
        proof: crate::session::proof::Proof::default(),
        answers: None,
        rechecks: 0,
        user_checked_at: START,
        sid: Some("sid".to_owned()),
        subject: None,
        created_at: START,
        idle_age: MINUTE * 30,
        absolute_deadline: START.plus(MINUTE * 60),
        claims: Map::new(),
        id_token: None,
        tokens: None,
    }
}

fn after(minutes: u32) -> Timestamp {
    START.plus(MINUTE * minutes)
}

/// A store outside this process, as a database would be: it keeps rows and knows no ids.
#[derive(Clone, Default)]
struct Database {
    rows: Arc<Mutex<HashMap<SessionKey, StoredSession>>>,
    replacements: Arc<AtomicU64>,
    /// Somebody else wrote here what cannot be read.
    foreign: Arc<Mutex<Option<SessionKey>>>,
}

impl Database {
    fn judge(&self, key: &SessionKey) -> Result<(), StoreError> {
        let is_foreign = *self.foreign.lock().expect("a key") == Some(*key);
        if is_foreign { Err(StoreError::corrupt("no record of ours")) } else { Ok(()) }
    }
}

impl SessionStore for Database {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        self.rows.lock().expect("rows").insert(key, session);
        Ok(())
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        self.judge(key)?;
        Ok(self.rows.lock().expect("rows").get(key).cloned())
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        self.judge(key)?;
        self.replacements.fetch_add(1, Ordering::SeqCst);
        let mut rows = self.rows.lock().expect("rows");
        let Some(row) = rows.get_mut(key) else { return Ok(Replaced::Gone) };
        match update {
            SessionUpdate::Touch(idle_deadline) => row.idle_deadline = idle_deadline,
            SessionUpdate::Body(_) if row.version != seen => return Ok(Replaced::Conflict),
            SessionUpdate::Body(body) => {
                row.version += 1;
                row.body = body;
            }
            SessionUpdate::Recheck => row.rechecks += 1,
        }
        Ok(Replaced::Yes)
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        let mut rows = self.rows.lock().expect("rows");
        Ok(keys.iter().filter(|key| rows.remove(key).is_some()).count() as u64)
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        let matches = |row: &StoredSession| match &query {
            SessionQuery::OfUser(user) => row.user == *user,
            SessionQuery::OfMicrosoftSid { authority, sid } => {
                *row.authority == **authority && row.sid.as_deref() == Some(sid.as_str())
            }
            SessionQuery::OfSubject { authority, subject } => {
                *row.authority == **authority && row.subject.as_deref() == Some(subject.as_str())
            }
            SessionQuery::ExpiredBefore(moment) => row.deadline() < *moment,
        };
        let rows = self.rows.lock().expect("rows");
        Ok(rows.iter().filter(|(_, row)| matches(row)).map(|(key, _)| *key).collect())
    }
}

impl UsedStates for Database {
    async fn mark(&self, _: [u8; 32], _: Timestamp) -> Result<Mark, StoreError> {
        Ok(Mark::First)
    }

    async fn forget(&self, _: [u8; 32]) -> Result<(), StoreError> {
        Ok(())
    }
}

fn in_memory() -> Sessions {
    Sessions::new(Arc::new(MemorySessions::with_clock(ManualClock::at(START).clock())), Sealer::random())
}

fn in_database() -> (Sessions, Database) {
    let database = Database::default();
    (Sessions::new(Arc::new(database.clone()), Sealer::random()), database)
}

fn both() -> [Sessions; 2] {
    [in_memory(), in_database().0]
}

async fn load(sessions: &Sessions, id: &SessionId, now: Timestamp) -> Option<Loaded> {
    sessions.load(id, now).await.expect("the store answers")
}

#[tokio::test]
async fn a_session_is_found_by_its_id_alone() {
    for sessions in both() {
        let id = sessions.begin(data(), START).await.expect("begun");
        let loaded = load(&sessions, &id, START).await.expect("a session");
        assert_eq!(**loaded.data(), data());
        assert_eq!(loaded.id, id);
        assert!(load(&sessions, &SessionId::random(), START).await.is_none());
    }
}

#[tokio::test]
async fn k1_each_sign_in_has_a_new_id() {
    for sessions in both() {
        let first = sessions.begin(data(), START).await.expect("begun");
        let second = sessions.begin(data(), START).await.expect("begun");
        assert_ne!(first, second);
        assert!(load(&sessions, &first, START).await.is_some());
    }
}

#[tokio::test]
async fn k2_an_ended_session_stays_ended() {
    for sessions in both() {
        let id = sessions.begin(data(), START).await.expect("begun");
        let loaded = load(&sessions, &id, START).await.expect("a session");
        assert!(sessions.end(&id).await.expect("ended"));
        assert!(!sessions.end(&id).await.expect("ended"), "there was none any more");
        assert!(load(&sessions, &id, START).await.is_none());
        // K14: a request that still holds the session brings nothing back.
        assert_eq!(sessions.replace(&loaded, data()).await.expect("answered"), Replaced::Gone);
        assert!(!sessions.touch(&loaded, after(20)).await.expect("answered"));
        assert!(load(&sessions, &id, START).await.is_none());
    }
}

/// What began or was used in the future is judged by the time that it is now.
#[tokio::test]
async fn k8_a_clock_that_was_set_back_makes_no_session_older_than_it_may_get() {
    for sessions in both() {
        let id = sessions.begin(data(), START).await.expect("begun");
        for (minutes, is) in [(60 * 24 * 3_650, false), (6, false), (5, true), (0, true)] {
            let now = START.minus(MINUTE * minutes);
            assert_eq!(load(&sessions, &id, now).await.is_some(), is, "{minutes} minutes before it began");
        }
        let long = SessionData { absolute_deadline: after(60 * 24), ..data() };
        let id = sessions.begin(long, START).await.expect("begun");
        let touch = async |now| {
            let loaded = load(&sessions, &id, now).await.expect("a session");
            sessions.touch(&loaded, now).await.expect("touched")
        };
        for minutes in (20..12 * 60).step_by(20) {
            assert!(touch(after(minutes)).await);
        }
        assert!(touch(after(10)).await, "set back by hours: it is idle half an hour from now on");
        assert!(!touch(after(10)).await);
        assert!(load(&sessions, &id, after(39)).await.is_some());
        assert!(load(&sessions, &id, after(40)).await.is_none(), "and no longer");
    }
}

#[tokio::test]
async fn k8_idle_and_absolute_deadline() {
    for sessions in both() {
        let id = sessions.begin(data(), START).await.expect("begun");
        let just_before = |minutes| after(minutes).minus(Duration::from_secs(1));
        assert!(load(&sessions, &id, just_before(30)).await.is_some());
        assert!(load(&sessions, &id, after(30)).await.is_none(), "idle for 30 minutes");

        let loaded = load(&sessions, &id, just_before(30)).await.expect("a session");
        assert!(sessions.touch(&loaded, just_before(30)).await.expect("touched"));
        let loaded = load(&sessions, &id, after(50)).await.expect("used again, so it lives on");
        assert!(sessions.touch(&loaded, after(50)).await.expect("touched"));
        assert!(load(&sessions, &id, just_before(60)).await.is_some());
        assert!(load(&sessions, &id, after(60)).await.is_none(), "the absolute deadline does not move");
        assert!(load(&sessions, &id, after(600)).await.is_none());
    }
}

#[tokio::test]
async fn touches_are_throttled_and_change_no_version() {
    let (sessions, database) = in_database();
    let id = sessions.begin(data(), START).await.expect("begun");
    let loaded = load(&sessions, &id, START).await.expect("a session");
    for second in 0..60 {
        let now = START.plus(Duration::from_secs(second));
        assert!(!sessions.touch(&loaded, now).await.expect("answered"), "second {second}");
    }
    assert_eq!(database.replacements.load(Ordering::SeqCst), 0, "nobody asked the store");
    assert!(sessions.touch(&loaded, after(1)).await.expect("answered"));
    assert_eq!(database.replacements.load(Ordering::SeqCst), 1);
    let touched = load(&sessions, &id, after(1)).await.expect("a session");
    assert_eq!((touched.version, touched.idle_deadline), (0, after(31)));
    // Near the end the absolute deadline stops it, and then nothing moves any more.
    let late = Loaded { idle_deadline: after(60), ..touched };
    assert!(!sessions.touch(&late, after(59)).await.expect("answered"));
}

#[tokio::test]
async fn k10_of_two_that_saw_one_version_one_replaces_it() {
    for sessions in both() {
        let id = sessions.begin(data(), START).await.expect("begun");
        let one = load(&sessions, &id, START).await.expect("a session");
        let two = load(&sessions, &id, START).await.expect("a session");
        let changed = |mut data: SessionData| {
            data.user.is_active = false;
            data
        };
        assert_eq!(sessions.replace(&one, changed(data())).await.expect("answered"), Replaced::Yes);
        assert_eq!(sessions.replace(&two, data()).await.expect("answered"), Replaced::Conflict);
        let now = load(&sessions, &id, START).await.expect("a session");
        assert!(!now.data().user.is_active);
        assert_eq!(sessions.replace(&now, data()).await.expect("answered"), Replaced::Yes, "after loading again");
    }
}

#[tokio::test]
async fn k12_sessions_end_by_user_and_by_microsoft_sid() {
    for sessions in both() {
        let other = SessionData { user: User::new(UserId::new("diego"), "diego", START), ..data() };
        let no_sid = SessionData { sid: None, ..data() };
        let adele = sessions.begin(data(), START).await.expect("begun");
        let adele_again = sessions.begin(no_sid, START).await.expect("begun");
        let diego = sessions.begin(other, START).await.expect("begun");

        assert_eq!(sessions.end_of_sid("public/fabrikam", "sid").await.expect("ended"), 0, "another authority");
        assert_eq!(sessions.end_of_sid("public/contoso", "SID").await.expect("ended"), 0, "another sid");
        assert_eq!(sessions.end_of_sid("public/contoso", "sid").await.expect("ended"), 2);
        assert!(load(&sessions, &adele, START).await.is_none());
        assert!(load(&sessions, &diego, START).await.is_none());
        assert!(load(&sessions, &adele_again, START).await.is_some());
        assert_eq!(sessions.end_of_user(&UserId::new("adele")).await.expect("ended"), 1);
        assert!(load(&sessions, &adele_again, START).await.is_none());
    }
}

#[tokio::test]
async fn k14_rows_that_were_changed_or_inserted_open_nothing() {
    let (sessions, database) = in_database();
    let (mine, theirs) =
        (sessions.begin(data(), START).await.expect("begun"), sessions.begin(data(), START).await.expect("begun"));
    let row = |id: &SessionId| database.rows.lock().expect("rows").get(&id.key()).cloned().expect("a row");
    let put = |id: &SessionId, row: StoredSession| database.rows.lock().expect("rows").insert(id.key(), row);
    let (my_row, their_row) = (row(&mine), row(&theirs));

    let invented = SessionId::random();
    let live = SessionBody::Live(LiveSession::new(Arc::new(data())));
    let json = SessionBody::Sealed(Bytes::from(serde_json::to_vec(&data()).expect("JSON")));
    for (what, id, bad) in [
        ("another session's row", &mine, their_row.clone()),
        ("a row under an invented id", &invented, their_row),
        ("another version", &mine, my_row.clone().with_version(1)),
        ("another user", &mine, StoredSession { user: UserId::new("eve"), ..my_row.clone() }),
        ("a later end", &mine, StoredSession { absolute_deadline: after(600), ..my_row.clone() }),
        ("a body in the clear", &mine, StoredSession { body: json, ..my_row.clone() }),
        ("a live body from outside", &mine, StoredSession { body: live, ..my_row.clone() }),
        ("an empty body", &mine, StoredSession { body: SessionBody::Sealed(Bytes::new()), ..my_row.clone() }),
    ] {
        put(id, bad);
        assert!(load(&sessions, id, START).await.is_none(), "{what}");
    }
    put(&mine, my_row.clone());
    assert!(load(&sessions, &mine, START).await.is_some(), "the row as it was");
    put(&mine, StoredSession { idle_deadline: after(600), ..my_row });
    assert!(load(&sessions, &mine, after(59)).await.is_some(), "the idle deadline is not sealed");
    assert!(load(&sessions, &mine, after(60)).await.is_none(), "but the absolute one is");
}

#[tokio::test]
async fn k14_an_old_body_under_a_newer_version_opens_nothing() {
    let (sessions, database) = in_database();
    let id = sessions.begin(data(), START).await.expect("begun");
    let old = database.rows.lock().expect("rows").get(&id.key()).cloned().expect("a row");
    let loaded = load(&sessions, &id, START).await.expect("a session");
    assert_eq!(sessions.replace(&loaded, data()).await.expect("answered"), Replaced::Yes);
    database.rows.lock().expect("rows").insert(id.key(), old.with_version(1));
    assert!(load(&sessions, &id, START).await.is_none());
}

/// Neither from the page that asks whether to sign out everywhere, nor from the admin's list, nor from word of a change.
#[tokio::test]
async fn k14_a_foreign_record_keeps_nobody_from_the_other_sessions() {
    let adele = UserId::new("adele");
    for foreign in 0..3 {
        let (sessions, database) = in_database();
        let own = sessions.begin(data(), START).await.expect("begun");
        let mut others = Vec::new();
        for _ in 0..3 {
            others.push(sessions.begin(data(), START).await.expect("begun"));
        }
        *database.foreign.lock().expect("a key") = Some(others[foreign].key());
        let counted = sessions.others_of_user(&adele, &own, START).await.expect("counted").expect("others");
        assert_eq!(counted.to_string(), "2");
        #[cfg(feature = "admin")]
        assert_eq!(sessions.list_of_user(&adele, START).await.expect("listed").len(), 3);
        let earlier: Vec<_> = others.iter().map(SessionId::key).collect();
        assert_eq!(sessions.begun_before(&earlier, after(1), START).await.expect("looked at").len(), 2);
        let told = sessions.recheck_user(&adele).await;
        assert_eq!(told.map_err(|error| error.kind()), Err(StoreErrorKind::Corrupt), "somebody has to know");
        let rows = database.rows.lock().expect("rows");
        assert_eq!(rows.values().filter(|row| row.rechecks == 1).count(), 3, "all others were told");
    }
}

#[tokio::test]
async fn k11_another_server_key_opens_nothing() {
    let (sessions, database) = in_database();
    let id = sessions.begin(data(), START).await.expect("begun");
    assert!(load(&Sessions::new(Arc::new(database.clone()), Sealer::random()), &id, START).await.is_none());
    let again = Sessions::new(Arc::new(database), sessions.sealer.clone());
    assert!(load(&again, &id, START).await.is_some(), "another replica with the same key");
}

#[test]
fn z1_debug_shows_no_id() {
    let loaded =
        Loaded { id: SessionId::random(), version: 0, idle_deadline: START, rechecks: 0, data: Arc::new(data()) };
    let shown = format!("{loaded:?} {:?}", in_memory());
    assert!(!shown.contains(loaded.id.to_text().expose()), "{shown}");
    assert!(shown.ends_with("Sessions { in_process: true, .. }"), "{shown}");
}
