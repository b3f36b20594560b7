//! One key of each type that is published, and one of each that is a stranger's.

use std::sync::OnceLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair},
};
use entra_oidc::Algorithm;
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};

use crate::signer::encoded;

pub(crate) struct Keys {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
}

pub(crate) fn ours() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(Keys::generate)
}

pub(crate) fn stranger() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(Keys::generate)
}

/// Our list: keys that name their algorithm, and keys that do not.
pub(crate) fn published() -> Value {
    let named = |kid: &str, algorithm: &str| with(ours().rsa_jwk(kid), "alg", algorithm);
    json!({ "keys": [
        ours().rsa_jwk("rsa"), named("rs", "RS256"), named("ps", "PS256"),
        ours().ec_jwk("ec"), with(ours().ec_jwk("es"), "alg", "ES256"),
    ] })
}

fn with(mut jwk: Value, name: &str, value: &str) -> Value {
    jwk[name] = json!(value);
    jwk
}

impl Keys {
    fn generate() -> Self {
        Self {
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
            ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
        }
    }

    pub(crate) fn rsa_jwk(&self, kid: &str) -> Value {
        let key = self.rsa.public_key();
        let number = |bytes: &[u8]| encoded(bytes);
        json!({ "kty": "RSA", "use": "sig", "kid": kid,
            "n": number(key.modulus().big_endian_without_leading_zero()),
            "e": number(key.exponent().big_endian_without_leading_zero()) })
    }

    pub(crate) fn ec_jwk(&self, kid: &str) -> Value {
        let point = self.ec.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid,
            "x": encoded(&point[1..33]), "y": encoded(&point[33..]) })
    }

    /// The RSA key as PKCS #8.
    #[cfg(feature = "reqwest")]
    pub(crate) fn rsa_pkcs8(&self) -> Vec<u8> {
        aws_lc_rs::encoding::AsDer::as_der(&self.rsa).unwrap().as_ref().to_vec()
    }

    /// Signs with this algorithm, whatever the header says.
    pub(crate) fn sign(&self, algorithm: Algorithm, header: &Value, claims: &Value) -> String {
        self.sign_text(algorithm, &header.to_string(), &claims.to_string())
    }

    pub(crate) fn sign_text(&self, algorithm: Algorithm, header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", encoded(header), encoded(payload));
        let random = SystemRandom::new();
        let rsa = |padding| {
            let mut signature = vec![0; self.rsa.public_modulus_len()];
            self.rsa.sign(padding, &random, signed.as_bytes(), &mut signature).unwrap();
            signature
        };
        let signature = match algorithm {
            Algorithm::Ps256 => rsa(&RSA_PSS_SHA256),
            Algorithm::Es256 => self.ec.sign(&random, signed.as_bytes()).unwrap().as_ref().to_vec(),
            _ => rsa(&RSA_PKCS1_SHA256),
        };
        format!("{signed}.{}", encoded(signature))
    }

    /// The public key for the oracle.
    pub(crate) fn decoding(&self, algorithm: Algorithm) -> DecodingKey {
        let jwk = if algorithm == Algorithm::Es256 { self.ec_jwk("k") } else { self.rsa_jwk("k") };
        DecodingKey::from_jwk(&serde_json::from_value(jwk).unwrap()).unwrap()
    }
}
