//! PKCS #12 (RFC 7292), which Windows calls PFX.

use p12_keystore::{Pkcs12Archive, error::Error};
use zeroize::Zeroizing;

use crate::{
    app::certificate::bundle::{Bundle, PrivateKey},
    error::{ConfigError, ConfigErrorKind},
};

/// The most a file may be, in bytes.
const LIMIT: usize = 256 * 1024;

/// The certificates and keys in the file.
pub(super) fn bundle(pfx: &[u8], password: &str) -> Result<Bundle, ConfigError> {
    let refuse = |kind, why: &str| ConfigError::new(kind, why);
    if pfx.len() > LIMIT {
        return Err(refuse(ConfigErrorKind::Certificate, "over 256 KiB"));
    }
    if pfx.is_empty() {
        return Err(refuse(ConfigErrorKind::Certificate, "it is empty"));
    }
    let archive = Pkcs12Archive::from_pkcs12(pfx, password).map_err(|error| match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => {
            refuse(ConfigErrorKind::CertificatePassword, "the password does not open the file")
        }
        _ => refuse(ConfigErrorKind::Certificate, "not PKCS #12, or encrypted in a way that is not known"),
    })?;
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    let keys = archive.keys.iter().map(|bag| PrivateKey::Pkcs8(Zeroizing::new(bag.key.as_der().to_vec()))).collect();
    Ok(Bundle { certificates, keys })
}
