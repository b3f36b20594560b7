//! `client_assertion`: a signed token in the place of a secret (RFC 7523).

use crate::aadsts::Refusal;
use crate::call::Call;
use crate::jws::Jws;

use super::claimed::Claimed;
use super::{certificate, federated};

/// The only type that there is.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The assertion of a request, when there is one.
pub(super) fn read<'a>(call: &'a Call<'_>) -> Result<Option<&'a str>, Refusal> {
    let (assertion, kind) = (call.form.get("client_assertion"), call.form.get("client_assertion_type"));
    match (assertion, kind) {
        (Some(_), None) => Err(Refusal::missing("client_assertion_type")),
        (Some(_), Some(kind)) if kind != JWT_BEARER => Err(Refusal::of(90023).about("client_assertion_type")),
        (assertion, _) => Ok(assertion),
    }
}

/// Whose assertion it is: an application signs as itself (its client id is the issuer), everybody else is another
/// identity provider.
pub(super) fn check(claimed: &Claimed<'_>, text: &str) -> Result<(), Refusal> {
    let jws = Jws::parse(text).ok_or_else(|| Refusal::of(50027).about("client_assertion"))?;
    let issuer = jws.claim_text("iss").ok_or_else(|| Refusal::of(50027).about("iss"))?;
    if uuid::Uuid::try_parse(issuer).is_ok() {
        certificate::check(claimed, &jws, issuer)
    } else {
        federated::check(claimed, &jws, issuer)
    }
}
