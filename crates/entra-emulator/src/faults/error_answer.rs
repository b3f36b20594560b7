//! An error that the emulator is told to send.

use serde::{Deserialize, Serialize};

/// An error as Microsoft would send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorAnswer {
    /// `error`, such as `invalid_grant`.
    pub error: String,
    /// The AADSTS number.
    pub number: u32,
    /// The text after the number.
    pub text: String,
    /// `suberror`.
    #[serde(default)]
    pub suberror: Option<String>,
    /// `claims`: a JSON text.
    #[serde(default)]
    pub claims: Option<String>,
    /// HTTP status of the token endpoint's answer; 400 when absent, 401 for `invalid_client`.
    #[serde(default)]
    pub status: Option<u16>,
}

impl ErrorAnswer {
    /// An error with a number and a text, without suberror and claims.
    #[must_use]
    pub fn new(error: &str, number: u32, text: &str) -> Self {
        Self { error: error.to_owned(), number, text: text.to_owned(), suberror: None, claims: None, status: None }
    }

    /// With this `suberror`.
    #[must_use]
    pub fn suberror(mut self, suberror: &str) -> Self {
        self.suberror = Some(suberror.to_owned());
        self
    }

    /// With this `claims` challenge, a JSON text.
    #[must_use]
    pub fn claims(mut self, claims: &str) -> Self {
        self.claims = Some(claims.to_owned());
        self
    }

    /// With this HTTP status (token endpoint only).
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}
