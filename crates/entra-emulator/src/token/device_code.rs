//! `grant_type=urn:ietf:params:oauth:grant-type:device_code`, and `device_code` as older clients call it.

use crate::aadsts::Refusal;
use crate::version::Version;

use super::grant::Grant;
use super::success::Tokens;
use super::user_tokens::for_user;

/// Gives the tokens once, after somebody entered the code and signed in; v1 calls the device's secret `code`.
pub(super) fn redeem(grant: &Grant<'_>) -> Result<Tokens, Refusal> {
    let secret = grant.required(if grant.version == Version::V1 { "code" } else { "device_code" })?;
    let codes = &grant.call.service.grants.device_codes;
    let login = codes.redeem(secret, &grant.app.id, grant.segment, grant.call.now())?;
    let user = grant.user(&login)?;
    Ok(for_user(grant, user, &login, &login.scopes))
}
