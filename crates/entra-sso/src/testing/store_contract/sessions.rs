//! What every store of sessions must do.

mod odd_values;
mod records;
mod used_states;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use entra_oidc::{Clock, Timestamp, random_bytes};
use serde_json::Map;
use tokio::task::JoinSet;

use self::records::facts;
use super::CROWD;
use crate::{
    owner::Owner,
    session::{
        LiveSession, Replaced, SessionBody, SessionId, SessionKey, SessionQuery, SessionStore, SessionUpdate,
        StoredSession, data::SessionData,
    },
    users::{User, UserId},
};

/// Puts a store of sessions to the test.
///
/// # Panics
/// When the store breaks a promise of [`SessionStore`] or [`UsedStates`](crate::session::UsedStates), with a text that says which.
pub async fn session_store_contract(store: impl SessionStore) {
    let store = Arc::new(store);
    let contract = Contract { store: store.clone(), start: Clock::system().now().plus(Duration::from_hours(24)) };
    contract.keeps_what_it_is_given().await;
    contract.keeps_what_no_change_names().await;
    contract.keeps_odd_values_apart().await;
    contract.takes_what_is_over().await;
    contract.replaces_by_version().await;
    contract.counts_versions_to_the_end().await;
    contract.touches_without_a_version().await;
    contract.never_brings_back().await;
    contract.finds().await;
    contract.finds_by_subject().await;
    contract.finds_expired().await;
    contract.lets_one_replacement_through().await;
    contract.marks_once(random_bytes()).await;
    contract.marks_once_in_a_crowd(random_bytes()).await;
    contract.forgets(random_bytes()).await;
    contract.takes_a_mark_that_is_over(random_bytes()).await;
}

struct Contract<T> {
    store: Arc<T>,
    /// A moment in the future, so that a store which sweeps takes nothing away.
    start: Timestamp,
}

impl<T: SessionStore> Contract<T> {
    async fn keeps_what_it_is_given(&self) {
        let key = random_key();
        assert!(self.load(&key).await.is_none(), "load: a key that was never created has a session");
        let session = self.session("body one").with_sid(Some("Sid-1".to_owned()));
        self.create(key, session.clone()).await;
        self.expect(&key, &session, "load after create").await;

        let again = self.store.create(key, self.session("another")).await;
        assert!(again.is_err(), "create: a key that exists was accepted");
        self.expect(&key, &session, "load after a second create").await;

        let other = random_key();
        assert_eq!(self.delete(&[other, key]).await, 1, "delete: expected the number of sessions that there were");
        assert!(self.load(&key).await.is_none(), "load: a deleted session is still there");
        assert_eq!(self.delete(&[key]).await, 0, "delete: a session was deleted twice");
        assert_eq!(self.delete(&[]).await, 0, "delete: no keys, but something was deleted");
    }

    async fn replaces_by_version(&self) {
        let key = random_key();
        let session = self.session("body");
        self.create(key, session.clone()).await;

        let replaced = self.replace(&key, 0, SessionUpdate::Body(self.body("body two"))).await;
        assert_eq!(replaced, Replaced::Yes, "replace: the version seen is the version stored");
        let second = StoredSession { body: self.body("body two"), ..session }.with_version(1);
        self.expect(&key, &second, "load after replace").await;

        for seen in [0, 2, u64::MAX] {
            let replaced = self.replace(&key, seen, SessionUpdate::Body(self.body("late"))).await;
            assert_eq!(replaced, Replaced::Conflict, "replace: version 1 is stored, {seen} was seen");
        }
        self.expect(&key, &second, "load after conflicts").await;
        self.delete(&[key]).await;
    }

