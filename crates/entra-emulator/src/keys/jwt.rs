//! Signed tokens.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::chance;
use crate::faults::Fault;

use super::Keys;
use super::material::Material;
use super::signer::Signer;

/// What a token's header has beside `typ`, `alg` and `kid`.
#[derive(Default)]
struct Extra {
    x5t: bool,
    /// The header's `nonce`; what is signed has its hash instead, so that only Graph can verify it.
    nonce: Option<String>,
}

impl Keys {
    /// Signs a payload (a JSON text) and applies the faults that belong to the token's outer form.
    pub(crate) fn sign(&self, signer: Signer, payload: &str, faults: &[Fault]) -> String {
        sign_with(&self.key(signer_of(signer, faults)), payload, &Extra::default(), faults)
    }

    /// The same in v1 form: the header has `x5t` too.
    pub(crate) fn sign_v1(&self, signer: Signer, payload: &str, faults: &[Fault]) -> String {
        sign_with(&self.key(signer_of(signer, faults)), payload, &Extra { x5t: true, nonce: None }, faults)
    }

    /// A token in v1 form for Microsoft Graph.
    pub(crate) fn sign_for_graph(&self, payload: &str) -> String {
        let extra = Extra { x5t: true, nonce: Some(chance::text::<32>()) };
        sign_with(&self.key(Signer::Work), payload, &extra, &[])
    }
}

fn signer_of(signer: Signer, faults: &[Fault]) -> Signer {
    faults.iter().fold(signer, |signer, fault| match fault {
        Fault::UnknownKey => Signer::Unknown,
        Fault::PersonalAccountsKey => Signer::Personal,
        Fault::GovernmentKey => Signer::Government,
        _ => signer,
    })
}

fn sign_with(key: &Material, payload: &str, extra: &Extra, faults: &[Fault]) -> String {
    let mut header = Map::new();
    header.insert("typ".to_owned(), json!("JWT"));
    header.insert("alg".to_owned(), json!(algorithm(faults)));
    header.insert("kid".to_owned(), json!(key.kid));
    if extra.x5t {
        header.insert("x5t".to_owned(), json!(key.kid));
    }
    for fault in faults {
        if let Fault::Header(name, value) = fault {
            header.insert(name.clone(), value.clone());
        }
    }
    let payload = URL_SAFE_NO_PAD.encode(payload);
    let Some(nonce) = &extra.nonce else {
        let text = format!("{}.{payload}", encode(header));
        let signature = signature(key, &text, faults);
        return format!("{text}.{signature}");
    };
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, nonce.as_bytes());
    let mut inner = header.clone();
    inner.insert("nonce".to_owned(), json!(URL_SAFE_NO_PAD.encode(digest)));
    header.insert("nonce".to_owned(), json!(nonce));
    let signature = key.sign(&format!("{}.{payload}", encode(inner)));
    format!("{}.{payload}.{signature}", encode(header))
}

fn algorithm(faults: &[Fault]) -> &'static str {
    if faults.contains(&Fault::AlgNone) {
        return "none";
    }
    if faults.contains(&Fault::AlgHs256) {
        return "HS256";
    }
    "RS256"
}

fn signature(key: &Material, signed: &str, faults: &[Fault]) -> String {
    if faults.contains(&Fault::AlgNone) {
        return String::new();
    }
    if faults.contains(&Fault::AlgHs256) {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public_pem.as_bytes());
        return URL_SAFE_NO_PAD.encode(hmac::sign(&secret, signed.as_bytes()));
    }
    let signature = key.sign(signed);
    if !faults.contains(&Fault::BadSignature) {
        return signature;
    }
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    if let Some(first) = bytes.get_mut(17) {
        *first ^= 1;
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn encode(header: Map<String, Value>) -> String {
    URL_SAFE_NO_PAD.encode(Value::Object(header).to_string())
}
