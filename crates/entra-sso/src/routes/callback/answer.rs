//! The answer as it comes in: in the query of a GET, or with `require_secure_callback` as the form of a POST. Never both.

use axum::body::{self, Body};
use entra_oidc::{AuthorizationResponse, ResponseMode};
use http::{Method, request::Parts};

use crate::{
    errors::RefusalKind,
    refusal::Refusal,
    routes::{LARGEST_BODY, form::is_form},
};

/// The one method of each mode (S9).
///
/// # Errors
/// E323 for any other.
pub(super) fn expect_method(mode: ResponseMode, got: &Method) -> Result<(), Refusal> {
    let expected = match mode {
        ResponseMode::Query => Method::GET,
        ResponseMode::FormPost => Method::POST,
    };
    if *got == expected {
        return Ok(());
    }
    let detail =
        format!("expected {expected} (`require_secure_callback` is {}), got {got}", mode != ResponseMode::Query);
    Err(Refusal::new(RefusalKind::CallbackMethod, detail))
}

/// Reads the answer from the one place where it may stand.
///
/// # Errors
/// E332 over 64 KiB, E381 for a POST that is not one form, and what
/// [`from_form`](AuthorizationResponse::from_form) refuses.
pub(super) async fn read(mode: ResponseMode, parts: &Parts, body: Body) -> Result<AuthorizationResponse, Refusal> {
    let query = parts.uri.query().unwrap_or("");
    if mode == ResponseMode::Query {
        return Ok(AuthorizationResponse::from_query(query)?);
    }
    if !query.is_empty() {
        return Err(Refusal::new(RefusalKind::CallbackForm, "expected everything in the body, got a query as well"));
    }
    if !is_form(&parts.headers) {
        return Err(Refusal::new(RefusalKind::CallbackForm, "expected one Content-Type, that of a form"));
    }
    let form = body::to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Refusal::new(RefusalKind::RequestTooLarge, format!("expected at most {LARGEST_BODY} bytes")))?;
    Ok(AuthorizationResponse::from_form(&form)?)
}
