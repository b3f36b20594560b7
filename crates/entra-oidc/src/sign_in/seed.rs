use std::fmt;

use aws_lc_rs::{digest, hkdf};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::secret::{Secret, random_bytes, same};

/// 32 random bytes that belong to one attempt in one browser. Nonce and PKCE verifier are derived from them
/// (HKDF-SHA256, RFC 5869, one label each), so that neither has to be kept or sent anywhere else.
#[derive(Clone)]
pub struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    /// A new seed.
    #[must_use]
    pub fn random() -> Self {
        Self::from_bytes(random_bytes())
    }

    /// The seed with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads what [`Seed::to_base64url`] wrote: 43 characters. None for anything else.
    #[must_use]
    pub fn from_base64url(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        Some(Self::from_bytes(bytes.as_slice().try_into().ok()?))
    }

    /// The seed as 43 characters, for the attempt's cookie.
    #[must_use]
    pub fn to_base64url(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// SHA-256 of the seed: proves that a seed is the right one without telling it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        sha256(self.0.as_slice())
    }

    /// The nonce of this attempt.
    #[must_use]
    pub fn nonce(&self) -> Nonce {
        Nonce(self.derive("entra-oidc nonce v1"))
    }

    /// The PKCE verifier of this attempt.
    #[must_use]
    pub fn code_verifier(&self) -> CodeVerifier {
        CodeVerifier(self.derive("entra-oidc code verifier v1"))
    }

    fn derive(&self, label: &str) -> Secret {
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"").extract(self.0.as_slice());
        let mut bytes = Zeroizing::new([0; 32]);
        extracted
            .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(bytes.as_mut_slice()))
            .expect("HKDF gives 32 bytes for a short label");
        Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// Ties the ID token to the attempt (`OpenID` Connect Core section 3.1.2.1). 43 characters.
#[derive(Clone, Debug)]
pub struct Nonce(Secret);

impl Nonce {
    /// The text that is sent and comes back in the token.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether the token's claim is this nonce, compared in constant time.
    #[must_use]
    pub fn is(&self, claim: &str) -> bool {
        same(self.0.expose().as_bytes(), claim.as_bytes())
    }
}

/// Ties the code to the attempt (PKCE, RFC 7636). 43 characters.
#[derive(Clone, Debug)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// The text that goes to the token endpoint, and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is sent with the browser: `S256`, the only method we use (RFC 7636 section 4.2).
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(sha256(self.0.expose().as_bytes()))
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s8_nonce_and_verifier_follow_from_the_seed_and_differ() {
        let seed = Seed::from_bytes([7; 32]);
        assert_eq!(seed.nonce().expose(), Seed::from_bytes([7; 32]).nonce().expose());
        assert_ne!(seed.nonce().expose(), seed.code_verifier().expose());
        assert_ne!(seed.nonce().expose(), Seed::from_bytes([8; 32]).nonce().expose());
        assert_ne!(seed.code_verifier().expose(), seed.to_base64url().expose());
        assert_eq!(seed.nonce().expose().len(), 43);
        assert_eq!(seed.code_verifier().expose().len(), 43);
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = CodeVerifier(Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_seed_is_read_from_exactly_what_was_written() {
        let seed = Seed::random();
        let text = seed.to_base64url();
        assert_eq!(Seed::from_base64url(text.expose()).unwrap().digest(), seed.digest());
        for other in ["", "abc", &text.expose()[1..], &format!("{}=", text.expose()), &"+".repeat(43), &"-".repeat(44)]
        {
            assert!(Seed::from_base64url(other).is_none(), "{other}");
        }
    }

    #[test]
    fn z1_debug_shows_nothing() {
        let seed = Seed::from_bytes([7; 32]);
        let shown = format!("{seed:?} {:?} {:?}", seed.nonce(), seed.code_verifier());
        assert_eq!(shown, "Seed(…) Nonce(Secret(…)) CodeVerifier(Secret(…))");
    }
}
