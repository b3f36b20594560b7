//! Faults in an ID token's claims.

use serde_json::{Value, json};

use crate::directory::User;
use crate::faults::Fault;
use crate::token::claims::Claims;
use crate::token::grant::Grant;

use super::groups;

/// A tenant and an application that no directory has.
const ELSEWHERE: &str = "e15e0000-0000-4000-8000-0000000e15e0";

pub(super) fn claims(claims: &mut Claims, grant: &Grant<'_>, user: &User, faults: &[Fault]) {
    let cloud = grant.call.service.cloud;
    let now = grant.call.now();
    let nonce = claims.text("nonce");
    let earlier = nonce.and_then(|nonce| grant.call.service.grants.last_nonce(&grant.app.id, nonce));
    for fault in faults {
        match fault {
            Fault::Claim(name, value) => claims.put(name, value),
            Fault::NoClaim(name) => claims.remove(name),
            Fault::WrongNonce => claims.put("nonce", "another-nonce"),
            Fault::StaleNonce => claims.put("nonce", earlier.as_deref().unwrap_or("nonce-of-an-earlier-sign-in")),
            Fault::WrongAudience => claims.put("aud", ELSEWHERE),
            Fault::AudienceArray => claims.put("aud", json!([grant.app.id])),
            Fault::WrongIssuer => claims.put("iss", grant.segment.issuer_of(cloud, grant.version, ELSEWHERE)),
            Fault::IssuerSlash => {
                let iss = claims.text("iss").unwrap_or_default();
                let other = iss.strip_suffix('/').map_or_else(|| format!("{iss}/"), str::to_owned);
                claims.put("iss", other);
            }
            Fault::WrongTenant => {
                claims.put("iss", grant.segment.issuer_of(cloud, grant.version, ELSEWHERE));
                claims.put("tid", ELSEWHERE);
            }
            Fault::ExpiredFor(seconds) => claims.put("exp", now - seconds),
            Fault::NotBeforeIn(seconds) => claims.put("nbf", now + seconds),
            Fault::GroupOverage => groups::overage(claims, user, cloud),
            _ => {}
        }
    }
}

/// The payload as text, with members that a map cannot hold twice.
pub(super) fn payload(claims: Claims, faults: &[Fault]) -> String {
    let mut text = claims.payload();
    for fault in faults {
        if let Fault::ExtraClaim(name, value) = fault {
            text.pop();
            text = format!("{text},{}:{value}}}", Value::from(name.as_str()));
        }
    }
    text
}
