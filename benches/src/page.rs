//! The page that the benchmarks ask for, and how its users ask for it.

use std::hint::black_box;

use axum::{Router, routing::get};
use entra_sso::{EntraSso, SignedIn, testing::TestUser};

/// How many users are signed in.
const USERS: usize = 64;

/// A handler that says who is signed in; the layer is not around it yet.
pub fn signed_in() -> Router {
    Router::new().route("/", get(async |user: SignedIn| format!("OK user={}", user.username())))
}

/// The same line without anybody: what the others are compared with.
pub fn bare() -> Router {
    Router::new().route("/", get(async || format!("OK user={}", black_box("somebody@contoso.example"))))
}

/// The request of each of 64 users, who are signed in at `sso` with it.
///
/// # Panics
/// When the store of sessions does not answer.
pub async fn requests(sso: &EntraSso) -> Vec<String> {
    let mut requests = Vec::new();
    for user in 0..USERS {
        let cookie = TestUser::new(&format!("user{user:04}@contoso.example")).cookie(sso).await.expect("a session");
        let cookie = cookie.to_str().expect("ASCII");
        requests.push(format!("GET / HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n"));
    }
    requests
}
