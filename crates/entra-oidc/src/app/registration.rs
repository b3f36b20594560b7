use crate::{
    app::{client_id::ClientId, credential::Credential},
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind},
    http_client::SharedHttpClient,
};

/// The application as it is registered with its authority.
#[derive(Clone, Debug)]
pub struct Registration {
    client_id: ClientId,
    /// The first is the credential; more stand here only when somebody listed them.
    credentials: Vec<Credential>,
}

impl Registration {
    /// An application with its id ("Application (client) ID" in the portal) and its credential.
    #[must_use]
    pub fn new(client_id: impl Into<ClientId>, credential: Credential) -> Self {
        Self { client_id: client_id.into(), credentials: vec![credential] }
    }

    /// Credentials to try after the first, in this order, when the token endpoint answers `invalid_client` or a
    /// credential cannot be had. Such as the secret that a certificate is about to replace.
    #[must_use]
    pub fn with_fallbacks(mut self, fallbacks: Vec<Credential>) -> Self {
        self.credentials.extend(fallbacks);
        self
    }

    /// The application's id.
    #[must_use]
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// How it proves itself at the token endpoint; the first when there are several.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credentials[0]
    }

    /// Every credential, in the order in which they are tried.
    #[must_use]
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    /// Whether all of it can work at `now`. In a list of several a certificate may be over, as long as another credential
    /// is left.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), ConfigError> {
        let mut over = None;
        let mut usable = false;
        for credential in &self.credentials {
            match credential.check(now) {
                Ok(()) => usable = true,
                Err(error) if error.kind() == ConfigErrorKind::CertificateTime => over = Some(error),
                Err(error) => return Err(error),
            }
        }
        match over {
            Some(error) if !usable => Err(error),
            _ => Ok(()),
        }
    }

    /// Gives those credentials that ask the network our one door to it.
    pub(crate) fn connect(&mut self, http: &SharedHttpClient) -> Result<(), ConfigError> {
        self.credentials.iter_mut().try_for_each(|credential| credential.connect(http))
    }
}
