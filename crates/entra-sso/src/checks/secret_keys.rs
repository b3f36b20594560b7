//! K7: keys that are too short, known samples, or not random.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use entra_oidc::Secret;
use zeroize::Zeroizing;

use crate::{
    errors::{Check, Finding},
    sealing::key_fault,
    settings::Settings,
};

const LEAST: usize = 32;
const SETTING: Option<&str> = Some("secret_keys");

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let keys = &settings.secret_keys;
    let replicas = settings.replicas.unwrap_or(1);
    if keys.is_empty() {
        return vec![if replicas > 1 {
            let cause = format!(
                "`replicas` is {replicas} and `secret_keys` is not set: each process would draw keys of its own."
            );
            Finding::new(Check::SecretKeysMissing, SETTING, cause)
        } else {
            Finding::new(
                Check::SecretKeysAbsent,
                SETTING,
                "`secret_keys` is not set: a restart ends every session and every unfinished sign-in.",
            )
        }];
    }
    let mut findings = Vec::new();
    for (position, key) in keys.iter().enumerate() {
        let twice = keys.iter().take(position).any(|earlier| earlier.expose() == key.expose());
        let fault = if twice { Some("it stands there twice".to_owned()) } else { fault(key) };
        let cause = |fault| format!("Key {} of {} in `secret_keys`: {fault}.", position + 1, keys.len());
        findings.extend(fault.map(|fault| Finding::new(Check::SecretKeyWeak, SETTING, cause(fault))));
    }
    findings
}

/// What is wrong with a key, without the key.
fn fault(key: &Secret) -> Option<String> {
    let text = key.expose();
    if let Some(fault) = key_fault(text) {
        return Some(fault.to_string());
    }
    let Some(bytes) = decoded(text) else {
        return Some("it is neither base64 nor hexadecimal".to_owned());
    };
    if bytes.len() < LEAST {
        return Some(format!("it holds {} random bytes at most, expected {LEAST}", bytes.len()));
    }
    looks_made_up(text, &bytes).then(|| "it is too regular to be random".to_owned())
}

/// Hexadecimal comes first: every such text would pass as base64 too, with more bytes than were drawn.
fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    if let Some(digits) = digits.map(Zeroizing::new) {
        return Some(Zeroizing::new(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()));
    }
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, lenient).decode(text).ok())
        .map(Zeroizing::new)
}

/// Each of these has a chance below one in a billion for 32 random bytes.
fn looks_made_up(text: &str, bytes: &[u8]) -> bool {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let one_case =
        !text.bytes().any(|byte| byte.is_ascii_uppercase()) || !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let printable = bytes.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    let steps = distinct(bytes.iter().zip(bytes.iter().skip(1)).map(|(one, next)| next.wrapping_sub(*one)));
    (!is_hex && one_case) || printable || distinct(bytes.iter().copied()) < LEAST / 2 || steps < LEAST / 2
}

fn distinct(bytes: impl Iterator<Item = u8>) -> usize {
    bytes.collect::<std::collections::BTreeSet<u8>>().len()
}
