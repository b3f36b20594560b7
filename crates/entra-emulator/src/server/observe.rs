//! The way of every request: host, body, faults, endpoint, faults, journal.

use axum::extract::Request;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HOST, HeaderValue};
use http::request::Parts;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::answer::{Answer, text};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::faults::Point;
use crate::journal::{Entry, redacted};
use crate::params::Params;
use crate::routes;
use crate::service::Service;

use super::wire;

/// The longest body that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Answers one request.
pub(crate) async fn handle(service: &Service, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let Some(base) = base(service, &parts) else {
        return text(421, "The emulator answers to its own address only.\n");
    };
    let Ok(body) = axum::body::to_bytes(body, LONGEST).await else {
        return text(413, "The body is too long.\n");
    };
    let call = read(service, base, parts, body);
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let endpoint = Endpoint::of(&segments);
    let faults = service.faults.take(Point::Endpoint(endpoint));
    let instead = wire::instead(service, &faults).await;
    let mut answer = match instead {
        Some(answer) => answer,
        None => wire::afterwards(routes::answer(&call, &segments), &faults),
    };
    if let Some(date) = date(service.clock.now()) {
        answer.headers_mut().insert(DATE, date);
    }
    record(&call, endpoint, answer.status().as_u16());
    answer
}

/// Our own address as the request names it: in `Host`, and in an absolute target.
fn base(service: &Service, parts: &Parts) -> Option<String> {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let (host, second) = (hosts.next()?.to_str().ok()?, hosts.next());
    if second.is_some() || parts.uri.authority().is_some_and(|target| !target.as_str().eq_ignore_ascii_case(host)) {
        return None;
    }
    service.hosts.base(host)
}

fn read(service: &Service, base: String, parts: Parts, body: Bytes) -> Call<'_> {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let form = if is_form { Params::parse(&body) } else { Params::default() };
    Call {
        service,
        base,
        path: parts.uri.path().to_owned(),
        query: Params::parse(parts.uri.query().unwrap_or_default().as_bytes()),
        method: parts.method,
        headers: parts.headers,
        form,
        body,
    }
}

fn record(call: &Call<'_>, endpoint: Endpoint, status: u16) {
    tracing::debug!(method = %call.method, path = call.path, status, "answered");
    call.service.journal.record(Entry {
        at: call.now(),
        endpoint,
        method: call.method.to_string(),
        path: call.path.clone(),
        parameters: redacted(call.query.iter().chain(call.form.iter())),
        status,
    });
}

/// `Date` by the emulator's clock.
fn date(unix: i64) -> Option<HeaderValue> {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    let text = OffsetDateTime::from_unix_timestamp(unix).ok()?.format(format).ok()?;
    HeaderValue::try_from(text).ok()
}
