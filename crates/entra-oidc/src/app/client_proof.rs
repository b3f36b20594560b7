use http::HeaderMap;
use url::form_urlencoded::Serializer;

use crate::{
    app::{client_id::ClientId, client_secret::ClientSecret},
    secret::Secret,
};

/// What proves the application in one request. `Debug` shows neither secret nor assertion.
#[derive(Clone, Debug)]
pub(crate) enum ClientProof {
    Secret(ClientSecret),
    Assertion {
        /// `client_assertion_type` (RFC 7521 section 4.2).
        of_type: String,
        assertion: Secret,
    },
}

impl ClientProof {
    /// What nobody may read in it.
    pub(crate) const fn secret(&self) -> &Secret {
        match self {
            Self::Secret(secret) => secret.value(),
            Self::Assertion { assertion, .. } => assertion,
        }
    }

    /// Writes id and proof where this proof puts them.
    pub(crate) fn write(&self, client_id: &ClientId, form: &mut Serializer<'_, String>, headers: &mut HeaderMap) {
        match self {
            Self::Secret(secret) => secret.write(client_id, form, headers),
            Self::Assertion { of_type, assertion } => {
                form.append_pair("client_id", client_id.as_str())
                    .append_pair("client_assertion_type", of_type)
                    .append_pair("client_assertion", assertion.expose());
            }
        }
    }
}
