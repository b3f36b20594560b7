//! Federated identity credentials of an application.

use serde::Serialize;
use serde_json::Value;

use super::error::DirectoryError;

/// A trust in tokens of another issuer: who brings one with this issuer, subject and audience is the application.
/// All three are compared byte by byte.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FederatedCredential {
    /// 3 to 120 letters, digits, `-` and `_`, unique within the application.
    pub name: String,
    /// `iss` of the token.
    pub issuer: String,
    /// `sub` of the token.
    pub subject: String,
    /// The one `aud` of the token; `api://AzureADTokenExchange` in the public cloud.
    pub audience: String,
    /// The issuer's keys. Absent: the issuer is the emulator's own (its workload issuer, or a tenant of its directory),
    /// because the emulator asks nobody over the network.
    jwks: Option<Value>,
}

impl FederatedCredential {
    /// A trust in an issuer that the emulator plays itself: [`Emulator::workload_issuer`](crate::Emulator), or the v2
    /// issuer of the application's tenant for a managed identity.
    #[must_use]
    pub fn new(name: &str, issuer: &str, subject: &str, audience: &str) -> Self {
        Self {
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            audience: audience.to_owned(),
            jwks: None,
        }
    }

    /// With the keys of another issuer: a JSON Web Key Set. Only its first 100 RSA keys are looked at.
    ///
    /// # Errors
    ///
    /// The text is not a JSON object with a list `keys`.
    pub fn jwks(mut self, text: &str) -> Result<Self, DirectoryError> {
        let wrong = |message: String| DirectoryError::Value {
            at: format!("federated credential {}, jwks", self.name),
            message,
        };
        let jwks: Value = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if !jwks["keys"].is_array() {
            return Err(wrong("has no list `keys`".to_owned()));
        }
        self.jwks = Some(jwks);
        Ok(self)
    }

    /// The keys of the issuer, when it is not the emulator's own: at most 100.
    pub(crate) fn keys(&self) -> Option<&[Value]> {
        let keys = self.jwks.as_ref()?["keys"].as_array()?;
        Some(&keys[..keys.len().min(100)])
    }
}
