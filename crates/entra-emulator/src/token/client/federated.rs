//! Federated identity credentials: another issuer's token proves the application.

use crate::aadsts::Refusal;
use crate::authority::issuer;
use crate::directory::FederatedCredential;
use crate::jws::{Algorithm, Jws};
use crate::managed_identity;
use crate::version::Version;
use crate::workload;

use super::claimed::Claimed;

pub(super) fn check(claimed: &Claimed<'_>, jws: &Jws<'_>, iss: &str) -> Result<(), Refusal> {
    let trusted = &claimed.app.federated_credentials;
    if trusted.is_empty() {
        return Err(Refusal::of(70025).about(&claimed.app.id));
    }
    if jws.algorithm() != Some(Algorithm::Rs256) {
        return Err(Refusal::of(50027).about("alg"));
    }
    let of_issuer: Vec<&FederatedCredential> = trusted.iter().filter(|trust| trust.issuer == iss).collect();
    if of_issuer.is_empty() {
        return Err(Refusal::of(700_211).about(iss));
    }
    if !of_issuer.iter().any(|trust| is_signed(claimed, jws, trust)) {
        return Err(Refusal::of(700_027).about("signature"));
    }
    claimed.is_in_time(jws)?;
    if is_own_tenant(claimed, iss) && jws.claim_text("oid") != jws.claim_text("sub") {
        return Err(Refusal::of(700_229));
    }
    matches(claimed, jws, &of_issuer)
}

/// Subject, then audience; each must be the very text.
fn matches(claimed: &Claimed<'_>, jws: &Jws<'_>, trusted: &[&FederatedCredential]) -> Result<(), Refusal> {
    let subject = jws.claim_text("sub").unwrap_or_default();
    let of_subject: Vec<_> = trusted.iter().filter(|trust| trust.subject == subject).collect();
    if of_subject.is_empty() {
        let nearly = trusted.iter().any(|trust| trust.subject.eq_ignore_ascii_case(subject));
        return Err(Refusal::of(if nearly { 7_002_138 } else { 700_213 }).about(subject));
    }
    let cloud = claimed.call.service.cloud;
    let audience = jws.audience().map(|audience| managed_identity::audience_name(cloud, audience));
    if of_subject.iter().any(|trust| audience == Some(trust.audience.as_str())) {
        return Ok(());
    }
    Err(Refusal::of(700_212).about(audience.unwrap_or("not exactly one audience")))
}

/// Whether a key of the issuer signed it. The emulator asks nobody over the network: an issuer is the emulator itself,
/// or its keys came with the credential.
fn is_signed(claimed: &Claimed<'_>, jws: &Jws<'_>, trust: &FederatedCredential) -> bool {
    let Some(kid) = jws.header_text("kid") else { return false };
    if let Some(keys) = trust.keys() {
        let mut named = keys.iter().filter(|key| key["kid"] == kid);
        return named.any(|key| jws.is_signed_by_jwk(Algorithm::Rs256, key));
    }
    let service = claimed.call.service;
    if trust.issuer == workload::issuer(service) {
        return service.keys.is_workload_signature(jws, kid);
    }
    is_own_tenant(claimed, &trust.issuer) && service.keys.is_work_signature(jws, kid)
}

/// Whether an issuer is the application's own tenant.
fn is_own_tenant(claimed: &Claimed<'_>, iss: &str) -> bool {
    iss == issuer(claimed.call.service.cloud, Version::V2, &claimed.app.tenant)
}
