//! An assertion before it is signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entra_emulator::{Emulator, seed};
use serde_json::{Value, json};

use crate::flow::NOW;
use crate::signer::Signer;

/// An assertion, right until it is changed.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) header: Value,
    pub(super) claims: Value,
}

impl Written {
    pub(super) fn new(emulator: &Emulator, signer: &Signer) -> Self {
        Self {
            header: json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": URL_SAFE_NO_PAD.encode(signer.sha256()) }),
            claims: json!({
                "aud": format!("{}{}/oauth2/v2.0/token", emulator.url(), seed::CONTOSO),
                "iss": seed::APP_ID,
                "sub": seed::APP_ID,
                "jti": "8d1f3c9e-5f50-4f2b-9b87-5e8c1f9f0001",
                "nbf": NOW,
                "iat": NOW,
                "exp": NOW + 300,
            }),
        }
    }

    pub(super) fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    pub(super) fn without_header(mut self, name: &str) -> Self {
        self.header.as_object_mut().expect("an object").remove(name);
        self
    }

    pub(super) fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().expect("an object").remove(name);
        self
    }

    /// RS256 with the SHA-1 thumbprint.
    pub(super) fn legacy(self, thumbprint: &str) -> Self {
        self.without_header("x5t#S256").header("alg", json!("RS256")).header("x5t", json!(thumbprint))
    }
}
