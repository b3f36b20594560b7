//! An application whose sessions are in Redis.

use std::sync::Arc;

use axum::{Router, body::Body, routing::get};
use entra_sso::{EntraSso, EntraSsoBuilder, Settings, SignedIn, users::MemoryUsers};
use entra_sso_redis::RedisStore;
use http::{HeaderValue, Request, header};
use tower::ServiceExt as _;

pub(crate) const KEY: &str = "9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak=";

pub(crate) fn builder(keys: &str, store: &RedisStore, users: &Arc<MemoryUsers>) -> EntraSsoBuilder {
    EntraSso::builder(settings(keys)).redis(store.clone()).users(users.clone())
}

/// An application whose Microsoft is never asked.
pub(crate) fn settings(keys: &str) -> Settings {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", "11111111-2222-4333-8444-555555555555"),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", "99999999-8888-4777-8666-555555555555"),
        ("MICROSOFT_SSO_SECRET_KEYS", keys),
    ];
    Settings::from_vars(vars.into_iter().filter(|(_, value)| !value.is_empty())).expect("settings")
}

/// What `/private` answers to this cookie.
pub(crate) async fn status(sso: &EntraSso, cookie: &HeaderValue) -> u16 {
    let private = get(async |user: SignedIn| user.username().to_owned());
    let router = Router::new().route("/private", private).merge(sso.routes()).layer(sso.layer());
    let request = Request::get("/private")
        .header(header::HOST, "localhost:8000")
        .header(header::ACCEPT, "application/json")
        .header(header::COOKIE, cookie.clone());
    router.oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer").status().as_u16()
}
