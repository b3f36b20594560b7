//! F-55: who was changed is known as changed with his next request, at every replica.

use std::sync::{Arc, Mutex};

use axum::Router;
use entra_sso::{
    EntraSso, StoreError,
    oidc::Timestamp,
    session::{
        Mark, MemorySessions, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession,
        UsedStates,
    },
    testing::TestUser,
    users::{Grant, GrantChange, MemoryUsers, UserDirectory as _, UserId, UserQuery, UserStore as _, UserUpdate},
};
use http::HeaderValue;

use super::{Answer, OWN, application, ask, settings};

/// One store for several replicas, which keep nothing in their own memory: bodies are sealed when `sealed`.
#[derive(Clone)]
struct Shared {
    sessions: Arc<MemorySessions>,
    sealed: bool,
    /// Happens in these users just before the next session is there.
    change: Arc<Mutex<Option<UserUpdate>>>,
    users: Arc<MemoryUsers>,
}

impl SessionStore for Shared {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        let change = self.change.lock().unwrap().take();
        if let Some(change) = change {
            let _updated = self.users.update(change).await?;
        }
        self.sessions.create(key, session).await
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        self.sessions.load(key).await
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        self.sessions.replace(key, seen, update).await
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        self.sessions.delete(keys).await
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        self.sessions.find(query).await
    }

    fn in_process(&self) -> bool {
        !self.sealed
    }
}

impl UsedStates for Shared {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        self.sessions.mark(state, until).await
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.sessions.forget(state).await
    }
}

/// Two replicas on the same stores; both are asked.
struct Replicas {
    sso: EntraSso,
    routers: [Router; 2],
    users: Arc<MemoryUsers>,
    store: Shared,
}

impl Replicas {
    fn new(sealed: bool) -> Replicas {
        let users = Arc::new(MemoryUsers::new());
        let sessions = Arc::new(MemorySessions::new());
        let store = Shared { sessions, sealed, change: Arc::default(), users: users.clone() };
        let replica = || {
            let builder = EntraSso::builder(settings()).managed_users(users.clone()).sessions(store.clone());
            builder.build().expect("sound settings")
        };
        let (one, other) = (replica(), replica());
        Replicas { routers: [application(&one), application(&other)], sso: one, users, store }
    }

    async fn id(&self, text: &str) -> UserId {
        let mut query = UserQuery::new();
        query.text = Some(text.to_owned());
        self.users.search(query).await.unwrap().users[0].id.clone()
    }

    /// At the first replica.
    async fn post(&self, path: &str, cookie: &HeaderValue, form: &str) -> Answer {
        ask(&self.routers[0], "POST", path, Some(cookie), form, &OWN).await
    }

    /// What the home pages of both replicas say, the second one first.
    async fn homes(&self, cookie: &HeaderValue) -> [String; 2] {
        let second = ask(&self.routers[1], "GET", "/", Some(cookie), "", &[]).await.body;
        [second, ask(&self.routers[0], "GET", "/", Some(cookie), "", &[]).await.body]
    }
}

#[tokio::test]
async fn f55_the_next_request_sees_the_change_at_every_replica() {
    for sealed in [false, true] {
        let replicas = Replicas::new(sealed);
        let root = TestUser::new("root@contoso.example").superuser().cookie(&replicas.sso).await.unwrap();
        let adele = TestUser::new("adele@contoso.example").cookie(&replicas.sso).await.unwrap();
        let path = format!("/admin/users/{}", replicas.id("adele").await);
        assert_eq!(replicas.homes(&adele).await, ["adele@contoso.example false false"; 2].map(str::to_owned));
        for (action, staff, superuser) in [
            ("give_staff", true, false),
            ("give_superuser", true, true),
            ("take_staff", true, true),
            ("take_superuser", false, false),
        ] {
            assert_eq!(replicas.post(&format!("{path}/{action}"), &root, "").await.status, 303, "{action}");
            let expected = format!("adele@contoso.example {staff} {superuser}");
            assert_eq!(replicas.homes(&adele).await, [expected.clone(), expected], "{action}, sealed {sealed}");
        }
        assert_eq!(replicas.post(&format!("{path}/deactivate"), &root, "").await.status, 303);
        assert_eq!(replicas.homes(&adele).await, ["nobody"; 2].map(str::to_owned), "sealed {sealed}");
        assert_eq!(replicas.post(&format!("{path}/activate"), &root, "").await.status, 303);
        assert_eq!(
            replicas.homes(&adele).await,
            ["nobody"; 2].map(str::to_owned),
            "an ended session does not come back"
        );
    }
}

