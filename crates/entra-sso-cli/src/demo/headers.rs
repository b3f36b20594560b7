//! What every answer of the demo carries, unless the answer says otherwise itself.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use entra_sso::EntraSso;
use http::{HeaderName, HeaderValue, header};

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Style from our own files, pictures from our own addresses, no script at all; the sign-out form leads on.
pub(super) fn policy(sso: &EntraSso) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action {}; base-uri 'none'; frame-ancestors 'none'",
        sso.sign_out_form_action()
    );
    HeaderValue::try_from(policy).expect("sources are ASCII")
}

/// An answer with a policy of its own has said who may frame it: a `X-Frame-Options` beside that could only contradict.
pub(super) async fn add(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    }
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    response
}
