use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    app::client_proof::ClientProof,
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind},
    json,
    secret::Secret,
};

/// What `client_assertion_type` says of a JWT (RFC 7523 section 2.2).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The most an assertion may be, in bytes.
pub(super) const LIMIT: usize = 64 * 1024;

/// One client assertion for as long as it lasts: another provider's JWT that the registration trusts as federated
/// credential. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct StaticAssertion {
    assertion: Secret,
    of_type: String,
}

impl StaticAssertion {
    /// This assertion, without blanks around it.
    #[must_use]
    pub fn new(assertion: impl Into<String>) -> Self {
        let assertion = Secret::new(assertion);
        Self { assertion: Secret::new(assertion.expose().trim()), of_type: JWT_BEARER.to_owned() }
    }

    /// Another `client_assertion_type`. Default `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[must_use]
    pub fn assertion_type(mut self, uri: impl Into<String>) -> Self {
        self.of_type = uri.into();
        self
    }

    /// `exp` of the assertion, as far as it is a JWT and says so. Nobody has verified it.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        expiry(&self.assertion)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        check_type(&self.of_type)?;
        check_assertion(self.assertion.expose())
            .map_err(|detail| ConfigError::new(ConfigErrorKind::ClientAssertion, detail))
    }

    pub(super) fn prove(&self) -> ClientProof {
        ClientProof::Assertion { of_type: self.of_type.clone(), assertion: self.assertion.clone() }
    }
}

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
    let is_uri = url::Url::parse(of_type).is_ok() && of_type.len() <= 256;
    if is_uri && of_type.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(ConfigError::new(ConfigErrorKind::ClientAssertion, "the type of the client assertion is not a URI"))
}

/// `exp` of a JWT, unverified.
pub(super) fn expiry(assertion: &Secret) -> Option<Timestamp> {
    let payload = assertion.expose().split('.').nth(1)?;
    let payload = json::object(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    payload.get("exp")?.as_i64().map(Timestamp::from_unix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assertion(text: &str) -> StaticAssertion {
        StaticAssertion::new(text)
    }

    #[test]
    fn z1_impossible_assertions_are_refused_without_showing_them() {
        for text in ["", " \n", "canary canary", "canary\ncanary", "canaryé", &"canary".repeat(20_000)] {
            let error = assertion(text).check().unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::ClientAssertion);
            assert!(!error.to_string().contains("canary"), "{error}");
        }
        assert!(assertion(" a.b.c\n").check().is_ok(), "trimmed");
        for of_type in ["", "jwt", "urn:a b", "https://é.test"] {
            assert!(assertion("a.b.c").assertion_type(of_type).check().is_err(), "{of_type}");
        }
    }

    #[test]
    fn expiry_is_read_from_a_jwt_only() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"exp":1790000000}"#);
        assert_eq!(assertion(&format!("a.{payload}.c")).expires_at(), Some(Timestamp::from_unix(1_790_000_000)));
        assert_eq!(assertion("opaque").expires_at(), None);
        assert_eq!(assertion("a.!.c").expires_at(), None);
    }
}
