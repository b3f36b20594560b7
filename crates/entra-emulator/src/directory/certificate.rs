//! Certificates of an application.

use std::fmt::Write as _;

use serde::Serialize;

use crate::certificate::Certificate;

use super::error::DirectoryError;

/// A certificate with whose key an application signs its assertions. Only the certificate is kept, never a key.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AppCertificate {
    /// SHA-1, upper-case hexadecimal, as the portal shows it.
    thumbprint: String,
    /// The last second at which it is valid, since the Unix epoch.
    expires: i64,
    revoked: bool,
    #[serde(skip)]
    certificate: Certificate,
}

impl AppCertificate {
    /// Reads the first certificate of a PEM text, at most 64 KiB; a private key in it is skipped.
    ///
    /// # Errors
    ///
    /// There is no certificate in it, or it is malformed.
    pub fn from_pem(pem: &str) -> Result<Self, DirectoryError> {
        let certificate = read("certificate", pem)?;
        let mut thumbprint = String::new();
        for byte in certificate.sha1() {
            // Writing to a text does not fail.
            let _ = write!(thumbprint, "{byte:02X}");
        }
        let (_, expires) = certificate.validity();
        Ok(Self { thumbprint, expires, revoked: false, certificate })
    }

    /// Revoked: who signs with it is refused with AADSTS7000214.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    /// SHA-1 of the certificate, upper-case hexadecimal, as the portal shows it.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    pub(crate) fn is_revoked(&self) -> bool {
        self.revoked
    }

    pub(crate) fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

/// "Subject name and issuer": any certificate of this name from this authority proves the application, when the
/// assertion carries it in `x5c`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CertificateSubject {
    /// The common name, a DNS name, or the whole subject (RFC 4514) of the certificate.
    pub name: String,
    #[serde(skip)]
    authority: Certificate,
}

impl CertificateSubject {
    /// A name, and the certificate of the authority that issues for it, as PEM.
    ///
    /// # Errors
    ///
    /// The authority's certificate is missing or malformed.
    pub fn new(name: &str, authority_pem: &str) -> Result<Self, DirectoryError> {
        Ok(Self { name: name.to_owned(), authority: read("certificate authority", authority_pem)? })
    }

    pub(crate) fn authority(&self) -> &Certificate {
        &self.authority
    }
}

fn read(at: &str, pem: &str) -> Result<Certificate, DirectoryError> {
    Certificate::from_pem(pem).map_err(|message| DirectoryError::Value { at: at.to_owned(), message })
}
