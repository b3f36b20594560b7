//! A signer of ID tokens: one RSA key per process that is published, and one of a stranger's that is not.

use std::sync::OnceLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub(crate) const TENANT: &str = "8f1c1f6a-3b5e-4b9a-9a53-0c1d2e3f4a5b";
pub(crate) const OTHER_TENANT: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
pub(crate) const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
pub(crate) const CLIENT: &str = "b6c69a37-df96-4db0-9088-2ab96e1d8215";
pub(crate) const OID: &str = "9f4880d8-80ba-4c40-97bc-f7a23c703084";
pub(crate) const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

/// The tenants and the key of the recorded documents.
pub(crate) const B2C_TENANT: &str = "2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901";
pub(crate) const B2C_KEY: &str = "X5eXk4xyojNFum1kl2Ytv8dlNP4-c57dO6QGTVBwaNk";
pub(crate) const EXTERNAL_TENANT: &str = "3c4d5e6f-7081-4293-a4b5-c6d7e8f90112";

/// The issuer of a tenant in the public cloud.
pub(crate) fn issuer(tenant: &str) -> String {
    TEMPLATE.replace("{tenantid}", tenant)
}

pub(crate) struct Signer {
    pair: RsaKeyPair,
}

impl Signer {
    /// The key that Microsoft publishes, under several ids.
    pub(crate) fn published() -> &'static Self {
        static KEY: OnceLock<Signer> = OnceLock::new();
        KEY.get_or_init(Self::generate)
    }

    /// A key that nobody publishes.
    pub(crate) fn stranger() -> &'static Self {
        static KEY: OnceLock<Signer> = OnceLock::new();
        KEY.get_or_init(Self::generate)
    }

    fn generate() -> Self {
        Self { pair: RsaKeyPair::generate(KeySize::Rsa2048).unwrap() }
    }

    pub(crate) fn modulus(&self) -> Vec<u8> {
        self.pair.public_key().modulus().big_endian_without_leading_zero().to_vec()
    }

    pub(crate) fn exponent(&self) -> Vec<u8> {
        self.pair.public_key().exponent().big_endian_without_leading_zero().to_vec()
    }

    /// The public key as PKCS #1 DER.
    pub(crate) fn der(&self) -> Vec<u8> {
        self.pair.public_key().as_ref().to_vec()
    }

    /// A bare entry of a key list.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": encoded(self.modulus()), "e": encoded(self.exponent()) })
    }

    pub(crate) fn sign(&self, header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", encoded(header), encoded(payload));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", encoded(signature))
    }
}

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The key list of `common`, with the kinds of entries that are in the real one.
pub(crate) fn key_list() -> Value {
    let entry = |kid: &str, issuer: &str, cloud: &str| {
        let mut key = Signer::published().jwk(kid);
        key["x5t"] = json!(kid);
        key["issuer"] = json!(issuer);
        key["cloud_instance_name"] = json!(cloud);
        key
    };
    json!({ "keys": [
        entry("work", TEMPLATE, "microsoftonline.com"),
        entry("personal", &issuer(PERSONAL), "microsoftonline.com"),
        entry("gov", TEMPLATE, "microsoftonline.us"),
        entry("other", &issuer(OTHER_TENANT), "microsoftonline.com"),
        Signer::published().jwk("plain"),
    ] })
}

/// A recorded key list, as it is but for the numbers: these are our signer's, so that it can sign for each entry.
pub(crate) fn recorded_keys(text: &str) -> Value {
    let mut list: Value = serde_json::from_str(text).unwrap();
    for key in list["keys"].as_array_mut().unwrap() {
        key["n"] = json!(encoded(Signer::published().modulus()));
        key["e"] = json!(encoded(Signer::published().exponent()));
    }
    list
}

/// A token in the making: valid until something is changed.
#[derive(Clone)]
pub(crate) struct Forge {
    header: Value,
    claims: Value,
    signer: &'static Signer,
}

impl Forge {
    /// A work account's token as v2 endpoints issue them: backdated by five minutes, 65 minutes long.
    pub(crate) fn valid(now: i64, nonce: &str) -> Self {
        Self {
            header: json!({ "typ": "JWT", "alg": "RS256", "kid": "work" }),
            claims: json!({
                "aud": CLIENT, "iss": issuer(TENANT), "iat": now - 300, "nbf": now - 300, "exp": now + 3600,
                "name": "Adele Vance", "nonce": nonce, "oid": OID, "preferred_username": "adele@contoso.example",
                "rh": "0.AAAA.", "sub": "Y6YkBdHNNLHNmTKel9KhRz8wrasxdLRFiP14BRPWrn4", "tid": TENANT,
                "uti": "6nciX02SMki9k73-F1sZAA", "ver": "2.0",
            }),
            signer: Signer::published(),
        }
    }

    /// The same account's token as v1 endpoints issue them.
    pub(crate) fn v1(now: i64, nonce: &str) -> Self {
        Self::valid(now, nonce)
            .claim("iss", json!(format!("https://sts.windows.net/{TENANT}/")))
            .claim("ver", json!("1.0"))
            .claim("unique_name", json!("adele@contoso.example"))
            .claim("upn", json!("adele@contoso.example"))
            .claim("amr", json!(["pwd"]))
            .without("preferred_username")
    }

    /// A customer's token as External ID issues them.
    pub(crate) fn external_id(now: i64, nonce: &str) -> Self {
        Self::valid(now, nonce)
            .claim("tid", json!(EXTERNAL_TENANT))
            .claim("iss", json!(format!("https://{EXTERNAL_TENANT}.ciamlogin.com/{EXTERNAL_TENANT}/v2.0")))
    }

    /// A user's token as B2C issues them for the policy `B2C_1_susi`: no `tid`, `sub` is the object id.
    pub(crate) fn b2c(now: i64, nonce: &str) -> Self {
        Self {
            header: json!({ "typ": "JWT", "alg": "RS256", "kid": B2C_KEY }),
            claims: json!({
                "exp": now + 3600, "nbf": now, "ver": "1.0", "iss": format!("https://contoso.b2clogin.com/{B2C_TENANT}/v2.0/"),
                "sub": OID, "aud": CLIENT, "nonce": nonce, "iat": now, "auth_time": now, "idp": "live.com",
                "name": "Robin Counts", "oid": OID, "family_name": "Counts", "given_name": "Robin",
                "emails": ["robin@mail.example"], "tfp": "B2C_1_susi",
            }),
            signer: Signer::published(),
        }
    }

    /// The same account's token, of another tenant.
    pub(crate) fn of_tenant(self, tenant: &str) -> Self {
        self.claim("tid", json!(tenant)).claim("iss", json!(issuer(tenant)))
    }

    pub(crate) fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name).unwrap();
        self
    }

    pub(crate) fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    pub(crate) fn without_header(mut self, name: &str) -> Self {
        self.header.as_object_mut().unwrap().remove(name).unwrap();
        self
    }

    pub(crate) fn signed_by(mut self, signer: &'static Signer) -> Self {
        self.signer = signer;
        self
    }

    pub(crate) fn token(&self) -> String {
        self.signer.sign(&self.header.to_string(), &self.payload())
    }

    /// The claims as JSON text.
    pub(crate) fn payload(&self) -> String {
        self.claims.to_string()
    }

    /// Signs this text in place of the claims.
    pub(crate) fn with_payload(&self, payload: &str) -> String {
        self.signer.sign(&self.header.to_string(), payload)
    }

    /// Signs with this text as header.
    pub(crate) fn with_header(&self, header: &str) -> String {
        self.signer.sign(header, &self.payload())
    }
}
