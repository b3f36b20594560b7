//! Keys and certificates made for the tests, once in a process.

use std::sync::OnceLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};

/// The application's key.
pub(crate) fn key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(rsa)
}

/// Another RSA key.
pub(crate) fn other_key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(rsa)
}

fn rsa() -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap()
}

pub(crate) fn elliptic() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap()
}

/// A certificate in the making.
pub(crate) struct Papers {
    params: CertificateParams,
}

impl Papers {
    /// Valid in the whole of 2026.
    pub(crate) fn of(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2027, 1, 1));
        Self { params }
    }

    pub(crate) fn valid(mut self, from: i32, until: i32) -> Self {
        (self.params.not_before, self.params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        self
    }

    pub(crate) fn authority(mut self) -> Self {
        self.params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self
    }

    pub(crate) fn self_signed(&self, key: &KeyPair) -> String {
        block("CERTIFICATE", self.params.self_signed(key).unwrap().der())
    }

    /// Issued by these papers and their key.
    pub(crate) fn signed_by(&self, key: &KeyPair, issuer: &Self, issuer_key: &KeyPair) -> String {
        let issuer = Issuer::from_params(&issuer.params, issuer_key);
        block("CERTIFICATE", self.params.signed_by(key, &issuer).unwrap().der())
    }
}

/// The key as PKCS #8.
pub(crate) fn pkcs8_pem(key: &KeyPair) -> String {
    block("PRIVATE KEY", &key.serialize_der())
}

/// The key as PKCS #1: what PKCS #8 wraps, which for RSA begins after 26 bytes.
pub(crate) fn pkcs1_pem(key: &KeyPair) -> String {
    block("RSA PRIVATE KEY", &key.serialize_der()[26..])
}

/// The certificate and its key in one PEM.
pub(crate) fn with_key(certificate: &str, key: &KeyPair) -> String {
    format!("{certificate}{}", pkcs8_pem(key))
}

/// Bytes as PEM.
fn block(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The bytes of the first block.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().skip(1).take_while(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}
