//! `private_key_jwt`: the application signs with the key of a certificate.

use crate::aadsts::Refusal;
use crate::certificate::Certificate;
use crate::directory::CertificateSubject;
use crate::jws::Jws;

use super::claimed::Claimed;

/// How long a strict emulator lets an assertion live, in seconds.
const LONGEST_LIFE: i64 = 600;

pub(super) fn check(claimed: &Claimed<'_>, jws: &Jws<'_>, issuer: &str) -> Result<(), Refusal> {
    let same = |id: &str| id.eq_ignore_ascii_case(&claimed.app.id);
    if !same(issuer) || !jws.claim_text("sub").is_some_and(same) {
        return Err(Refusal::of(700_021));
    }
    let algorithm = jws.algorithm().ok_or_else(|| Refusal::of(50027).about("alg"))?;
    let certificate = signer(claimed, jws)?;
    let now = claimed.call.now();
    let (start, end) = certificate.validity();
    if now < start || now > end {
        return Err(Refusal::of(1_000_502));
    }
    if !jws.is_signed_by(algorithm, certificate.public_key()) {
        return Err(Refusal::of(700_027).about("signature"));
    }
    if !jws.audience().is_some_and(|audience| claimed.is_own_endpoint(audience)) {
        return Err(Refusal::of(700_023).about("aud"));
    }
    claimed.is_in_time(jws)?;
    once(claimed, jws, now)
}

/// Strict only: Microsoft's own clients send one assertion again and again as long as it lives.
fn once(claimed: &Claimed<'_>, jws: &Jws<'_>, now: i64) -> Result<(), Refusal> {
    if !claimed.call.service.strict_assertions {
        return Ok(());
    }
    let id = jws.claim_text("jti").ok_or_else(|| Refusal::of(50027).about("jti"))?;
    let expires = jws.time("exp").ok().flatten().unwrap_or(now);
    if expires > now.saturating_add(LONGEST_LIFE) {
        return Err(Refusal::of(700_024).about("exp"));
    }
    if claimed.call.service.grants.assertions.is_new(&claimed.app.id, id, expires, now) {
        Ok(())
    } else {
        Err(Refusal::of(50013).error("invalid_client").about("jti"))
    }
}

/// The certificate that the header names: a registered one, or one in `x5c` whose name and authority are.
fn signer(claimed: &Claimed<'_>, jws: &Jws<'_>) -> Result<Certificate, Refusal> {
    let (sha256, sha1) = (jws.thumbprint("x5t#S256"), jws.thumbprint("x5t"));
    let named = |certificate: &Certificate| {
        sha256.as_ref().is_some_and(|thumbprint| *thumbprint == certificate.sha256())
            || sha256.is_none() && sha1.as_ref().is_some_and(|thumbprint| *thumbprint == certificate.sha1())
    };
    let registered = claimed.app.certificates.iter().find(|known| named(known.certificate()));
    if let Some(registered) = registered {
        if registered.is_revoked() {
            return Err(Refusal::of(7_000_214));
        }
        return Ok(registered.certificate().clone());
    }
    let chain: Vec<Certificate> = jws.certificates().iter().filter_map(|der| Certificate::from_der(der)).collect();
    let unknown = || Refusal::of(700_027).about("no certificate with this thumbprint");
    let subjects = &claimed.app.certificate_subjects;
    let leaf = chain.first().filter(|leaf| !subjects.is_empty() && named(leaf)).ok_or_else(unknown)?;
    let mut authorised = subjects.iter().filter(|subject| leaf.is_named(&subject.name)).peekable();
    if authorised.peek().is_none() {
        return Err(Refusal::of(700_030));
    }
    if authorised.any(|subject| comes_from(&chain, subject)) { Ok(leaf.clone()) } else { Err(unknown()) }
}

/// Whether the first certificate of a chain was issued by the authority, through others of the chain or directly.
fn comes_from(chain: &[Certificate], subject: &CertificateSubject) -> bool {
    let authority = subject.authority();
    let Some(mut current) = chain.first() else { return false };
    for _ in chain {
        if current.is_signed_by(authority) {
            return true;
        }
        match chain.iter().find(|other| *other != current && current.is_signed_by(other)) {
            Some(issuer) => current = issuer,
            None => return false,
        }
    }
    false
}