#[tokio::test]
async fn f55_ended_sessions_and_deleted_users_are_out_at_every_replica() {
    for (action, form) in [("end_sessions", ""), ("delete", "confirmed=yes")] {
        let replicas = Replicas::new(true);
        let root = TestUser::new("root@contoso.example").superuser().cookie(&replicas.sso).await.unwrap();
        let adele = TestUser::new("adele@contoso.example").cookie(&replicas.sso).await.unwrap();
        let path = format!("/admin/users/{}/{action}", replicas.id("adele").await);
        assert_eq!(replicas.post(&path, &root, form).await.status, 303);
        assert_eq!(replicas.homes(&adele).await, ["nobody"; 2].map(str::to_owned), "{action}");
        assert!(replicas.homes(&root).await[0].starts_with("root@"), "{action}");
    }
}

/// The change and requests of the changed user at the same time: whatever comes first, afterwards the change is known.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f55_a_request_beside_the_change_brings_nothing_back() {
    for round in 0..50 {
        let replicas = Replicas::new(round % 2 == 0);
        let root = TestUser::new("root@contoso.example").superuser().cookie(&replicas.sso).await.unwrap();
        let adele = TestUser::new("adele@contoso.example").staff().cookie(&replicas.sso).await.unwrap();
        let path = format!("/admin/users/{}/take_staff", replicas.id("adele").await);
        let (done, _, _) =
            tokio::join!(replicas.post(&path, &root, ""), replicas.homes(&adele), replicas.homes(&adele));
        assert_eq!(done.status, 303);
        assert_eq!(
            replicas.homes(&adele).await,
            ["adele@contoso.example false false"; 2].map(str::to_owned),
            "round {round}"
        );
    }
}

/// The change comes after the sign-in had read the user and before there is a session to tell.
#[tokio::test]
async fn f55_a_change_during_the_sign_in_is_known_with_the_first_request() {
    for sealed in [false, true] {
        let replicas = Replicas::new(sealed);
        let adele = TestUser::new("adele@contoso.example").staff();
        let _earlier: HeaderValue = adele.cookie(&replicas.sso).await.unwrap();
        for (is_active, expected) in [(true, "adele@contoso.example false false"), (false, "nobody")] {
            let mut change = UserUpdate::of(replicas.id("adele").await);
            change.staff = GrantChange::set(Grant::Application, false);
            change.is_active = Some(is_active);
            *replicas.store.change.lock().unwrap() = Some(change);
            let cookie = adele.cookie(&replicas.sso).await.unwrap();
            assert_eq!(replicas.homes(&cookie).await, [expected; 2].map(str::to_owned), "sealed {sealed}");
        }
    }
}

/// The user is as the sign-in had read him: nothing is written for that, and no request writes either.
#[tokio::test]
async fn f55_a_session_of_a_user_who_did_not_change_is_written_once() {
    let replicas = Replicas::new(true);
    let adele = TestUser::new("adele@contoso.example").cookie(&replicas.sso).await.unwrap();
    let of_user = SessionQuery::OfUser(replicas.id("adele").await);
    let keys = replicas.store.find(of_user).await.unwrap();
    for asked in 0..2 {
        let session = replicas.store.load(&keys[0]).await.unwrap().unwrap();
        assert_eq!((session.version, session.rechecks), (0, 0), "asked {asked} times");
        assert_eq!(replicas.homes(&adele).await, ["adele@contoso.example false false"; 2].map(str::to_owned));
    }
}
