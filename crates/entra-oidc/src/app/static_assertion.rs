use crate::{
    app::{
        client_assertion::{JWT_BEARER, check_assertion, check_type, expiry},
        client_proof::ClientProof,
    },
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind},
    secret::Secret,
};

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

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

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
