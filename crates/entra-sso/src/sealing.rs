//! Sealing: what we hand out and must get back as it was.
//!
//! AES-256-GCM-SIV with random nonces. Each purpose, and each of the server's keys, has an encryption key of its own
//! (HKDF-SHA256), so that nothing sealed for one purpose opens for another. The first key seals, all keys open.
//!
//! ```text
//! record = version (1 byte) ‖ key name (4 bytes) ‖ nonce (12 bytes) ‖ ciphertext and tag
//! bound to it: version ‖ purpose ‖ key name ‖ what the caller binds
//! ```
//!
//! A record as text is base64url without padding. Its length is bounded before anything is decoded.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_oidc::{Secret, random_bytes};
use zeroize::Zeroizing;

pub(crate) use self::server_key::{KeyFault, key_fault};

mod server_key;

/// The number of the only record version that exists.
const VERSION: u8 = 1;
const KEY_NAME_LENGTH: usize = 4;
const HEADER_LENGTH: usize = 1 + KEY_NAME_LENGTH + NONCE_LEN;
const TAG_LENGTH: usize = 16;
/// A text that is longer is not looked at.
const MAX_TEXT: usize = 8 * 1024;
/// A text holds at most this much.
const MAX_TEXT_CONTENT: usize = MAX_TEXT / 4 * 3 - HEADER_LENGTH - TAG_LENGTH;

/// What a sealed record is for. One purpose's records open for no other.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A sign-in that waits at Microsoft, in the parameter `state`.
    Attempt,
    /// The session that the browser had when a sign-in began, inside [`Purpose::Attempt`]; the seed is the second key.
    SessionBefore,
    /// A message for the next page, in a cookie.
    Flash,
    /// A session's body, in a store.
    Session,
    /// What a further sign-in has to prove, in a link to our own login.
    StepUp,
}

/// Seals and opens. Cloning it copies a pointer.
#[derive(Clone)]
pub(crate) struct Sealer(Arc<[Key]>);

/// Why something was not sealed or opened. It says nothing about the content.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum SealingError {
    /// Longer than anything that we seal.
    TooLong,
    /// Not in the form that we write.
    Malformed,
    /// Sealed with a key that we do not have.
    UnknownKey,
    /// Changed, or sealed for something else.
    Refused,
    /// The content could not be written down.
    Unwritable,
}

impl Sealer {
    /// Takes the server's keys: the first one seals, all open. There must be at least one, and each must be
    /// [good enough](key_fault).
    pub(crate) fn new(secret_keys: &[Secret]) -> Result<Self, KeyFault> {
        if secret_keys.is_empty() {
            return Err(KeyFault::Missing);
        }
        if let Some(fault) = secret_keys.iter().find_map(|key| key_fault(key.expose())) {
            return Err(fault);
        }
        Ok(Self(secret_keys.iter().map(|key| Key::new(key.expose().as_bytes())).collect()))
    }

    /// A key that lives as long as this process.
    pub(crate) fn random() -> Self {
        let key = Zeroizing::new(random_bytes::<32>());
        Self(Arc::new([Key::new(&*key)]))
    }

    /// Seals bytes as base64url text.
    pub(crate) fn seal(&self, purpose: Purpose, plaintext: &[u8]) -> Result<String, SealingError> {
        if plaintext.len() > MAX_TEXT_CONTENT {
            return Err(SealingError::TooLong);
        }
        Ok(URL_SAFE_NO_PAD.encode(self.seal_bytes(purpose, &[], &[], plaintext)?))
    }

    /// Opens what [`Sealer::seal`] wrote for the same purpose.
    pub(crate) fn open(&self, purpose: Purpose, text: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        if text.len() > MAX_TEXT {
            return Err(SealingError::TooLong);
        }
        let record = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealingError::Malformed)?;
        self.open_bytes(purpose, &[], &[], &record)
    }

    /// Seals bytes with a key that also needs `second_key` (empty: the server's key alone), and binds `bound` to them.
    pub(crate) fn seal_bytes(
        &self,
        purpose: Purpose,
        second_key: &[u8],
        bound: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealingError> {
        let key = self.0.first().ok_or(SealingError::UnknownKey)?;
        let nonce: [u8; NONCE_LEN] = random_bytes();
        let mut record = Vec::with_capacity(HEADER_LENGTH + plaintext.len() + TAG_LENGTH);
        record.push(VERSION);
        record.extend_from_slice(&key.name);
        record.extend_from_slice(&nonce);
        record.extend_from_slice(plaintext);
        let aad = Aad::from(binding(purpose, key.name, bound));
        let nonce = Nonce::assume_unique_for_key(nonce);
        let content = &mut record[HEADER_LENGTH..];
        let tag = key
            .with_cipher(purpose, second_key, |cipher| cipher.seal_in_place_separate_tag(nonce, aad, content))
            .map_err(|_| SealingError::Unwritable)?;
        record.extend_from_slice(tag.as_ref());
        Ok(record)
    }

    /// Opens what [`Sealer::seal_bytes`] wrote for the same purpose, second key and binding.
    pub(crate) fn open_bytes(
        &self,
        purpose: Purpose,
        second_key: &[u8],
        bound: &[u8],
        record: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let parts = Record::parse(record)?;
        let mut fault = SealingError::UnknownKey;
        for key in self.0.iter().filter(|key| key.name == parts.key_name) {
            match key.open(purpose, second_key, bound, &parts) {
                Ok(plaintext) => return Ok(plaintext),
                Err(refused) => fault = refused,
            }
        }
        Err(fault)
    }
}

