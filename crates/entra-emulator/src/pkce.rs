//! PKCE (RFC 7636) with Microsoft's rules: a method that is not named is `plain`.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::aadsts::Refusal;
use crate::params::Params;

/// A PKCE challenge.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Challenge {
    pub(crate) value: String,
    pub(crate) hashed: bool,
}

/// Reads the challenge of an authorization request. `strict`: it must be there, and hashed.
pub(crate) fn read(parameters: &Params, strict: bool) -> Result<Option<Challenge>, Refusal> {
    let method = parameters.get("code_challenge_method");
    let Some(value) = parameters.get("code_challenge") else {
        return match method {
            Some(_) => Err(Refusal::of(501_491).about("code_challenge_method without code_challenge")),
            None if strict => Err(Refusal::missing("code_challenge")),
            None => Ok(None),
        };
    };
    let hashed = match method {
        Some("S256") => true,
        Some("plain") | None => false,
        Some(_) => return Err(Refusal::of(501_491).about("code_challenge_method")),
    };
    if strict && !hashed {
        return Err(Refusal::of(501_491).about("code_challenge_method plain"));
    }
    if !has_length(value) {
        return Err(Refusal::of(50147));
    }
    if !has_alphabet(value) {
        return Err(Refusal::of(501_491).about("code_challenge"));
    }
    Ok(Some(Challenge { value: value.to_owned(), hashed }))
}

/// Judges the verifier of a token request. A verifier where no challenge was sent is refused, too: whoever sends one
/// means to be protected (downgrade, RFC 9700 section 4.8.2).
pub(crate) fn verify(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), Refusal> {
    let (challenge, verifier) = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => (challenge, verifier),
        _ => return Err(Refusal::of(501_481)),
    };
    if !has_length(verifier) || !has_alphabet(verifier) {
        return Err(Refusal::of(501_491).about("code_verifier"));
    }
    let computed = if challenge.hashed {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
    } else {
        verifier.to_owned()
    };
    verify_slices_are_equal(computed.as_bytes(), challenge.value.as_bytes()).map_err(|_| Refusal::of(501_481))
}

fn has_length(text: &str) -> bool {
    (43..=128).contains(&text.len())
}

fn has_alphabet(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}
