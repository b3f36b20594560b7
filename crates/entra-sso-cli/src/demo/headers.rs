//! What every answer of the demo carries, unless the answer says otherwise itself.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};

/// Style from our own files, pictures from our own addresses, no script at all.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// An answer with a policy of its own has said who may frame it: a `X-Frame-Options` beside that could only contradict.
pub(super) async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let has_policy = response.headers().contains_key(header::CONTENT_SECURITY_POLICY);
    let headers = HEADERS.into_iter().filter(|(name, _)| !(has_policy && *name == header::X_FRAME_OPTIONS));
    for (name, value) in headers {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
