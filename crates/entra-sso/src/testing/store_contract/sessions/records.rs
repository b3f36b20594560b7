//! What a record says, and what a change of it leaves alone.

use std::time::Duration;

use entra_oidc::Timestamp;

use super::{Contract, ok, random_key};
use crate::{
    session::{Replaced, SessionBody, SessionQuery, SessionStore, SessionUpdate, StoredSession},
    users::UserId,
};

impl<T: SessionStore> Contract<T> {
    pub(super) async fn keeps_what_no_change_names(&self) {
        let key = random_key();
        let session = self
            .session("body")
            .with_sid(Some("sid".to_owned()))
            .with_subject(Some("subject".to_owned()))
            .with_start(Some(self.start))
            .with_rechecks(3);
        self.create(key, session.clone()).await;
        self.expect(&key, &session, "load after create").await;

        let later = session.idle_deadline.plus(Duration::from_mins(1));
        for (update, what) in [
            (SessionUpdate::Body(self.body("two")), "body"),
            (SessionUpdate::Touch(later), "touch"),
            (SessionUpdate::Recheck, "recheck"),
        ] {
            assert_eq!(self.replace(&key, 0, update).await, Replaced::Yes, "replace: {what}");
        }
        let changed = StoredSession { body: self.body("two"), idle_deadline: later, ..session };
        let changed = changed.with_version(1).with_rechecks(4);
        self.expect(&key, &changed, "load after a body, a touch and a recheck").await;
        self.delete(&[key]).await;
    }

    /// What is over may be dropped at once, and need not; another session is not touched by it.
    pub(super) async fn takes_what_is_over(&self) {
        let (over, other) = (random_key(), random_key());
        let past = Timestamp::from_unix(1);
        let user = UserId::random();
        self.create(other, StoredSession { user: user.clone(), ..self.session("body") }).await;
        let session =
            StoredSession { user: user.clone(), idle_deadline: past, absolute_deadline: past, ..self.session("over") };
        ok(self.store.create(over, session.clone()).await, "create: a session that is over is no error");
        if self.load(&over).await.is_some() {
            self.expect(&over, &session, "load: a session that is over, and is still there").await;
        }
        let found = self.find(SessionQuery::OfUser(user)).await;
        assert!(found.contains(&other), "find: a session that is over hides another one");
        let touched = self.replace(&over, 0, SessionUpdate::Touch(past)).await;
        assert_ne!(touched, Replaced::Conflict, "touch: it does not look at the version");
        self.delete(&[over]).await;
        assert!(self.load(&over).await.is_none(), "load: a deleted session that was over is still there");
        self.delete(&[other]).await;
    }

    /// A version is 64 bits, and no two of them are one.
    pub(super) async fn counts_versions_to_the_end(&self) {
        let half = u64::MAX / 2;
        for version in [1 << 53, half, half + 1, u64::MAX - 1] {
            let key = random_key();
            self.create(key, self.session("body").with_version(version)).await;
            for seen in [0, version - 1, version + 1] {
                let replaced = self.replace(&key, seen, SessionUpdate::Body(self.body("late"))).await;
                assert_eq!(replaced, Replaced::Conflict, "replace: version {version} is stored, {seen} was seen");
            }
            let replaced = self.replace(&key, version, SessionUpdate::Body(self.body("two"))).await;
            assert_eq!(replaced, Replaced::Yes, "replace: version {version} is stored and was seen");
            let stored = self.load(&key).await.map(|session| session.version);
            assert_eq!(stored, Some(version + 1), "load after a replace of version {version}");
            self.delete(&[key]).await;
        }
    }

    pub(super) async fn finds_by_subject(&self) {
        let authority = format!("https://sso.example/{}", UserId::random());
        let (one, two, three, four) = (random_key(), random_key(), random_key(), random_key());
        let session = |authority: &str, subject: Option<&str>| StoredSession {
            authority: authority.into(),
            subject: subject.map(Into::into),
            // What is a subject here is a session's name there.
            sid: Some("b".into()),
            ..self.session("body")
        };
        self.create(one, session(&authority, Some("a"))).await;
        self.create(two, session(&authority, Some("a"))).await;
        self.create(three, session(&authority, None)).await;
        self.create(four, session(&format!("{authority}/"), Some("a"))).await;

        let of = |subject: &str| SessionQuery::OfSubject { authority: authority.clone(), subject: subject.to_owned() };
        self.expect_found(of("a"), &[one, two], "by subject: of this authority only").await;
        self.expect_found(of("A"), &[], "by subject: compared byte by byte").await;
        self.expect_found(of(""), &[], "by an empty subject: a session without one does not match").await;
        self.expect_found(of("b"), &[], "by subject: a sid is none").await;
        self.delete(&[one]).await;
        self.expect_found(of("a"), &[two], "by subject after one ended").await;
        self.delete(&[two, three, four]).await;
        self.expect_found(of("a"), &[], "by subject after all ended").await;
    }
}

/// Everything that a record says, to compare and to show.
pub(super) fn facts(session: &StoredSession) -> impl PartialEq + std::fmt::Debug + use<> {
    let body = match &session.body {
        SessionBody::Sealed(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        SessionBody::Live(live) => live.clone().into_data().owner.site.clone(),
    };
    (
        session.version,
        session.user.clone(),
        session.authority.clone(),
        session.sid.clone(),
        session.subject.clone(),
        session.started_at,
        (session.idle_deadline, session.absolute_deadline),
        session.rechecks,
        body,
    )
}
