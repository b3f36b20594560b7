//! A store that does not answer is 503: never "nobody", and never a sign-out.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, body::Body};
use entra_emulator::seed;
use entra_sso::{
    EntraSso, Settings, StoreError,
    oidc::Timestamp,
    session::{
        Mark, MemorySessions, Replaced, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession,
        UsedStates,
    },
    testing::TestUser,
};
use http::{Request, header};
use tower::ServiceExt as _;

use crate::app::application;

/// Memory sessions that can be switched off.
#[derive(Clone)]
pub(crate) struct Switchable(pub(crate) Arc<MemorySessions>, pub(crate) Arc<AtomicBool>);

impl Switchable {
    fn answer<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        let off = self.1.load(Ordering::SeqCst);
        async move { if off { Err(StoreError::new("switched off")) } else { answer.await } }
    }
}

impl SessionStore for Switchable {
    fn create(&self, key: SessionKey, session: StoredSession) -> impl Future<Output = Result<(), StoreError>> + Send {
        self.answer(self.0.create(key, session))
    }

    fn load(&self, key: &SessionKey) -> impl Future<Output = Result<Option<StoredSession>, StoreError>> + Send {
        self.answer(self.0.load(key))
    }

    fn replace(
        &self,
        key: &SessionKey,
        seen: u64,
        update: SessionUpdate,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send {
        self.answer(self.0.replace(key, seen, update))
    }

    fn delete(&self, keys: &[SessionKey]) -> impl Future<Output = Result<u64, StoreError>> + Send {
        self.answer(self.0.delete(keys))
    }

    fn find(&self, query: SessionQuery) -> impl Future<Output = Result<Vec<SessionKey>, StoreError>> + Send {
        self.answer(self.0.find(query))
    }

    fn in_process(&self) -> bool {
        true
    }
}

impl UsedStates for Switchable {
    fn mark(&self, state: [u8; 32], until: Timestamp) -> impl Future<Output = Result<Mark, StoreError>> + Send {
        self.answer(self.0.mark(state, until))
    }

    fn forget(&self, state: [u8; 32]) -> impl Future<Output = Result<(), StoreError>> + Send {
        self.answer(self.0.forget(state))
    }
}

#[tokio::test]
async fn a_session_store_that_is_away_is_503_and_signs_nobody_out() {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", seed::APP_ID),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", seed::CONTOSO),
        ("MICROSOFT_SSO_SECRET_KEYS", "9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak="),
    ];
    let store = Switchable(Arc::new(MemorySessions::new()), Arc::default());
    let settings = Settings::from_vars(vars).expect("settings");
    let sso = EntraSso::builder(settings).sessions(store.clone()).build().expect("sound settings");
    let router = application(&sso);
    let cookie = TestUser::new("adele@contoso.example").cookie(&sso).await.unwrap();

    store.1.store(true, Ordering::SeqCst);
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/private"),
        ("GET", "/guarded"),
        ("GET", "/microsoft_sso/"),
        ("POST", "/microsoft_sso/logout/"),
    ] {
        let (status, set_cookie) = ask(&router, method, path, &cookie).await;
        assert_eq!((status, set_cookie), (503, false), "{method} {path}");
    }
    store.1.store(false, Ordering::SeqCst);
    assert_eq!(ask(&router, "GET", "/private", &cookie).await.0, 200, "the session is still there");
}

async fn ask(router: &Router, method: &str, path: &str, cookie: &http::HeaderValue) -> (u16, bool) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost:8000")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie.clone());
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status().as_u16(), response.headers().contains_key(header::SET_COOKIE))
}
