//! `grant_type=authorization_code`

use crate::aadsts::Refusal;
use crate::grants::Code;
use crate::pkce;

use super::grant::Grant;
use super::success::Tokens;
use super::user_tokens::for_user;

/// Redeems a code once, for the client, the tenant path, the redirect URI and the verifier that it was made for.
pub(super) fn redeem(grant: &Grant<'_>) -> Result<Tokens, Refusal> {
    let code = grant.required("code")?;
    let redirect_uri = grant.required("redirect_uri")?;
    let verifier = grant.call.form.get("code_verifier");
    let service = grant.call.service;
    let now = grant.call.now();
    let login = service.grants.redeem(code, now, |code: &Code| {
        if code.login.app != grant.app.id {
            return Err(Refusal::of(70000));
        }
        if code.login.segment != *grant.segment {
            return Err(Refusal::of(700_005));
        }
        if code.redirect_uri != redirect_uri {
            return Err(Refusal::of(50011).error("invalid_grant"));
        }
        pkce::verify(code.challenge.as_ref(), verifier)
    })?;
    let user = grant.user(&login)?;
    let scopes = grant.scopes(&login.scopes)?;
    Ok(for_user(grant, user, &login, &scopes))
}
