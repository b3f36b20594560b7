//! A certificate with its key
//! (<https://learn.microsoft.com/entra/identity-platform/certificate-credentials>).

mod bundle;
mod pem;
#[cfg(feature = "pfx")]
mod pfx;

use std::{
    fmt::{self, Write as _},
    sync::Arc,
    time::Duration,
};

use aws_lc_rs::{
    digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256},
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use x509_cert::der::DateTime;

use crate::{
    app::{
        assertion_source::AssertionAsk, certificate::bundle::Bundle, client_assertion::client_assertion,
        client_proof::ClientProof, static_assertion::JWT_BEARER,
    },
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind},
};

/// A certificate that the registration knows, with its RSA key. For every exchange it signs a client assertion that
/// lives for five minutes. `Debug` does not show the key. Cheap to clone.
#[derive(Clone)]
pub struct Certificate {
    inside: Arc<Inside>,
    algorithm: AssertionAlgorithm,
    send_chain: bool,
}

struct Inside {
    key: RsaKeyPair,
    /// The certificate first, then who issued it, and so on; DER.
    chain: Vec<Vec<u8>>,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// How the assertion is signed, and which thumbprint names the certificate in it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssertionAlgorithm {
    /// RSASSA-PSS with SHA-256 and `x5t#S256`, as Microsoft recommends.
    #[default]
    Ps256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 and `x5t` (SHA-1), for those who do not know the other.
    Rs256,
}

impl AssertionAlgorithm {
    /// `alg` in the assertion's header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }

    fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Ps256 => &RSA_PSS_SHA256,
            Self::Rs256 => &RSA_PKCS1_SHA256,
        }
    }
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
        let inside = Arc::new(bundle.assemble()?);
        Ok(Self { inside, algorithm: AssertionAlgorithm::default(), send_chain: false })
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
        self.inside.not_after
    }

    /// The SHA-256 thumbprint in hexadecimal digits, as the portal shows it for a certificate.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in digest::digest(&SHA256, self.der()).as_ref() {
            let _ = write!(text, "{byte:02X}");
        }
        text
    }

    pub(super) fn check(&self, now: Timestamp) -> Result<(), ConfigError> {
        self.out_of_time(now).map_or(Ok(()), |detail| Err(ConfigError::new(ConfigErrorKind::CertificateTime, detail)))
    }

    pub(super) fn prove(&self, ask: &AssertionAsk<'_>) -> Result<ClientProof, SignInError> {
        if let Some(detail) = self.out_of_time(ask.now) {
            return Err(SignInError::new(SignInErrorKind::CredentialExpired, detail));
        }
        let assertion = client_assertion(self, ask.client_id, ask.token_endpoint, ask.now)?;
        Ok(ClientProof::Assertion { of_type: JWT_BEARER.to_owned(), assertion })
    }

    fn out_of_time(&self, now: Timestamp) -> Option<String> {
        let Inside { not_before, not_after, .. } = *self.inside;
        if now > not_after {
            return Some(format!("the certificate ended at {}, now {}", shown(not_after), shown(now)));
        }
        (now < not_before).then(|| format!("the certificate begins at {}, now {}", shown(not_before), shown(now)))
    }

    /// The header's name for the thumbprint, and the thumbprint.
    pub(super) fn thumbprint_claim(&self) -> (&'static str, String) {
        let (name, hash) = match self.algorithm {
            AssertionAlgorithm::Ps256 => ("x5t#S256", &SHA256),
            AssertionAlgorithm::Rs256 => ("x5t", &SHA1_FOR_LEGACY_USE_ONLY),
        };
        (name, URL_SAFE_NO_PAD.encode(digest::digest(hash, self.der())))
    }

    pub(super) const fn signs_with(&self) -> AssertionAlgorithm {
        self.algorithm
    }

    /// What goes into `x5c`, when it is to be sent.
    pub(super) fn chain_to_send(&self) -> Option<&[Vec<u8>]> {
        self.send_chain.then_some(self.inside.chain.as_slice())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignInError> {
        let mut signature = vec![0; self.inside.key.public_modulus_len()];
        self.inside.key.sign(self.algorithm.encoding(), &SystemRandom::new(), message, &mut signature).map_err(
            |_| SignInError::new(SignInErrorKind::CredentialUnavailable, "the certificate's key cannot sign"),
        )?;
        Ok(signature)
    }

    fn der(&self) -> &[u8] {
        &self.inside.chain[0]
    }
}

/// Such as `2026-01-01T00:00:00Z`.
fn shown(moment: Timestamp) -> String {
    let since_epoch = Duration::from_secs(u64::try_from(moment.unix()).unwrap_or_default());
    DateTime::from_unix_duration(since_epoch).map_or_else(|_| moment.unix().to_string(), |date| date.to_string())
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint())
            .field("algorithm", &self.algorithm)
            .field("send_chain", &self.send_chain)
            .field("expires_at", &self.inside.not_after)
            .finish_non_exhaustive()
    }
}
