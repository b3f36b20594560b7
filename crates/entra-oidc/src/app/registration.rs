use crate::{app::credential::Credential, provider::Guid};

/// The application as it is registered with Microsoft.
#[derive(Clone, Debug)]
pub struct Registration {
    client_id: Guid,
    credential: Credential,
}

impl Registration {
    /// An application with its id ("Application (client) ID" in the portal) and its credential.
    #[must_use]
    pub const fn new(client_id: Guid, credential: Credential) -> Self {
        Self { client_id, credential }
    }

    /// The application's id.
    #[must_use]
    pub const fn client_id(&self) -> Guid {
        self.client_id
    }

    /// How it proves itself at the token endpoint.
    #[must_use]
    pub const fn credential(&self) -> &Credential {
        &self.credential
    }
}
