//! What a key in `secret_keys` must be.

use std::fmt;

/// A key has at least this many bytes as it is written.
const MIN_LENGTH: usize = 32;
/// A key has at least this many different bytes. Thirty-two random bytes in hex have fewer with a chance below 10⁻⁹.
const MIN_DIFFERENT: usize = 9;
/// Words that stand in samples, and in no key that chance made. Compared without case and without `-`, `_` and spaces.
const SAMPLE_WORDS: [&str; 12] = [
    "changeme",
    "changethis",
    "replaceme",
    "replacethis",
    "yoursecret",
    "yourkey",
    "secretkey",
    "supersecret",
    "example",
    "insecure",
    "password",
    "0123456789abcdef",
];

/// Why a key is refused. It never contains the key.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// There is no key at all.
    Missing,
    /// Fewer than 32 bytes.
    TooShort {
        /// How many bytes there are.
        length: usize,
    },
    /// Contains a word that samples and documentation use.
    Sample,
    /// Too regular to be random: few different characters, or one piece repeated.
    Regular,
}

/// What is wrong with a key; `None` when nothing is.
pub(crate) fn key_fault(key: &str) -> Option<KeyFault> {
    if key.len() < MIN_LENGTH {
        return Some(KeyFault::TooShort { length: key.len() });
    }
    if has_sample_word(key) {
        return Some(KeyFault::Sample);
    }
    if is_regular(key.as_bytes()) {
        return Some(KeyFault::Regular);
    }
    None
}

fn has_sample_word(key: &str) -> bool {
    let plain: String = key.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    SAMPLE_WORDS.iter().any(|word| plain.contains(word))
}

fn is_regular(key: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in key {
        seen[usize::from(*byte)] = true;
    }
    let different = seen.iter().filter(|seen| **seen).count();
    let repeats = (1..=key.len() / 2).any(|period| key.iter().zip(&key[period..]).all(|(a, b)| a == b));
    different < MIN_DIFFERENT || repeats
}

impl fmt::Display for KeyFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => out.write_str("no key is given"),
            Self::TooShort { length } => write!(out, "the key has {length} bytes, expected at least {MIN_LENGTH}"),
            Self::Sample => out.write_str("the key contains a word that samples use"),
            Self::Regular => out.write_str("the key is too regular to be random"),
        }
    }
}

impl std::error::Error for KeyFault {}
