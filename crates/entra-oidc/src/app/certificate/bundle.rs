use aws_lc_rs::signature::{KeyPair, RsaKeyPair};
use x509_cert::{
    Certificate as X509,
    der::{Decode as _, Encode as _, oid::ObjectIdentifier},
};
use zeroize::Zeroizing;

use crate::{
    app::certificate::certified_key::CertifiedKey,
    clock::Timestamp,
    error::{ConfigError, ConfigErrorKind},
};

/// `rsaEncryption` (RFC 8017 appendix A).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The most certificates that are looked at.
const LIMIT: usize = 20;

/// What stood in a file: certificates and keys, nobody knows yet which belong together.
#[derive(Default)]
pub(super) struct Bundle {
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) keys: Vec<PrivateKey>,
}

/// The DER of a private key.
pub(super) enum PrivateKey {
    Pkcs8(Zeroizing<Vec<u8>>),
    Pkcs1(Zeroizing<Vec<u8>>),
}

/// A certificate as far as it is looked at.
struct Read {
    der: Vec<u8>,
    x509: X509,
}

impl Bundle {
    /// The key, the certificate that it was made for, and those who issued it.
    pub(super) fn assemble(self) -> Result<CertifiedKey, ConfigError> {
        let refuse = |kind, why: &str| Err(ConfigError::new(kind, why));
        let mut certificates = self.read_certificates()?;
        let key = match self.keys.as_slice() {
            [] => return refuse(ConfigErrorKind::CertificateKeyMissing, "a certificate and no private key"),
            [key] => key,
            _ => return refuse(ConfigErrorKind::Certificate, "more than one private key"),
        };
        if certificates.iter().all(|certificate| !certificate.is_rsa()) {
            return refuse(
                ConfigErrorKind::CertificateKeyUnsupported,
                "the certificate's key is not RSA (an elliptic curve, perhaps), and Microsoft takes RSA only",
            );
        }
        let key = key.parse()?;
        // The same key may have been certified again; the certificate that lasts longest is meant.
        let own = certificates
            .iter()
            .enumerate()
            .filter(|(_, certificate)| certificate.certifies(&key))
            .max_by_key(|(_, certificate)| certificate.not_after())
            .map(|(index, _)| index);
        let Some(own) = own else {
            return refuse(
                ConfigErrorKind::CertificateKeyMismatch,
                "the private key belongs to none of the certificates",
            );
        };
        let own = certificates.swap_remove(own);
        let (not_before, not_after) = (own.not_before(), own.not_after());
        Ok(CertifiedKey { key, chain: chain(own, certificates), not_before, not_after })
    }

    fn read_certificates(&self) -> Result<Vec<Read>, ConfigError> {
        let refuse = |why: &str| Err(ConfigError::new(ConfigErrorKind::Certificate, why));
        if self.certificates.is_empty() {
            return refuse("no certificate in it");
        }
        if self.certificates.len() > LIMIT {
            return refuse("over 20 certificates in it");
        }
        let read = |der: &Vec<u8>| X509::from_der(der).ok().map(|x509| Read { der: der.clone(), x509 });
        match self.certificates.iter().map(read).collect::<Option<Vec<_>>>() {
            Some(certificates) => Ok(certificates),
            None => refuse("a certificate in it cannot be read"),
        }
    }
}

impl PrivateKey {
    fn parse(&self) -> Result<RsaKeyPair, ConfigError> {
        match self {
            Self::Pkcs8(der) => RsaKeyPair::from_pkcs8(der),
            Self::Pkcs1(der) => RsaKeyPair::from_der(der),
        }
        .map_err(|_| {
            ConfigError::new(
                ConfigErrorKind::CertificateKeyUnsupported,
                "the private key is not an RSA key of 2048 to 8192 bits",
            )
        })
    }
}

impl Read {
    fn is_rsa(&self) -> bool {
        self.x509.tbs_certificate().subject_public_key_info().algorithm.oid == RSA
    }

    fn certifies(&self, key: &RsaKeyPair) -> bool {
        self.is_rsa()
            && self.x509.tbs_certificate().subject_public_key_info().subject_public_key.as_bytes()
                == Some(key.public_key().as_ref())
    }

    fn not_before(&self) -> Timestamp {
        moment(self.x509.tbs_certificate().validity().not_before)
    }

    fn not_after(&self) -> Timestamp {
        moment(self.x509.tbs_certificate().validity().not_after)
    }

    fn is_issued_by(&self, other: &Self) -> bool {
        let (issuer, subject) = (self.x509.tbs_certificate().issuer(), other.x509.tbs_certificate().subject());
        matches!((issuer.to_der(), subject.to_der()), (Ok(issuer), Ok(subject)) if issuer == subject)
    }
}

/// The certificate and its issuers one after the other, as far as they are there.
fn chain(own: Read, mut others: Vec<Read>) -> Vec<Vec<u8>> {
    let mut chain = Vec::new();
    let mut last = own;
    while let Some(next) = others.iter().position(|other| last.is_issued_by(other)) {
        let next = others.swap_remove(next);
        chain.push(last.der);
        last = next;
    }
    chain.push(last.der);
    chain
}

fn moment(time: x509_cert::time::Time) -> Timestamp {
    Timestamp::from_unix(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}
