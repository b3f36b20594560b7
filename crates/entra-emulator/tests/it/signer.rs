//! Keys of clients, their certificates, and the tokens that they sign.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256, date_time_ymd};
use rustls_pki_types::PrivatePkcs8KeyDer;
use serde_json::{Value, json};

/// A private key with a certificate.
pub(crate) struct Signer {
    name: String,
    pkcs8: Vec<u8>,
    pub(crate) pem: String,
    pub(crate) der: Vec<u8>,
}

impl Signer {
    /// Key number `index` of this process, with a self-signed certificate for 2026 to 2031.
    pub(crate) fn new(index: usize, name: &str) -> Self {
        Self::valid(index, name, 2026, 2031)
    }

    /// The same, valid from the beginning of one year to the beginning of another.
    pub(crate) fn valid(index: usize, name: &str, from: i32, until: i32) -> Self {
        let pkcs8 = key(index);
        let certificate = parameters(name, from, until).self_signed(&pair(&pkcs8)).expect("a certificate");
        Self::with(name, pkcs8, &certificate)
    }

    /// Key number `index` with a certificate that this one issued.
    pub(crate) fn issue(&self, index: usize, name: &str) -> Self {
        let pkcs8 = key(index);
        let authority = Issuer::new(parameters(&self.name, 2026, 2031), pair(&self.pkcs8));
        let certificate = parameters(name, 2026, 2031).signed_by(&pair(&pkcs8), &authority).expect("a certificate");
        Self::with(name, pkcs8, &certificate)
    }

    fn with(name: &str, pkcs8: Vec<u8>, certificate: &rcgen::Certificate) -> Self {
        let der = certificate.der().to_vec();
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines(&der));
        Self { name: name.to_owned(), pkcs8, pem, der }
    }

    /// The private key as PEM.
    pub(crate) fn key_pem(&self) -> String {
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines(&self.pkcs8))
    }

    pub(crate) fn sha1(&self) -> Vec<u8> {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref().to_vec()
    }

    pub(crate) fn sha256(&self) -> Vec<u8> {
        digest(&SHA256, &self.der).as_ref().to_vec()
    }

    /// A key list with this key.
    pub(crate) fn jwks(&self, kid: &str) -> String {
        let pair = RsaKeyPair::from_pkcs8(&self.pkcs8).expect("a key");
        let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
        let text = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
        let (n, e) = (text(n.big_endian_without_leading_zero()), text(e.big_endian_without_leading_zero()));
        json!({ "keys": [{ "kty": "RSA", "kid": kid, "n": n, "e": e }] }).to_string()
    }

    /// Signs as the header's `alg` says; `none` and unknown ones get an empty signature.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let pair = RsaKeyPair::from_pkcs8(&self.pkcs8).expect("a key");
        let mut signature = vec![0; pair.public_modulus_len()];
        let random = SystemRandom::new();
        match header["alg"].as_str() {
            Some("PS256") => pair.sign(&RSA_PSS_SHA256, &random, signed.as_bytes(), &mut signature).expect("signs"),
            Some("RS256") => pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).expect("signs"),
            _ => signature.clear(),
        }
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A member of `x5c`.
pub(crate) fn x5c(signer: &Signer) -> String {
    STANDARD.encode(&signer.der)
}

fn lines(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("text")).collect();
    lines.join("\n")
}

fn parameters(name: &str, from: i32, until: i32) -> CertificateParams {
    let mut parameters = CertificateParams::new(vec![format!("{name}.example")]).expect("parameters");
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = date_time_ymd(from, 1, 1);
    parameters.not_after = date_time_ymd(until, 1, 1);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

fn pair(pkcs8: &[u8]) -> KeyPair {
    KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(pkcs8), &PKCS_RSA_SHA256).expect("a key")
}

/// Making a key takes long, so tests share them.
fn key(index: usize) -> Vec<u8> {
    static KEYS: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    while keys.len() <= index {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().expect("PKCS#8");
        keys.push(pkcs8.as_ref().to_vec());
    }
    keys[index].clone()
}
