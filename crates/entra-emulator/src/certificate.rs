//! X.509 certificates: what is read from one, and whether one was issued by another.

use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_cert::der::{Decode as _, DecodePem as _, Encode as _};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// No certificate is longer, in bytes of PEM or DER.
const LONGEST: usize = 64 * 1024;

/// A certificate, read.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    read: x509_cert::Certificate,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.read.tbs_certificate().subject())
    }
}

impl Certificate {
    /// Reads the first certificate of a PEM text; what stands around it, such as a private key, is skipped.
    pub(crate) fn from_pem(text: &str) -> Result<Self, String> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        if text.len() > LONGEST {
            return Err(format!("is longer than {LONGEST} bytes"));
        }
        let start = text.find(BEGIN).ok_or("has no -----BEGIN CERTIFICATE-----")?;
        let end = text[start..].find(END).ok_or("has no -----END CERTIFICATE-----")? + start + END.len();
        let read = x509_cert::Certificate::from_pem(&text[start..end]).map_err(|error| error.to_string())?;
        let der = read.to_der().map_err(|error| error.to_string())?;
        Ok(Self { der, read })
    }

    /// Reads DER.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        if der.len() > LONGEST {
            return None;
        }
        let read = x509_cert::Certificate::from_der(der).ok()?;
        Some(Self { der: der.to_vec(), read })
    }

    /// SHA-1 of the certificate: `x5t`, and what the portal shows.
    pub(crate) fn sha1(&self) -> Vec<u8> {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref().to_vec()
    }

    /// SHA-256 of the certificate: `x5t#S256`.
    pub(crate) fn sha256(&self) -> Vec<u8> {
        digest(&SHA256, &self.der).as_ref().to_vec()
    }

    /// The first and the last second at which it is valid.
    pub(crate) fn validity(&self) -> (i64, i64) {
        let validity = self.read.tbs_certificate().validity();
        let unix = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        (unix(validity.not_before), unix(validity.not_after))
    }

    /// The public key as signatures are verified with it: PKCS#1 for RSA, a point for elliptic curves.
    pub(crate) fn public_key(&self) -> &[u8] {
        self.read.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }

    /// Whether the subject, its common name or one of its DNS names is `name`.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let subject = self.read.tbs_certificate().subject();
        let common_name = subject.common_name().ok().flatten();
        common_name.is_some_and(|common| common.value() == name)
            || subject.to_string() == name
            || self.has_dns_name(name)
    }

    fn has_dns_name(&self, name: &str) -> bool {
        let Ok(Some((_, names))) = self.read.tbs_certificate().get_extension::<SubjectAltName>() else { return false };
        names.0.iter().any(|known| matches!(known, GeneralName::DnsName(known) if known.as_str() == name))
    }

    /// Whether `issuer` signed it.
    pub(crate) fn is_signed_by(&self, issuer: &Self) -> bool {
        if self.read.tbs_certificate().issuer() != issuer.read.tbs_certificate().subject() {
            return false;
        }
        let algorithm: &'static dyn VerificationAlgorithm =
            match self.read.signature_algorithm().oid.to_string().as_str() {
                "1.2.840.113549.1.1.11" => &RSA_PKCS1_2048_8192_SHA256,
                "1.2.840.113549.1.1.12" => &RSA_PKCS1_2048_8192_SHA384,
                "1.2.840.113549.1.1.13" => &RSA_PKCS1_2048_8192_SHA512,
                "1.2.840.10045.4.3.2" => &ECDSA_P256_SHA256_ASN1,
                "1.2.840.10045.4.3.3" => &ECDSA_P384_SHA384_ASN1,
                _ => return false,
            };
        let Ok(signed) = self.read.tbs_certificate().to_der() else { return false };
        let key = UnparsedPublicKey::new(algorithm, issuer.public_key());
        key.verify(&signed, self.read.signature().raw_bytes()).is_ok()
    }
}
