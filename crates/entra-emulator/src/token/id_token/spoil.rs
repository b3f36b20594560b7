//! Faults in an ID token's claims.

use serde_json::{Value, json};

use crate::directory::User;
use crate::faults::Fault;
use crate::token::grant::Grant;

use super::{Claims, groups, put};

/// A tenant and an application that no directory has.
const ELSEWHERE: &str = "e15e0000-0000-4000-8000-0000000e15e0";

pub(super) fn claims(claims: &mut Claims, grant: &Grant<'_>, user: &User, faults: &[Fault]) {
    let cloud = grant.call.service.cloud;
    let now = grant.call.now();
    let nonce = claims.get("nonce").and_then(Value::as_str);
    let earlier = nonce.and_then(|nonce| grant.call.service.grants.last_nonce(&grant.app.id, nonce));
    for fault in faults {
        match fault {
            Fault::Claim(name, value) => put(claims, name, value.clone()),
            Fault::NoClaim(name) => {
                claims.remove(name);
            }
            Fault::WrongNonce => put(claims, "nonce", "another-nonce"),
            Fault::StaleNonce => put(claims, "nonce", earlier.as_deref().unwrap_or("nonce-of-an-earlier-sign-in")),
            Fault::WrongAudience => put(claims, "aud", ELSEWHERE),
            Fault::AudienceArray => put(claims, "aud", json!([grant.app.id])),
            Fault::WrongIssuer => put(claims, "iss", grant.segment.issuer_of(cloud, grant.version, ELSEWHERE)),
            Fault::IssuerSlash => {
                let iss = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
                let other = iss.strip_suffix('/').map_or_else(|| format!("{iss}/"), str::to_owned);
                put(claims, "iss", other);
            }
            Fault::WrongTenant => {
                put(claims, "iss", grant.segment.issuer_of(cloud, grant.version, ELSEWHERE));
                put(claims, "tid", ELSEWHERE);
            }
            Fault::ExpiredFor(seconds) => put(claims, "exp", now - seconds),
            Fault::NotBeforeIn(seconds) => put(claims, "nbf", now + seconds),
            Fault::GroupOverage => groups::overage(claims, user, cloud),
            _ => {}
        }
    }
}

/// The payload as text, with members that a map cannot hold twice.
pub(super) fn text(claims: &Claims, faults: &[Fault]) -> String {
    let mut text = Value::Object(claims.clone()).to_string();
    for fault in faults {
        if let Fault::ExtraClaim(name, value) = fault {
            text.pop();
            text = format!("{text},{}:{value}}}", Value::from(name.as_str()));
        }
    }
    text
}