    async fn touches_without_a_version(&self) {
        let key = random_key();
        let session = self.session("body");
        self.create(key, session.clone()).await;
        let later = session.idle_deadline.plus(Duration::from_mins(1));

        let touched = self.replace(&key, 7, SessionUpdate::Touch(later)).await;
        assert_eq!(touched, Replaced::Yes, "touch: it does not look at the version");
        let touched = StoredSession { idle_deadline: later, ..session };
        self.expect(&key, &touched, "load after touch: same version, same body, later idle deadline").await;

        for rechecks in [1, 2] {
            let replaced = self.replace(&key, 7, SessionUpdate::Recheck).await;
            assert_eq!(replaced, Replaced::Yes, "recheck: it does not look at the version");
            let loaded = self.load(&key).await.expect("load after recheck");
            assert_eq!((loaded.rechecks, loaded.version), (rechecks, 0), "recheck: counted, and nothing else changes");
        }
        self.delete(&[key]).await;
    }

    async fn never_brings_back(&self) {
        let key = random_key();
        self.create(key, self.session("body")).await;
        self.delete(&[key]).await;
        let updates = [SessionUpdate::Body(self.body("back")), SessionUpdate::Touch(self.start)];
        for update in updates {
            let replaced = self.replace(&key, 0, update).await;
            assert_eq!(replaced, Replaced::Gone, "replace: the session has ended");
            assert!(self.load(&key).await.is_none(), "replace: a session that had ended is back");
        }
    }

    async fn finds(&self) {
        let (adele, diego) = (UserId::random(), UserId::random());
        let authority = format!("public/{}", UserId::random());
        let (one, two, three, four) = (random_key(), random_key(), random_key(), random_key());
        let session = |user: &UserId, authority: &str, sid: Option<&str>| StoredSession {
            user: user.clone(),
            authority: authority.into(),
            sid: sid.map(Into::into),
            ..self.session("body")
        };
        self.create(one, session(&adele, &authority, Some("a"))).await;
        self.create(two, session(&adele, &authority, None)).await;
        self.create(three, session(&diego, &authority, Some("a"))).await;
        self.create(four, session(&diego, &format!("{authority}x"), Some("a"))).await;

        let of_sid = |sid: &str| SessionQuery::OfMicrosoftSid { authority: authority.clone(), sid: sid.to_owned() };
        self.expect_found(SessionQuery::OfUser(adele.clone()), &[one, two], "by user").await;
        self.expect_found(SessionQuery::OfUser(UserId::random()), &[], "by a user without sessions").await;
        self.expect_found(of_sid("a"), &[one, three], "by sid: of this authority only").await;
        self.expect_found(of_sid("A"), &[], "by sid: compared byte by byte").await;
        self.expect_found(of_sid(""), &[], "by an empty sid: a session without one does not match").await;

        let replaced = self.replace(&one, 0, SessionUpdate::Body(self.body("new"))).await;
        let later = self.start.plus(Duration::from_secs(9));
        let touched = self.replace(&one, 1, SessionUpdate::Touch(later)).await;
        assert_eq!((replaced, touched), (Replaced::Yes, Replaced::Yes), "replace and touch");
        self.expect_found(SessionQuery::OfUser(adele.clone()), &[one, two], "by user after replace and touch").await;
        // K12: what is left is found after an older one is gone.
        self.delete(&[one]).await;
        self.expect_found(SessionQuery::OfUser(adele), &[two], "by user after one ended").await;
        self.expect_found(of_sid("a"), &[three], "by sid after one ended").await;
        self.delete(&[two, three, four]).await;
        self.expect_found(SessionQuery::OfUser(diego), &[], "by user after all ended").await;
    }

    async fn finds_expired(&self) {
        let minute = |minutes: u64| self.start.plus(Duration::from_mins(minutes));
        let (idle, absolute) = (random_key(), random_key());
        let session = |idle_deadline, absolute_deadline| StoredSession {
            idle_deadline,
            absolute_deadline,
            ..self.session("body")
        };
        self.create(idle, session(minute(10), minute(30))).await;
        self.create(absolute, session(minute(30), minute(20))).await;

        for (moment, expected) in [(10, &[][..]), (11, &[idle]), (20, &[idle]), (21, &[idle, absolute])] {
            let found = self.find(SessionQuery::ExpiredBefore(minute(moment))).await;
            let mut found: Vec<_> = found.into_iter().filter(|key| [idle, absolute].contains(key)).collect();
            found.sort();
            let mut expected = expected.to_vec();
            expected.sort();
            assert_eq!(found, expected, "find: expired before minute {moment}, deadlines in minutes 10 and 20");
        }
        let touched = self.replace(&idle, 0, SessionUpdate::Touch(minute(25))).await;
        assert_eq!(touched, Replaced::Yes, "touch");
        let found = self.find(SessionQuery::ExpiredBefore(minute(21))).await;
        assert!(!found.contains(&idle), "find: a touched session is found as expired by its old deadline");
        assert!(found.contains(&absolute), "find: a touch of another session hides an expired one");
        self.delete(&[idle, absolute]).await;
    }

