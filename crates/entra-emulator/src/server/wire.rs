//! Faults that do not care what an endpoint serves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::Value;

use crate::answer::{Answer, add_header, redirect, text, with_type};
use crate::faults::Fault;
use crate::graph;
use crate::service::Service;

/// What is answered instead of the real answer; holds the request first when a fault says so.
pub(super) async fn instead(service: &Service, faults: &[Fault]) -> Option<Answer> {
    if faults.iter().any(|fault| matches!(fault, Fault::Hang(_))) {
        service.faults.hold().await;
    }
    faults.iter().find_map(|fault| match fault {
        Fault::Status(_, status) => Some(text(*status, "The emulator was told to fail.\n")),
        Fault::Html(_) => Some(with_type(200, "text/html; charset=utf-8", "<!doctype html><title>Please wait</title>")),
        Fault::Redirect(_, url) => Some(redirect(url)),
        Fault::Throttled(_, retry_after) => {
            let mut answer = graph::failure(service.clock.now(), 429, "TooManyRequests", "Too many requests.");
            if let Some(seconds) = retry_after {
                add_header(&mut answer, RETRY_AFTER, seconds);
            }
            Some(answer)
        }
        Fault::ClaimsChallenge(_, claims) => {
            let now = service.clock.now();
            let mut answer = graph::failure(now, 401, "InvalidAuthenticationToken", "Continuous access evaluation.");
            let challenge = format!(
                "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", \
                 error=\"insufficient_claims\", claims=\"{}\"",
                service.hosts.canonical_base(),
                STANDARD.encode(claims)
            );
            add_header(&mut answer, WWW_AUTHENTICATE, &challenge);
            Some(answer)
        }
        _ => None,
    })
}

/// The real answer, spoiled.
pub(super) fn afterwards(mut answer: Answer, faults: &[Fault]) -> Answer {
    for fault in faults {
        let body = match fault {
            Fault::Member(_, name, value) => with_member(answer.body(), name, value.as_ref()),
            Fault::Body(_, text) => Some(Bytes::from(text.clone())),
            Fault::Truncated(_) => Some(answer.body().slice(..answer.body().len() / 2)),
            Fault::Oversized(_, length) => Some(padded(answer.body(), *length)),
            _ => None,
        };
        if let Some(body) = body {
            answer.headers_mut().remove(CONTENT_LENGTH);
            *answer.body_mut() = body;
        }
    }
    debug_assert!(answer.headers().contains_key(CONTENT_TYPE), "every answer names its media type");
    answer
}

fn with_member(body: &Bytes, name: &str, value: Option<&Value>) -> Option<Bytes> {
    let mut json: Value = serde_json::from_slice(body).ok()?;
    let members = json.as_object_mut()?;
    match value {
        Some(value) => members.insert(name.to_owned(), value.clone()),
        None => members.remove(name),
    };
    Some(Bytes::from(json.to_string()))
}

fn padded(body: &Bytes, length: usize) -> Bytes {
    let mut long = body.to_vec();
    long.resize(length.max(body.len()), b' ');
    Bytes::from(long)
}
