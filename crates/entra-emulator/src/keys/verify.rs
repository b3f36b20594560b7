//! Tokens of the emulator that come back to it, and the keys of its workload issuer.

use serde_json::{Value, json};

use crate::jws::{Algorithm, Jws};

use super::Keys;
use super::material::{Holder, Material};
use super::signer::Signer;

impl Keys {
    /// Whether a key that is published for work accounts signed a token.
    pub(crate) fn is_work_signature(&self, jws: &Jws<'_>, kid: &str) -> bool {
        let keys = self.lists.with(|lists| {
            let keys = lists.older.iter().chain([&lists.signing]);
            keys.filter(|key| key.kid == kid).cloned().collect::<Vec<_>>()
        });
        keys.iter().any(|key| jws.is_signed_by(Algorithm::Rs256, &key.public_key()))
    }

    /// Whether the workload issuer's key signed a token.
    pub(crate) fn is_workload_signature(&self, jws: &Jws<'_>, kid: &str) -> bool {
        let key = self.key(Signer::Workload);
        key.kid == kid && jws.is_signed_by(Algorithm::Rs256, &key.public_key())
    }

    /// Whether a key of user flows signed a token.
    pub(crate) fn is_flow_signature(&self, jws: &Jws<'_>) -> bool {
        let keys = self.lists.with(|lists| lists.of_customers(Holder::UserFlows));
        keys.iter().any(|(key, _)| jws.is_signed_by(Algorithm::Rs256, &key.public_key()))
    }

    /// The workload issuer's key list, in the shape that Kubernetes publishes.
    pub(crate) fn workload(&self) -> Value {
        let key = self.key(Signer::Workload);
        let Material { kid, modulus, exponent, .. } = &*key;
        json!({ "keys": [{ "use": "sig", "kty": "RSA", "kid": kid, "alg": "RS256", "n": modulus, "e": exponent }] })
    }
}
