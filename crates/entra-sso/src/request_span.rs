//! A span around each request at our own routes: `request`, target `entra_sso::request`.
//!
//! Nothing is made where nobody listens to it. `id` is the request's: a trusted proxy's `X-Request-Id`, or one of our own.
//! It is not answered in a header: the proxy knows it already, and a user has the reference id, whose line is in the span.

use std::{fmt, net::SocketAddr};

use axum::extract::ConnectInfo;
use entra_oidc::random_bytes;
use http::request::Parts;
use tracing::{Span, field::Empty};

use crate::{peer::is_trusted_proxy, settings::Settings};

/// The longest id that is taken from a proxy.
const LONGEST: usize = 64;

/// The span of this request. What is empty in it is recorded when it is known.
pub(crate) fn of(parts: &Parts, settings: &Settings) -> Span {
    tracing::info_span!(
        target: "entra_sso::request",
        "request",
        id = %id(parts, settings),
        method = parts.method.as_str(),
        path = parts.uri.path(),
        site = Empty,
        provider = Empty,
        attempt = Empty,
        reference = Empty,
    )
}

/// Adds to the span of the request that is being answered.
pub(crate) fn record(field: &str, value: impl fmt::Display) {
    Span::current().record(field, tracing::field::display(value));
}

fn id(parts: &Parts, settings: &Settings) -> String {
    let given = parts.headers.get_all("x-request-id").iter();
    let mut given = given.filter(|_| is_from_trusted_proxy(parts, settings));
    match (given.next().and_then(|id| id.to_str().ok()).filter(|id| is_id(id)), given.next()) {
        (Some(id), None) => id.to_owned(),
        _ => format!("{:032x}", u128::from_be_bytes(random_bytes())),
    }
}

fn is_from_trusted_proxy(parts: &Parts, settings: &Settings) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    peer.is_some_and(|peer| is_trusted_proxy(peer, settings))
}

fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn r3_only_a_trusted_proxy_names_a_request_and_only_plainly() {
        let settings = Settings::from_toml("trusted_proxies = ['10.0.0.0/8']").expect("settings");
        let long = "a".repeat(LONGEST + 1);
        let table: &[(&str, &[&str], bool)] = &[
            ("10.0.0.1:80", &["abc-1.2_3"], true),
            ("10.0.0.1:80", &[&long[1..]], true),
            ("10.0.0.1:80", &[&long], false),
            ("10.0.0.1:80", &[""], false),
            ("10.0.0.1:80", &["a b"], false),
            ("10.0.0.1:80", &["a\"b"], false),
            ("10.0.0.1:80", &["a", "b"], false),
            ("10.0.0.1:80", &[], false),
            ("192.0.2.1:80", &["abc"], false),
            ("", &["abc"], false),
        ];
        for (peer, given, is_taken) in table {
            let mut request = Request::get("/");
            for id in *given {
                request = request.header("x-request-id", *id);
            }
            let (mut parts, ()) = request.body(()).expect("a request").into_parts();
            if let Ok(peer) = peer.parse::<SocketAddr>() {
                parts.extensions.insert(ConnectInfo(peer));
            }
            let id = id(&parts, &settings);
            assert_eq!(given.first() == Some(&&*id), *is_taken, "{peer} {given:?}");
            assert!(is_id(&id) && (*is_taken || id.len() == 32), "{id}");
        }
    }
}
