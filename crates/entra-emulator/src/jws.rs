//! Signed tokens that others bring: read, not yet believed, then verified.

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

/// No assertion is longer, in bytes.
const LONGEST: usize = 64 * 1024;

/// A token in compact form, read. Nothing in it is true before a signature was verified.
pub(crate) struct Jws<'a> {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// The algorithms of client assertions.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Algorithm {
    Rs256,
    Ps256,
}

impl<'a> Jws<'a> {
    /// Three base64url parts, the first two JSON objects.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let object = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self { header: object(header)?, claims: object(claims)?, signed, signature })
    }

    /// `alg`, when it is one of ours.
    pub(crate) fn algorithm(&self) -> Option<Algorithm> {
        match self.header_text("alg")? {
            "RS256" => Some(Algorithm::Rs256),
            "PS256" => Some(Algorithm::Ps256),
            _ => None,
        }
    }

    pub(crate) fn header_text(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    pub(crate) fn claim_text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// The one audience: a text, or a list that holds one text.
    pub(crate) fn audience(&self) -> Option<&str> {
        match self.claims.get("aud")? {
            Value::String(audience) => Some(audience),
            Value::Array(list) => match list.as_slice() {
                [only] => only.as_str(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A time in seconds: Microsoft's clients send integers, floats and texts. Absent is `None`; anything else is an
    /// error.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, ()> {
        let Some(value) = self.claims.get(name) else { return Ok(None) };
        let seconds = match value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => text.parse().ok().or_else(|| text.parse().ok().and_then(whole)),
            _ => None,
        };
        seconds.map(Some).ok_or(())
    }

    /// The certificates of `x5c` (DER), a list or a single text.
    pub(crate) fn certificates(&self) -> Vec<Vec<u8>> {
        let texts: Vec<&str> = match self.header.get("x5c") {
            Some(Value::String(only)) => vec![only],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        texts.into_iter().take(10).filter_map(decode_any).collect()
    }

    /// The thumbprint of the signer's certificate, in whatever base64 it was written.
    pub(crate) fn thumbprint(&self, name: &str) -> Option<Vec<u8>> {
        decode_any(self.header_text(name)?)
    }

    /// Verifies with a public key in PKCS#1 form.
    pub(crate) fn is_signed_by(&self, algorithm: Algorithm, key: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(algorithm.parameters(), key);
        key.verify(self.signed.as_bytes(), &self.signature).is_ok()
    }

    /// Verifies with a key of a key list.
    pub(crate) fn is_signed_by_jwk(&self, algorithm: Algorithm, jwk: &Value) -> bool {
        let number = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
        let (Some(n), Some(e)) = (number("n"), number("e")) else { return false };
        let key = RsaPublicKeyComponents { n, e };
        key.verify(algorithm.parameters(), self.signed.as_bytes(), &self.signature).is_ok()
    }
}

impl Algorithm {
    const fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
        }
    }
}

/// Base64 or base64url, with or without padding.
fn decode_any(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const EITHER: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    EITHER.decode(text.replace('-', "+").replace('_', "/")).ok()
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and no time is near the ends")]
fn whole(seconds: f64) -> Option<i64> {
    seconds.is_finite().then(|| seconds.floor() as i64)
}
