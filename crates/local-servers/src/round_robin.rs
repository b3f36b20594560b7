//! What stands in front of several processes of one application: each request goes to the next of them.
//!
//! It forwards requests and not connections, so that one browser's requests land on all members in turn. `Host` and cookies pass
//! as they come; who asked stands at the end of `X-Forwarded-For`. A member that does not accept is passed over, before a byte of the request was sent; a member that
//! breaks off afterwards is a 502, because nobody knows what it has done.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A round-robin proxy on a free port of 127.0.0.1. It ends when it is dropped.
pub struct RoundRobin {
    address: SocketAddr,
    members: Members,
    server: JoinHandle<()>,
}

/// The members, and whose turn it is.
#[derive(Clone, Default)]
struct Members(Arc<Mutex<(Vec<SocketAddr>, usize)>>);

#[derive(Clone)]
struct Proxy {
    members: Members,
    client: reqwest::Client,
}

/// More than any request or answer of a test has.
const MOST: usize = 8 << 20;
/// Longer than any answer takes; only so that a test ends.
const LONGEST: Duration = Duration::from_mins(2);
/// What concerns one connection alone (RFC 9110 section 7.6.1).
const OF_THE_CONNECTION: [header::HeaderName; 4] =
    [header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE, header::TE];

impl RoundRobin {
    /// A proxy without members, on the current tokio runtime.
    ///
    /// # Panics
    /// When this machine has no free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port of 127.0.0.1");
        let address = listener.local_addr().expect("bound");
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        // A connection for each request: an idle one that a member closes would be a request lost.
        let client = client.pool_max_idle_per_host(0).timeout(LONGEST).build().expect("a client");
        let members = Members::default();
        let router = Router::new().fallback(forward).with_state(Proxy { members: members.clone(), client });
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let server =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("serves until it is dropped") });
        Self { address, members, server }
    }

    /// What a browser opens: `http://localhost:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Takes a member in, behind the others.
    pub fn add(&self, member: SocketAddr) {
        self.members.lock().0.push(member);
    }

    /// Takes a member out: no request that begins after this goes to it.
    pub fn remove(&self, member: SocketAddr) {
        self.members.lock().0.retain(|other| *other != member);
    }
}

impl Drop for RoundRobin {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for RoundRobin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoundRobin").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Members {
    /// All of them, the next one first.
    fn next(&self) -> Vec<SocketAddr> {
        let (members, turn) = &mut *self.lock();
        let mut members = members.clone();
        if !members.is_empty() {
            let first = *turn % members.len();
            members.rotate_left(first);
            *turn = turn.wrapping_add(1);
        }
        members
    }

    fn lock(&self) -> MutexGuard<'_, (Vec<SocketAddr>, usize)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn forward(
    State(proxy): State<Proxy>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else { return StatusCode::BAD_REQUEST.into_response() };
    let mut headers = forwarded(parts.headers);
    headers.append("x-forwarded-for", HeaderValue::from_str(&client.ip().to_string()).expect("an address is plain"));
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    for member in proxy.members.next() {
        let request = proxy.client.request(parts.method.clone(), format!("http://{member}{path}"));
        match request.headers(headers.clone()).body(body.clone()).send().await {
            Ok(answer) => return returned(answer).await,
            Err(error) if error.is_connect() => {}
            Err(error) => return broken(&error),
        }
    }
    (StatusCode::BAD_GATEWAY, "no member of the round robin accepts\n").into_response()
}

async fn returned(answer: reqwest::Response) -> Response {
    let (status, headers) = (answer.status(), forwarded(answer.headers().clone()));
    match answer.bytes().await {
        Ok(bytes) => (status, headers, Body::from(bytes)).into_response(),
        Err(error) => broken(&error),
    }
}

fn broken(error: &reqwest::Error) -> Response {
    (StatusCode::BAD_GATEWAY, format!("a member of the round robin broke off: {error:?}\n")).into_response()
}

fn forwarded(mut headers: HeaderMap) -> HeaderMap {
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
    // The body's length is known to who sends it on.
    headers.remove(header::CONTENT_LENGTH);
    headers
}
