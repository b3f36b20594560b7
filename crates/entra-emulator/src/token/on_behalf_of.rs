//! `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`: an API calls another one for its caller's user.

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::consent;
use crate::grants::{Access, Login};
use crate::jws::Jws;
use crate::scope::Resource;

use super::grant::Grant;
use super::success::Tokens;
use super::user_tokens::for_user;

/// Exchanges an access token for this application, of a user, for one of another resource.
pub(super) fn exchange(grant: &Grant<'_>) -> Result<Tokens, Refusal> {
    grant.confidential_only()?;
    let assertion = grant.required("assertion")?;
    match grant.required("requested_token_use")? {
        "on_behalf_of" => {}
        other => return Err(Refusal::of(90023).about(other)),
    }
    let login = caller(grant, assertion)?;
    let user = grant.user(&login)?;
    if matches!(grant.segment, Segment::Tenant(id) if *id != user.tenant) {
        return Err(Refusal::of(50020).about(user.signs_in_as()));
    }
    let scopes = grant.asked()?.ok_or_else(|| Refusal::missing("scope"))?;
    if !scopes.is_one_resource() {
        return Err(Refusal::of(700_022));
    }
    if !consent::missing(grant.call.service, grant.app, &scopes, user).is_empty() {
        return Err(Refusal::of(65001).error("invalid_grant").suberror("consent_required"));
    }
    let login = Login { app: grant.app.id.clone(), scopes: scopes.clone(), nonce: None, ..login };
    Ok(for_user(grant, user, &login, &scopes))
}

/// The sign-in that an access token comes from.
fn caller(grant: &Grant<'_>, assertion: &str) -> Result<Login, Refusal> {
    let grants = &grant.call.service.grants;
    let now = grant.call.now();
    let Some(Access { login, resource, expires, .. }) = grants.given_access(assertion) else {
        return Err(Refusal::of(if is_id_token(assertion) { 240_002 } else { 50013 }));
    };
    if !matches!(resource, Resource::App(id) if id == grant.app.id) {
        return Err(Refusal::of(500_131));
    }
    if expires <= now {
        return Err(Refusal::of(500_133));
    }
    let login = login.ok_or_else(|| Refusal::of(7_000_114).about(&grant.app.id))?;
    if grants.access(assertion, now).is_none() {
        return Err(Refusal::of(50173));
    }
    Ok(login)
}

/// Access tokens name the client that they were given to, ID tokens do not.
fn is_id_token(text: &str) -> bool {
    Jws::parse(text).is_some_and(|jws| jws.claim_text("azp").is_none() && jws.claim_text("appid").is_none())
}
