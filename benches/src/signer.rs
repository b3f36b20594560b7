//! A key that signs ID tokens as Microsoft does, and the key list that names it.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeySize, PublicKey},
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The key's name.
pub const KEY_ID: &str = "bench-key";

/// An RSA-2048 key.
pub struct Signer(RsaKeyPair);

impl Signer {
    /// A new key.
    ///
    /// # Panics
    /// When the machine has no randomness.
    #[must_use]
    pub fn new() -> Signer {
        Signer(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    /// The public key as aws-lc-rs reads it: PKCS#1 DER.
    ///
    /// # Panics
    /// Never for a key that was just made.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.public().as_ref().to_vec()
    }

    /// The key list of a v2 tenant.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn key_list(&self, issuer: &str) -> Vec<u8> {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = json!({
            "kty": "RSA", "use": "sig", "kid": KEY_ID, "x5t": KEY_ID,
            "n": part(self.public().modulus().big_endian_without_leading_zero()),
            "e": part(self.public().exponent().big_endian_without_leading_zero()),
            "issuer": issuer, "cloud_instance_name": "microsoftonline.com",
        });
        json!({ "keys": [key] }).to_string().into_bytes()
    }

    /// A signed token, and what was signed.
    ///
    /// # Panics
    /// When signing fails, which it does not.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": KEY_ID });
        let input = [header.to_string(), claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).expect("signed");
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn public(&self) -> &PublicKey {
        self.0.public_key()
    }
}

impl Default for Signer {
    fn default() -> Signer {
        Signer::new()
    }
}
