//! `grant_type=refresh_token`

use crate::aadsts::Refusal;
use crate::grants::Login;

use super::grant::Grant;
use super::success::Tokens;
use super::user_tokens::for_user;

/// Gives new tokens for a refresh token. It is bound to user and client, not to a resource or a tenant path; the old
/// one stays valid, unless the emulator was told to be strict. The new ID token has no nonce.
pub(super) fn refresh(grant: &Grant<'_>) -> Result<Tokens, Refusal> {
    let token = grant.required("refresh_token")?;
    // A request that is refused for what it asks uses no token up.
    if grant.asked()?.is_some_and(|asked| !asked.is_one_resource()) {
        return Err(Refusal::of(700_022));
    }
    let service = grant.call.service;
    let (login, issued) =
        service.grants.refresh(token, &grant.app.id, grant.segment, grant.call.now(), service.strict_refresh)?;
    let user = grant.user(&login)?;
    if issued < user.tokens_valid_from {
        return Err(Refusal::of(50173));
    }
    let scopes = grant.scopes(&login.scopes)?;
    Ok(for_user(grant, user, &Login { nonce: None, ..login }, &scopes))
}
