//! The one place that draws random bytes.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system has random bytes");
    bytes
}

/// `N` random bytes in base64url without padding.
pub(crate) fn text<const N: usize>() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<N>())
}

/// A random GUID (version 4), lower case with hyphens.
pub(crate) fn guid() -> String {
    uuid::Builder::from_random_bytes(bytes()).into_uuid().hyphenated().to_string()
}