/// A record in its parts, before anything is known about it.
struct Record<'a> {
    key_name: [u8; KEY_NAME_LENGTH],
    nonce: [u8; NONCE_LEN],
    ciphertext: &'a [u8],
}

impl<'a> Record<'a> {
    fn parse(record: &'a [u8]) -> Result<Self, SealingError> {
        let (version, rest) = record.split_first().ok_or(SealingError::Malformed)?;
        let (key_name, rest) = rest.split_first_chunk().ok_or(SealingError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(SealingError::Malformed)?;
        if *version != VERSION || ciphertext.len() < TAG_LENGTH {
            return Err(SealingError::Malformed);
        }
        Ok(Self { key_name: *key_name, nonce: *nonce, ciphertext })
    }
}

/// One of the server's keys.
struct Key {
    name: [u8; KEY_NAME_LENGTH],
    material: Zeroizing<Vec<u8>>,
    /// Ciphers that need no second key, made once.
    attempt: LessSafeKey,
    flash: LessSafeKey,
}

impl Key {
    fn new(material: &[u8]) -> Self {
        Self {
            name: name(material),
            attempt: cipher(material, &[], Purpose::Attempt),
            flash: cipher(material, &[], Purpose::Flash),
            material: Zeroizing::new(material.to_vec()),
        }
    }

    /// Runs `work` with the cipher for this purpose and second key.
    fn with_cipher<T>(&self, purpose: Purpose, second_key: &[u8], work: impl FnOnce(&LessSafeKey) -> T) -> T {
        match purpose {
            Purpose::Attempt if second_key.is_empty() => work(&self.attempt),
            Purpose::Flash if second_key.is_empty() => work(&self.flash),
            _ => work(&cipher(&self.material, second_key, purpose)),
        }
    }

    fn open(
        &self,
        purpose: Purpose,
        second_key: &[u8],
        bound: &[u8],
        record: &Record<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let mut buffer = Zeroizing::new(record.ciphertext.to_vec());
        let nonce = Nonce::assume_unique_for_key(record.nonce);
        let aad = Aad::from(binding(purpose, self.name, bound));
        let length = self
            .with_cipher(purpose, second_key, |cipher| {
                cipher.open_in_place(nonce, aad, &mut buffer).map(|text| text.len())
            })
            .map_err(|_| SealingError::Refused)?;
        buffer.truncate(length);
        Ok(buffer)
    }
}

impl Purpose {
    /// The HKDF label of this purpose, also bound to each record.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Attempt => b"entra-sso attempt v1",
            Self::SessionBefore => b"entra-sso session before v1",
            Self::Flash => b"entra-sso flash v1",
            Self::Session => b"entra-sso session v1",
            Self::StepUp => b"entra-sso step-up v1",
        }
    }
}

/// The cipher of one server key, second key and purpose: HKDF with the second key as salt and the purpose as label.
fn cipher(material: &[u8], second_key: &[u8], purpose: Purpose) -> LessSafeKey {
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, second_key).extract(material);
    let label = [purpose.label()];
    let okm = prk.expand(&label, &AES_256_GCM_SIV).expect("32 bytes are within what HKDF-SHA256 gives");
    LessSafeKey::new(UnboundKey::from(okm))
}

/// The name by which a record says which key sealed it. It tells nothing about the key.
fn name(material: &[u8]) -> [u8; KEY_NAME_LENGTH] {
    let mut name = [0; KEY_NAME_LENGTH];
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(material)
        .expand(&[b"entra-sso key name v1"], NameLength)
        .and_then(|okm| okm.fill(&mut name))
        .expect("4 bytes are within what HKDF-SHA256 gives");
    name
}

struct NameLength;

impl hkdf::KeyType for NameLength {
    fn len(&self) -> usize {
        KEY_NAME_LENGTH
    }
}

/// What is bound to a record. The parts before the caller's have one length for each purpose, and no label begins another.
fn binding(purpose: Purpose, key_name: [u8; KEY_NAME_LENGTH], bound: &[u8]) -> Vec<u8> {
    [&[VERSION], purpose.label(), &key_name, bound].concat()
}

impl fmt::Debug for Sealer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sealer({} keys)", self.0.len())
    }
}

impl fmt::Display for SealingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::TooLong => "too long to be sealed or opened",
            Self::Malformed => "not in the form of a sealed record",
            Self::UnknownKey => "sealed with a key that is not in `secret_keys`",
            Self::Refused => "changed, or sealed for something else",
            Self::Unwritable => "the content cannot be sealed",
        })
    }
}

impl std::error::Error for SealingError {}

#[cfg(test)]
mod tests;
