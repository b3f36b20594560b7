use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    error::{SignInError, SignInErrorKind, clean},
    jose::key::Key,
    json,
};

/// The most an ID token may be, in bytes. Checked before anything looks into it.
const LIMIT: usize = 16 * 1024;

/// A compact JWS (RFC 7515 section 3.1) whose header is acceptable and whose signature nobody has checked yet. The
/// payload is out of reach until it is.
pub(crate) struct Jws<'a> {
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
    key_id: String,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(raw: &'a str) -> Result<Self, SignInError> {
        if raw.len() > LIMIT {
            return Err(malformed(format!("{} bytes, at most {LIMIT} are read", raw.len())));
        }
        let mut parts = raw.splitn(4, '.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed("not three parts"));
        };
        let key_id = accept_header(&decode("header", header)?)?;
        let signature = decode("signature", signature)?;
        if signature.is_empty() {
            return Err(malformed("no signature"));
        }
        let signed = &raw[..header.len() + 1 + payload.len()];
        Ok(Self { signed, payload, signature, key_id })
    }

    /// The `kid` of the header: which key to ask for. Chosen by whoever made the token.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The payload, when `key` has signed it.
    pub(crate) fn open(self, key: &Key) -> Result<Vec<u8>, SignInError> {
        if !key.has_signed(self.signed.as_bytes(), &self.signature) {
            return Err(SignInError::new(SignInErrorKind::IdTokenSignature, "the signature does not fit"));
        }
        decode("payload", self.payload)
    }
}

/// Only what is needed is looked at: `jwk`, `jku`, `x5u`, `x5c` and claims in the header lead nowhere (cases T3, T14).
fn accept_header(bytes: &[u8]) -> Result<String, SignInError> {
    let header = json::object(bytes).map_err(|detail| malformed(format!("header: {detail}")))?;
    let algorithm = json::optional_str(&header, "alg").map_err(algorithm)?;
    if algorithm != Some("RS256") {
        return Err(self::algorithm(format!("expected RS256, got {}", clean(algorithm.unwrap_or("none at all"), 40))));
    }
    // `crit`: nothing critical is understood. `enc`, `zip`: an encrypted token. `nonce`: an access token for Graph.
    if let Some(name) = ["crit", "enc", "zip", "nonce"].into_iter().find(|name| header.contains_key(*name)) {
        return Err(malformed(format!("`{name}` in the header")));
    }
    match json::optional_str(&header, "typ").map_err(malformed)? {
        None | Some("JWT") => {}
        Some(other) => return Err(malformed(format!("typ: expected JWT, got {}", clean(other, 40)))),
    }
    let key_id = json::required_str(&header, "kid").map_err(malformed)?;
    if key_id.is_empty() || key_id.len() > 256 {
        return Err(malformed("`kid` is empty or long"));
    }
    Ok(key_id.to_owned())
}

/// base64url without padding, and only its canonical form (case T20).
fn decode(part: &str, text: &str) -> Result<Vec<u8>, SignInError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed(format!("the {part} is not base64url without padding")))
}

fn malformed(detail: impl AsRef<str>) -> SignInError {
    SignInError::new(SignInErrorKind::IdTokenMalformed, detail)
}

fn algorithm(detail: String) -> SignInError {
    SignInError::new(SignInErrorKind::IdTokenAlgorithm, detail)
}
