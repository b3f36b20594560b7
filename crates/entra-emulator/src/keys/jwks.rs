//! The key list as it is served.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use crate::authority::{Segment, issuer};
use crate::cloud::Cloud;
use crate::directory::PERSONAL_ACCOUNTS;
use crate::version::Version;

use super::material::{Holder, Material};

/// `nbf` of every user flow's key: 2026-01-01.
const VALID_FROM: i64 = 1_767_225_600;

/// One key. There is no `alg`; `kid` and `x5t` are the same.
#[derive(Serialize)]
struct Jwk<'a> {
    kty: &'static str,
    r#use: &'static str,
    kid: &'a str,
    x5t: &'a str,
    n: &'a str,
    e: &'a str,
    x5c: [&'a str; 1],
    #[serde(flatten)]
    home: Option<Home>,
}

/// Whose tokens a key may sign; v1's list says nothing of it.
#[derive(Serialize)]
struct Home {
    cloud_instance_name: &'static str,
    issuer: String,
}

/// The list of a tenant segment. Personal accounts have no v1, and their keys are not in its list (as recorded in
/// 2024-07: v1 has the keys of work accounts and the government's, v2 these and the personal accounts').
pub(super) fn document(cloud: Cloud, version: Version, segment: &Segment, keys: &[(Arc<Material>, Holder)]) -> Value {
    let keys: Vec<Jwk<'_>> = keys
        .iter()
        .filter(|(_, holder)| version == Version::V2 || *holder != Holder::Personal)
        .map(|(material, holder)| {
            let issuer = match holder {
                Holder::Customers => segment.issuer(cloud, version),
                Holder::Personal => issuer(cloud, version, PERSONAL_ACCOUNTS),
                _ => issuer(cloud, version, "{tenantid}"),
            };
            jwk(cloud, version, material, *holder, issuer)
        })
        .collect();
    json!({ "keys": keys })
}

/// The list of a user flow: these six members and no other.
pub(super) fn user_flow(keys: &[(Arc<Material>, Holder)]) -> Value {
    let key = |(material, _): &(Arc<Material>, Holder)| {
        json!({
            "kid": material.kid,
            "nbf": VALID_FROM,
            "use": "sig",
            "kty": "RSA",
            "e": material.exponent,
            "n": material.modulus,
        })
    };
    json!({ "keys": keys.iter().map(key).collect::<Vec<_>>() })
}

/// The government's key carries the public cloud's issuer and its own cloud name, as it does in the public list.
fn jwk(cloud: Cloud, version: Version, material: &Material, holder: Holder, issuer: String) -> Jwk<'_> {
    let named = if holder == Holder::Government { Cloud::UsGovernment } else { cloud };
    Jwk {
        kty: "RSA",
        r#use: "sig",
        kid: &material.kid,
        x5t: &material.kid,
        n: &material.modulus,
        e: material.exponent,
        x5c: [&material.certificate],
        home: (version == Version::V2).then(|| Home { cloud_instance_name: named.instance_name(), issuer }),
    }
}
