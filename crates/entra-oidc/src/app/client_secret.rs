use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use url::form_urlencoded::{Serializer, byte_serialize};
use zeroize::Zeroizing;

use crate::{
    app::client_id::ClientId,
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind},
    secret::Secret,
};

/// A client secret and where it is sent. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    value: Secret,
    place: SecretPlace,
    expires_at: Option<Timestamp>,
}

/// Where a client secret is sent.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretPlace {
    Form,
    Header,
}

impl ClientSecret {
    pub(super) const fn new(value: Secret, place: SecretPlace) -> Self {
        Self { value, place, expires_at: None }
    }

    /// A secret that is sent in the form.
    #[must_use]
    pub fn post(value: impl Into<String>) -> Self {
        Self::new(Secret::new(value), SecretPlace::Form)
    }

    /// A secret that is sent in the `Authorization` header.
    #[must_use]
    pub fn basic(value: impl Into<String>) -> Self {
        Self::new(Secret::new(value), SecretPlace::Header)
    }

    /// When it expires, as the portal shows beside it. Nobody can see that in the secret itself.
    #[must_use]
    pub const fn expiring(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// When it expires, if somebody said so.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Whether it is sent in the `Authorization` header rather than in the form.
    #[must_use]
    pub const fn is_basic(&self) -> bool {
        matches!(self.place, SecretPlace::Header)
    }

    pub(super) const fn value(&self) -> &Secret {
        &self.value
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let value = self.value.expose();
        if value.is_empty() {
            return Err(ConfigError::new(ConfigErrorKind::Credential, "the client secret is empty"));
        }
        if value.chars().any(char::is_control) || value.trim() != value {
            return Err(ConfigError::new(
                ConfigErrorKind::Credential,
                "the client secret has a line break, a control character, or blanks around it",
            ));
        }
        Ok(())
    }

    /// Writes id and secret where this credential puts them. Both are form-encoded in the header too
    /// (RFC 6749 section 2.3.1).
    pub(super) fn write(&self, client_id: &ClientId, form: &mut Serializer<'_, String>, headers: &mut HeaderMap) {
        match self.place {
            SecretPlace::Form => {
                form.append_pair("client_id", client_id.as_str()).append_pair("client_secret", self.value.expose());
            }
            SecretPlace::Header => {
                let id: String = byte_serialize(client_id.as_str().as_bytes()).collect();
                let secret = Zeroizing::new(byte_serialize(self.value.expose().as_bytes()).collect::<String>());
                let pair = Zeroizing::new(format!("{id}:{}", secret.as_str()));
                let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
                if let Ok(mut value) = HeaderValue::from_str(&text) {
                    value.set_sensitive(true);
                    headers.insert(AUTHORIZATION, value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guid::Guid;

    fn written(credential: &ClientSecret) -> (String, HeaderMap) {
        let mut form = Serializer::new(String::new());
        let mut headers = HeaderMap::new();
        credential.write(&ClientId::from(Guid::PERSONAL_ACCOUNTS), &mut form, &mut headers);
        (form.finish(), headers)
    }

    #[test]
    fn a_secret_is_form_encoded_in_both_places() {
        let (form, headers) = written(&ClientSecret::new(Secret::new("a+b &=é"), SecretPlace::Form));
        assert_eq!(form, "client_id=9188040d-6c67-4c5b-b112-36a304b66dad&client_secret=a%2Bb+%26%3D%C3%A9");
        assert!(headers.is_empty());

        let (form, headers) = written(&ClientSecret::new(Secret::new("a+b &=é"), SecretPlace::Header));
        assert_eq!(form, "");
        let header = &headers[AUTHORIZATION];
        assert!(header.is_sensitive());
        let sent = STANDARD.decode(header.to_str().unwrap().strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(sent, b"9188040d-6c67-4c5b-b112-36a304b66dad:a%2Bb+%26%3D%C3%A9");
    }

    #[test]
    fn impossible_secrets_are_refused() {
        for text in ["", "a\nb", " a", "a ", "a\u{0}"] {
            assert!(ClientSecret::new(Secret::new(text), SecretPlace::Form).check().is_err(), "{text:?}");
        }
        assert!(ClientSecret::new(Secret::new("inner blank"), SecretPlace::Form).check().is_ok());
    }

    #[test]
    fn z1_debug_does_not_show_the_secret() {
        let shown = format!("{:?}", ClientSecret::new(Secret::new("canary"), SecretPlace::Form));
        assert!(!shown.contains("canary"), "{shown}");
    }
}
