use std::path::PathBuf;

#[cfg(feature = "managed-identity")]
use crate::app::managed_identity::ManagedIdentity;
use crate::{
    app::{
        assertion_source::{AssertionAsk, AssertionSource, ClientAssertionSource},
        certificate::Certificate,
        client_proof::ClientProof,
        client_secret::ClientSecret,
        static_assertion::StaticAssertion,
        token_file::TokenFile,
    },
    clock::Timestamp,
    error::{ConfigError, SignInError},
    http_client::SharedHttpClient,
};

/// How the application proves itself at the token endpoint
/// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>). `Debug` shows nothing secret.
///
/// ```
/// use entra_oidc::{Certificate, Credential};
///
/// # fn credentials(pem: &[u8]) -> Result<(), entra_oidc::ConfigError> {
/// let secret = Credential::secret("the Value that the portal showed");
/// let kubernetes = Credential::token_file("/var/run/secrets/azure/tokens/azure-identity-token");
/// let certificate = Credential::from(Certificate::from_pem(pem)?); // with its private key
/// # let _ = (secret, kubernetes, certificate);
/// # Ok(())
/// # }
/// ```
///
/// Several of them, tried in order: [`Registration::with_fallbacks`](crate::Registration::with_fallbacks).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A secret from the portal.
    Secret(ClientSecret),
    /// One client assertion.
    StaticAssertion(StaticAssertion),
    /// A file with a client assertion in it, read for every exchange.
    TokenFile(TokenFile),
    /// A certificate with its key, which signs an assertion for every exchange.
    Certificate(Certificate),
    /// A user-assigned managed identity of Azure as federated credential.
    #[cfg(feature = "managed-identity")]
    ManagedIdentity(ManagedIdentity),
    /// The application's own source of assertions.
    Source(AssertionSource),
}

/// Which of them. An authority says which kinds it takes (`Authority::accepts`).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialKind {
    /// [`Credential::Secret`]
    Secret,
    /// [`Credential::StaticAssertion`]
    StaticAssertion,
    /// [`Credential::TokenFile`]
    TokenFile,
    /// [`Credential::Certificate`]
    Certificate,
    /// `Credential::ManagedIdentity`
    ManagedIdentity,
    /// [`Credential::Source`]
    Source,
}

impl CredentialKind {
    /// Every kind, also those that this program was built without.
    pub const ALL: &[Self] =
        &[Self::Secret, Self::StaticAssertion, Self::TokenFile, Self::Certificate, Self::ManagedIdentity, Self::Source];

    /// The name for logs, metrics and errors, such as `token file`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "client secret",
            Self::StaticAssertion => "client assertion",
            Self::TokenFile => "token file",
            Self::Certificate => "certificate",
            Self::ManagedIdentity => "managed identity",
            Self::Source => "own assertion source",
        }
    }
}

impl Credential {
    /// A secret that is sent in the form (`client_secret_post`), as Microsoft's own libraries do.
    #[must_use]
    pub fn secret(value: impl Into<String>) -> Self {
        Self::Secret(ClientSecret::post(value))
    }

    /// A secret that is sent in the `Authorization` header (`client_secret_basic`, RFC 6749 section 2.3.1).
    #[must_use]
    pub fn secret_basic(value: impl Into<String>) -> Self {
        Self::Secret(ClientSecret::basic(value))
    }

    /// One client assertion, sent as it is until it expires.
    #[must_use]
    pub fn assertion(text: impl Into<String>) -> Self {
        Self::StaticAssertion(StaticAssertion::new(text))
    }

    /// A file with a client assertion in it, such as the one that `AZURE_FEDERATED_TOKEN_FILE` names.
    #[must_use]
    pub fn token_file(path: impl Into<PathBuf>) -> Self {
        Self::TokenFile(TokenFile::new(path))
    }

    /// The application's own source of assertions.
    #[must_use]
    pub fn source(source: impl ClientAssertionSource) -> Self {
        Self::Source(AssertionSource::new(source))
    }

    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        match self {
            Self::Secret(_) => CredentialKind::Secret,
            Self::StaticAssertion(_) => CredentialKind::StaticAssertion,
            Self::TokenFile(_) => CredentialKind::TokenFile,
            Self::Certificate(_) => CredentialKind::Certificate,
            #[cfg(feature = "managed-identity")]
            Self::ManagedIdentity(_) => CredentialKind::ManagedIdentity,
            Self::Source(_) => CredentialKind::Source,
        }
    }

    /// When it stops working, as far as that can be known: a certificate's end, a static assertion's `exp`, the date
    /// that was configured beside a secret. What renews itself has none.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Secret(secret) => secret.expires_at(),
            Self::StaticAssertion(assertion) => assertion.expires_at(),
            Self::Certificate(certificate) => Some(certificate.expires_at()),
            _ => None,
        }
    }

    /// Whether it can work at `now`, as far as this machine can tell: a token file is read once.
    ///
    /// # Errors
    /// What cannot work, never with any of the content.
    pub fn check(&self, now: Timestamp) -> Result<(), ConfigError> {
        match self {
            Self::Secret(secret) => secret.check(),
            Self::StaticAssertion(assertion) => assertion.check(),
            Self::TokenFile(file) => file.check(),
            Self::Certificate(certificate) => certificate.check(now),
            #[cfg(feature = "managed-identity")]
            Self::ManagedIdentity(_) => Ok(()),
            Self::Source(_) => Ok(()),
        }
    }

    /// What proves the application in one request.
    pub(crate) async fn prove(&self, ask: &AssertionAsk<'_>) -> Result<ClientProof, SignInError> {
        match self {
            Self::Secret(secret) => Ok(ClientProof::Secret(secret.clone())),
            Self::StaticAssertion(assertion) => Ok(assertion.prove()),
            Self::TokenFile(file) => file.prove(),
            Self::Certificate(certificate) => certificate.prove(ask),
            #[cfg(feature = "managed-identity")]
            Self::ManagedIdentity(identity) => identity.prove(ask).await,
            Self::Source(source) => source.prove(ask).await,
        }
    }

    /// Gives the door to the network to what asks there for itself.
    #[cfg_attr(
        not(feature = "managed-identity"),
        expect(clippy::unnecessary_wraps, reason = "only a managed identity can fail")
    )]
    pub(super) fn connect(&mut self, http: &SharedHttpClient) -> Result<(), ConfigError> {
        let _ = http;
        match self {
            #[cfg(feature = "managed-identity")]
            Self::ManagedIdentity(identity) => identity.connect(http),
            _ => Ok(()),
        }
    }
}

impl From<ClientSecret> for Credential {
    fn from(secret: ClientSecret) -> Self {
        Self::Secret(secret)
    }
}

impl From<StaticAssertion> for Credential {
    fn from(assertion: StaticAssertion) -> Self {
        Self::StaticAssertion(assertion)
    }
}

impl From<TokenFile> for Credential {
    fn from(file: TokenFile) -> Self {
        Self::TokenFile(file)
    }
}

impl From<Certificate> for Credential {
    fn from(certificate: Certificate) -> Self {
        Self::Certificate(certificate)
    }
}

#[cfg(feature = "managed-identity")]
impl From<ManagedIdentity> for Credential {
    fn from(identity: ManagedIdentity) -> Self {
        Self::ManagedIdentity(identity)
    }
}
