//! A certificate with its key
//! (<https://learn.microsoft.com/entra/identity-platform/certificate-credentials>).

mod algorithm;
mod assertion;
mod bundle;
mod certified_key;
mod pem;
#[cfg(feature = "pfx")]
mod pfx;

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use aws_lc_rs::digest::SHA256;

use crate::{
    app::{
        assertion_source::AssertionAsk,
        certificate::{bundle::Bundle, certified_key::CertifiedKey},
        client_assertion::JWT_BEARER,
        client_proof::ClientProof,
    },
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind},
};

pub use algorithm::AssertionAlgorithm;

/// A certificate that the registration knows, with its RSA key. For every exchange it signs a client assertion that
/// lives for five minutes. `Debug` does not show the key. Cheap to clone.
#[derive(Clone)]
pub struct Certificate {
    key: Arc<CertifiedKey>,
    algorithm: AssertionAlgorithm,
    send_chain: bool,
}

impl Certificate {
    /// Reads PEM with the certificate, its RSA key (PKCS #8 or PKCS #1, not encrypted) and, if wanted, the
    /// certificates of those who issued it, in any order.
    ///
    /// # Errors
    /// [`Certificate`](ConfigErrorKind::Certificate), [`CertificateKeyMissing`](ConfigErrorKind::CertificateKeyMissing),
    /// [`CertificateKeyMismatch`](ConfigErrorKind::CertificateKeyMismatch),
    /// [`CertificateKeyUnsupported`](ConfigErrorKind::CertificateKeyUnsupported), without any of the content.
    pub fn from_pem(pem: &[u8]) -> Result<Self, ConfigError> {
        pem::bundle(pem).and_then(Self::from_bundle)
    }

    /// Reads PKCS #12 with the certificate, its RSA key and, if wanted, the certificates of those who issued it, in
    /// the new encryption (PBES2) or an old one.
    ///
    /// # Errors
    /// As [`Certificate::from_pem`]; [`CertificatePassword`](ConfigErrorKind::CertificatePassword) when the password
    /// is wrong or missing.
    #[cfg(feature = "pfx")]
    pub fn from_pfx(pfx: &[u8], password: Option<&str>) -> Result<Self, ConfigError> {
        pfx::bundle(pfx, password.unwrap_or_default()).and_then(Self::from_bundle)
    }

    fn from_bundle(bundle: Bundle) -> Result<Self, ConfigError> {
        let key = Arc::new(bundle.assemble()?);
        Ok(Self { key, algorithm: AssertionAlgorithm::default(), send_chain: false })
    }

    /// How assertions are signed. Default PS256.
    #[must_use]
    pub const fn algorithm(mut self, algorithm: AssertionAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Whether assertions carry the certificate and its chain (`x5c`), which registrations by subject name need.
    /// Default no.
    #[must_use]
    pub const fn send_chain(mut self, on: bool) -> Self {
        self.send_chain = on;
        self
    }

    /// From this moment the certificate is over (`notAfter`).
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.key.not_after
    }

    /// The SHA-256 thumbprint in hexadecimal digits, as the portal shows it for a certificate.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.key.thumbprint(&SHA256).as_ref() {
            let _ = write!(text, "{byte:02X}");
        }
        text
    }

    pub(super) fn check(&self, now: Timestamp) -> Result<(), ConfigError> {
        self.key.check(now).map_err(|detail| ConfigError::new(ConfigErrorKind::CertificateTime, detail))
    }

    pub(super) fn prove(&self, ask: &AssertionAsk<'_>) -> Result<ClientProof, SignInError> {
        self.key.check(ask.now).map_err(|detail| SignInError::new(SignInErrorKind::CredentialExpired, detail))?;
        let assertion = assertion::sign(&self.key, self.algorithm, self.send_chain, ask)?;
        Ok(ClientProof::Assertion { of_type: JWT_BEARER.to_owned(), assertion })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint())
            .field("algorithm", &self.algorithm)
            .field("send_chain", &self.send_chain)
            .field("expires_at", &self.key.not_after)
            .finish_non_exhaustive()
    }
}
