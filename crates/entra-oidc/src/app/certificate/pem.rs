//! PEM (RFC 7468), with whatever tools write between the blocks.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::{
    app::certificate::bundle::{Bundle, PrivateKey},
    error::{ConfigError, ConfigErrorKind},
};

/// The most a file may be, in bytes.
const LIMIT: usize = 256 * 1024;

const ENCRYPTED: &str = "the private key in the PEM is encrypted; decrypt it, or give PFX with a password";

/// The certificates and keys in the file, in its order.
pub(super) fn bundle(pem: &[u8]) -> Result<Bundle, ConfigError> {
    if pem.len() > LIMIT {
        return Err(refuse("over 256 KiB"));
    }
    let text = std::str::from_utf8(pem).map_err(|_| refuse("not PEM"))?;
    let mut bundle = Bundle::default();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = label(line, "-----BEGIN ") else { continue };
        let mut body = Zeroizing::new(String::new());
        loop {
            let line = lines.next().ok_or_else(|| refuse("a block of the PEM has no end"))?;
            match self::label(line, "-----END ") {
                Some(end) if end == label => break,
                Some(_) => return Err(refuse("a block of the PEM ends as another one")),
                None => body.push_str(line),
            }
        }
        add(&mut bundle, label, &body)?;
    }
    Ok(bundle)
}

fn label<'a>(line: &'a str, before: &str) -> Option<&'a str> {
    line.strip_prefix(before)?.strip_suffix("-----")
}

fn add(bundle: &mut Bundle, label: &str, body: &str) -> Result<(), ConfigError> {
    let decoded = || {
        let der = STANDARD.decode(body).map_err(|_| refuse("a block of the PEM is not base64"));
        der.map(Zeroizing::new)
    };
    match label {
        "CERTIFICATE" => bundle.certificates.push(decoded()?.to_vec()),
        "PRIVATE KEY" => bundle.keys.push(PrivateKey::Pkcs8(decoded()?)),
        // The old form of encryption writes its parameters as header lines into the block.
        "RSA PRIVATE KEY" if body.starts_with("Proc-Type:") => return Err(refuse(ENCRYPTED)),
        "RSA PRIVATE KEY" => bundle.keys.push(PrivateKey::Pkcs1(decoded()?)),
        "ENCRYPTED PRIVATE KEY" => return Err(refuse(ENCRYPTED)),
        "EC PRIVATE KEY" => {
            return Err(ConfigError::new(
                ConfigErrorKind::CertificateKeyUnsupported,
                "the private key is one of an elliptic curve, and Microsoft takes RSA only",
            ));
        }
        // Parameters, revocation lists and the like say nothing to us.
        _ => {}
    }
    Ok(())
}

fn refuse(why: &str) -> ConfigError {
    ConfigError::new(ConfigErrorKind::Certificate, why)
}