    /// K10: of all that saw one version, one replaces it.
    async fn lets_one_replacement_through(&self) {
        let key = random_key();
        self.create(key, self.session("body")).await;
        let mut crowd = JoinSet::new();
        for _ in 0..CROWD {
            let (store, body) = (self.store.clone(), self.body("mine"));
            crowd.spawn(async move { store.replace(&key, 0, SessionUpdate::Body(body)).await });
        }
        let answers: Vec<_> = crowd.join_all().await.into_iter().map(|answer| ok(answer, "replace")).collect();
        let yes = answers.iter().filter(|answer| **answer == Replaced::Yes).count();
        let conflicts = answers.iter().filter(|answer| **answer == Replaced::Conflict).count();
        assert_eq!((yes, conflicts), (1, CROWD - 1), "replace: {CROWD} at the same time saw version 0");
        assert_eq!(self.load(&key).await.map(|session| session.version), Some(1), "load after a crowd's replace");
        self.delete(&[key]).await;
    }

    fn session(&self, body: &str) -> StoredSession {
        let hour = Duration::from_hours(1);
        let deadline = self.start.plus(hour);
        StoredSession::new(UserId::random(), "public/contoso", deadline, deadline.plus(hour), self.body(body))
    }

    fn body(&self, text: &str) -> SessionBody {
        if !self.store.in_process() {
            return SessionBody::Sealed(Bytes::from(text.to_owned()));
        }
        SessionBody::Live(LiveSession::new(Arc::new(SessionData {
            owner: Arc::new(Owner {
                instance: String::new(),
                site: text.to_owned(),
                client_id: String::new(),
                authority: String::new(),
            }),
            user: User::new(UserId::new("contract"), "contract", self.start),
            site_staff: false,
            backend: None,
            roles: crate::roles::Roles::default(),
            proof: crate::session::proof::Proof::default(),
            answers: None,
            rechecks: 0,
            user_checked_at: self.start,
            sid: None,
            subject: None,
            created_at: self.start,
            idle_age: Duration::ZERO,
            absolute_deadline: self.start,
            claims: Map::new(),
            id_token: None,
            tokens: None,
        })))
    }

    async fn expect(&self, key: &SessionKey, expected: &StoredSession, when: &str) {
        let loaded = self.load(key).await.unwrap_or_else(|| panic!("{when}: the session is not there"));
        assert_eq!(facts(&loaded), facts(expected), "{when}: expected the record as it was given");
    }

    async fn expect_found(&self, query: SessionQuery, expected: &[SessionKey], what: &str) {
        let mut found = self.find(query).await;
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(found, expected, "find {what}");
    }

    async fn create(&self, key: SessionKey, session: StoredSession) {
        ok(self.store.create(key, session).await, "create");
    }

    async fn load(&self, key: &SessionKey) -> Option<StoredSession> {
        ok(self.store.load(key).await, "load")
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Replaced {
        ok(self.store.replace(key, seen, update).await, "replace")
    }

    async fn delete(&self, keys: &[SessionKey]) -> u64 {
        ok(self.store.delete(keys).await, "delete")
    }

    async fn find(&self, query: SessionQuery) -> Vec<SessionKey> {
        ok(self.store.find(query).await, "find")
    }
}

fn random_key() -> SessionKey {
    SessionId::random().key()
}

fn ok<T>(answer: Result<T, crate::store_error::StoreError>, what: &str) -> T {
    answer.unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        panic!("{what}: {error}: {cause}")
    })
}
