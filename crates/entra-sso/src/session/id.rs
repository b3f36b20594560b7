//! The secret that names a session, and the hash by which everybody else knows it.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_oidc::{Secret, random_bytes};
use zeroize::Zeroizing;

/// The length of an id as text: 32 bytes in base64url without padding.
const TEXT_LENGTH: usize = 43;

/// The 256 random bits that a browser's cookie holds.
///
/// Whoever has it has the session, so it is not in `Debug`, has no `Display`, and is wiped when dropped. Stores never see
/// it; they see its [`SessionKey`].
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SessionId(Zeroizing<[u8; 32]>);

/// SHA-256 of a session id: the name of a session in a store. It cannot be turned back into the id.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionKey([u8; 32]);

impl SessionId {
    /// A new id that nobody can guess.
    #[must_use]
    pub(crate) fn random() -> Self {
        Self(Zeroizing::new(random_bytes()))
    }

    /// Reads an id as a cookie holds it: exactly 43 characters of base64url. Anything else is no id.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT_LENGTH {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut *bytes).ok()?;
        (length == 32).then_some(Self(bytes))
    }

    /// The id as the cookie holds it.
    #[must_use]
    pub(crate) fn to_text(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// The id's bytes, as key material.
    #[must_use]
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The name under which stores know this session.
    #[must_use]
    pub(crate) fn key(&self) -> SessionKey {
        SessionKey(sha256(self.as_bytes()))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SessionId(…)")
    }
}

impl SessionKey {
    /// A key read back from a store.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash's bytes, for a store's key column.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// It is a hash itself: a part of it tells any two apart in a table.
impl Hash for SessionKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.first_chunk::<8>().hash(state);
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth, ..] = self.0;
        write!(out, "SessionKey({first:02x}{second:02x}{third:02x}{fourth:02x}…)")
    }
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests;
