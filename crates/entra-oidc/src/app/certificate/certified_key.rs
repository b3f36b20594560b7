use std::time::Duration;

use aws_lc_rs::{
    digest::{self, Algorithm, Digest},
    rand::SystemRandom,
    signature::RsaKeyPair,
};
use x509_cert::der::DateTime;

use crate::{app::certificate::algorithm::AssertionAlgorithm, clock::Timestamp};

/// A private key, the certificate that it was made for, and those who issued that.
pub(super) struct CertifiedKey {
    pub(super) key: RsaKeyPair,
    /// The certificate, its issuer, the issuer's issuer, as far as they are there; DER. Never empty.
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

impl CertifiedKey {
    pub(super) fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    pub(super) fn thumbprint(&self, hash: &'static Algorithm) -> Digest {
        digest::digest(hash, &self.chain[0])
    }

    /// None when the key is too short for the algorithm.
    pub(super) fn sign(&self, message: &[u8], algorithm: AssertionAlgorithm) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(algorithm.encoding(), &SystemRandom::new(), message, &mut signature).ok()?;
        Some(signature)
    }

    /// Whether the certificate is valid at `now`.
    ///
    /// # Errors
    /// Since when it is no longer, or from when it will be.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), String> {
        if now > self.not_after {
            return Err(format!("the certificate ended at {}, now {}", shown(self.not_after), shown(now)));
        }
        if now < self.not_before {
            return Err(format!("the certificate begins at {}, now {}", shown(self.not_before), shown(now)));
        }
        Ok(())
    }
}

/// Such as `2026-01-01T00:00:00Z`.
fn shown(moment: Timestamp) -> String {
    let since_epoch = Duration::from_secs(u64::try_from(moment.unix()).unwrap_or_default());
    DateTime::from_unix_duration(since_epoch).map_or_else(|_| moment.unix().to_string(), |date| date.to_string())
}
