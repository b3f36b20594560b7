use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    error::{SignInError, clean},
    jose::{algorithm::Algorithm, key::Key, token_kind::TokenKind},
    json::{self, Object},
};

/// The most a token may be, in bytes. Checked before anything looks into it.
const LIMIT: usize = 16 * 1024;

/// A compact JWS (RFC 7515 section 3.1) whose header is acceptable and whose signature nobody has checked yet. The
/// payload is out of reach until it is.
pub(crate) struct Jws<'a> {
    kind: &'static TokenKind,
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    key_id: String,
}

impl<'a> Jws<'a> {
    /// Reads a token that has to be of this kind and signed with one of these algorithms.
    pub(crate) fn parse(raw: &'a str, kind: &'static TokenKind, algorithms: &[Algorithm]) -> Result<Self, SignInError> {
        if raw.len() > LIMIT {
            return Err(kind.malformed(format!("{} bytes, at most {LIMIT} are read", raw.len())));
        }
        let mut parts = raw.splitn(4, '.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(kind.malformed("not three parts"));
        };
        let (algorithm, key_id) = kind.accept_header(&kind.decode("header", header)?, algorithms)?;
        let signature = kind.decode("signature", signature)?;
        if signature.is_empty() {
            return Err(kind.malformed("no signature"));
        }
        let signed = &raw[..header.len() + 1 + payload.len()];
        Ok(Self { kind, signed, payload, signature, algorithm, key_id })
    }

    /// The `kid` of the header: which key to ask for. Chosen by whoever made the token.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The payload, when `key` has signed it with the algorithm of the header, and is a key for that algorithm.
    pub(crate) fn open(self, key: &Key) -> Result<Vec<u8>, SignInError> {
        let kind = self.kind;
        let verifier = key.verifier(self.algorithm).ok_or_else(|| {
            SignInError::new(
                kind.algorithm,
                format!("the key `{}` is not for {}", clean(&self.key_id, 60), self.algorithm),
            )
        })?;
        if verifier.verify_sig(self.signed.as_bytes(), &self.signature).is_err() {
            return Err(SignInError::new(kind.signature, "the signature does not fit"));
        }
        kind.decode("payload", self.payload)
    }
}

impl TokenKind {
    /// Only what is needed is looked at: `jwk`, `jku`, `x5u`, `x5c` and claims in the header lead nowhere (cases T3, T14).
    fn accept_header(&self, bytes: &[u8], algorithms: &[Algorithm]) -> Result<(Algorithm, String), SignInError> {
        let malformed = |detail: String| self.malformed(detail);
        let header = json::object(bytes).map_err(|detail| malformed(format!("header: {detail}")))?;
        let algorithm = self.accept_algorithm(&header, algorithms)?;
        // `crit`: nothing critical is understood. `enc`, `zip`: an encrypted token. `nonce`: an access token for Graph.
        if let Some(name) = ["crit", "enc", "zip", "nonce"].into_iter().find(|name| header.contains_key(*name)) {
            return Err(malformed(format!("`{name}` in the header")));
        }
        match json::optional_str(&header, "typ").map_err(malformed)? {
            Some(typ) if typ == self.typ => {}
            None if self.typ_is_optional => {}
            other => {
                let got = clean(other.unwrap_or("none at all"), 40);
                return Err(malformed(format!("typ: expected {}, got {got}", self.typ)));
            }
        }
        let key_id = json::required_str(&header, "kid").map_err(malformed)?;
        if key_id.is_empty() || key_id.len() > 256 {
            return Err(self.malformed("`kid` is empty or long"));
        }
        Ok((algorithm, key_id.to_owned()))
    }

    fn accept_algorithm(&self, header: &Object, algorithms: &[Algorithm]) -> Result<Algorithm, SignInError> {
        let refuse = |detail: String| SignInError::new(self.algorithm, detail);
        let name = json::optional_str(header, "alg").map_err(refuse)?.unwrap_or("none at all");
        algorithms.iter().copied().find(|algorithm| algorithm.as_str() == name).ok_or_else(|| {
            let expected: Vec<&str> = algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
            refuse(format!("expected {}, got {}", expected.join(" or "), clean(name, 40)))
        })
    }

    /// base64url without padding, and only its canonical form (case T20).
    fn decode(&self, part: &str, text: &str) -> Result<Vec<u8>, SignInError> {
        URL_SAFE_NO_PAD.decode(text).map_err(|_| self.malformed(format!("the {part} is not base64url without padding")))
    }

    fn malformed(&self, detail: impl AsRef<str>) -> SignInError {
        SignInError::new(self.malformed, detail)
    }
}
