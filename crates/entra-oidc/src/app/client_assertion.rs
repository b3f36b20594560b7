//! What holds for every client assertion, whoever signed it (RFC 7521 section 4.2).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use crate::{
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind},
    json,
    secret::Secret,
};

/// What `client_assertion_type` says of a JWT (RFC 7523 section 2.2).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The most an assertion may be, in bytes.
pub(super) const LIMIT: usize = 64 * 1024;

/// Whether it can stand in a form as one token. Shows nothing of it.
pub(super) fn check_assertion(assertion: &str) -> Result<(), &'static str> {
    if assertion.is_empty() {
        return Err("the client assertion is empty");
    }
    if assertion.len() > LIMIT {
        return Err("the client assertion is over 64 KiB");
    }
    if !assertion.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the client assertion has blanks, line breaks or other characters than ASCII in it");
    }
    Ok(())
}

/// Whether it is a URI, as RFC 7521 section 4.2 asks.
pub(super) fn check_type(of_type: &str) -> Result<(), ConfigError> {
    let is_uri = Url::parse(of_type).is_ok() && of_type.len() <= 256;
    if is_uri && of_type.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(ConfigError::new(ConfigErrorKind::ClientAssertion, "the `client_assertion_type` is not a URI"))
}

/// `exp` of a JWT, unverified.
pub(super) fn expiry(assertion: &Secret) -> Option<Timestamp> {
    let payload = assertion.expose().split('.').nth(1)?;
    let payload = json::object(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    payload.get("exp")?.as_i64().map(Timestamp::from_unix)
}
