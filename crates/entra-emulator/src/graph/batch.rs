//! `$batch`: up to 20 requests in one.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, add_header, json as json_answer};
use crate::endpoint::Endpoint;
use crate::faults::{Fault, Point};
use crate::params::{Params, decode_segment};

use super::ask::Ask;
use super::resource;

/// How many requests one batch may have.
const MOST: usize = 20;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// Answers every item; the answers come in another order than the requests.
pub(super) fn answer(ask: &Ask<'_>) -> Answer {
    if ask.method != Method::POST {
        return ask.failure(405, "BadRequest", "Only POST is served here.");
    }
    let Ok(Batch { requests }) = serde_json::from_slice(&ask.body) else {
        return ask.failure(400, "BadRequest", "Invalid batch payload format.");
    };
    if requests.len() > MOST {
        return ask.failure(400, "BadRequest", "A batch has at most 20 requests.");
    }
    let mut statuses: BTreeMap<String, u16> = BTreeMap::new();
    let mut responses = Vec::new();
    for item in requests {
        let blocked = item.depends_on.iter().any(|id| statuses.get(id).is_none_or(|status| *status >= 400));
        let answer = if blocked {
            ask.failure(424, "FailedDependency", "A request that this one depends on failed.")
        } else {
            one(ask, &item)
        };
        statuses.insert(item.id.clone(), answer.status().as_u16());
        responses.push(written(&item.id, &answer));
    }
    responses.reverse();
    json_answer(200, &json!({ "responses": responses }))
}

fn one(ask: &Ask<'_>, item: &Item) -> Answer {
    let Ok(method) = Method::try_from(item.method.to_ascii_uppercase().as_str()) else {
        return ask.failure(400, "BadRequest", "Unknown method.");
    };
    let (path, query) = item.url.split_once('?').unwrap_or((&item.url, ""));
    let segments: Vec<String> = path.trim_matches('/').split('/').map(decode_segment).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let Some(answer) = faulty(ask, &segments) {
        return answer;
    }
    let body = if item.body.is_null() { Bytes::new() } else { Bytes::from(item.body.to_string()) };
    let inner = Ask { method, query: Params::parse(query.as_bytes()), body, ..*ask };
    resource::answer(&inner, &segments)
}

/// Throttling is a matter of each item.
fn faulty(ask: &Ask<'_>, segments: &[&str]) -> Option<Answer> {
    let path: Vec<&str> = ["v1.0"].into_iter().chain(segments.iter().copied()).collect();
    let faults = ask.call.service.faults.take(Point::Endpoint(Endpoint::of_graph(&path)));
    faults.into_iter().find_map(|fault| match fault {
        Fault::Status(_, status) => Some(ask.failure(status, "ServiceNotAvailable", "The emulator was told to fail.")),
        Fault::Throttled(_, retry_after) => {
            let mut answer = ask.failure(429, "TooManyRequests", "Too many requests.");
            if let Some(seconds) = retry_after {
                add_header(&mut answer, RETRY_AFTER, &seconds);
            }
            Some(answer)
        }
        _ => None,
    })
}

/// JSON stays JSON, anything else becomes base64 text.
fn written(id: &str, answer: &Answer) -> Value {
    let mut headers = Map::new();
    for name in [CONTENT_TYPE, RETRY_AFTER] {
        if let Some(value) = answer.headers().get(&name).and_then(|value| value.to_str().ok()) {
            headers.insert(canonical(&name), json!(value));
        }
    }
    let body = serde_json::from_slice(answer.body()).unwrap_or_else(|_| json!(STANDARD.encode(answer.body())));
    json!({ "id": id, "status": answer.status().as_u16(), "headers": headers, "body": body })
}

fn canonical(name: &http::HeaderName) -> String {
    let words = name.as_str().split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect::<Vec<_>>().join("-")
}
