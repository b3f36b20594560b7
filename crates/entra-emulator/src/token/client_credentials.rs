//! `grant_type=client_credentials`

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::directory::PERSONAL_ACCOUNTS;
use crate::grants::Access;
use crate::scope::Scopes;

use super::access_token::{self, LIFE};
use super::grant::Grant;
use super::success::Tokens;

/// A token for the application itself. The tenant must be named and the scope be `{resource}/.default`.
pub(super) fn issue(grant: &Grant<'_>) -> Result<Tokens, Refusal> {
    let tenant = match grant.segment {
        Segment::Tenant(id) if id != PERSONAL_ACCOUNTS => id,
        Segment::External(id) => id,
        Segment::Flow(_) => return Err(Refusal::of(70003).about("client_credentials")),
        _ => return Err(Refusal::of(9_001_023)),
    };
    let scope = grant.required("scope")?;
    let scopes = Scopes::parse(scope, grant.call.service.cloud, grant.directory)?;
    if scopes.permissions.is_empty() || scopes.permissions.iter().any(|permission| permission.name != ".default") {
        return Err(Refusal::of(70011).about(scope));
    }
    if !scopes.is_one_resource() {
        return Err(Refusal::of(700_022));
    }
    let resource = scopes.resource();
    let token = access_token::for_app(grant, tenant, &resource);
    let now = grant.call.now();
    let access = Access { login: None, tenant: tenant.clone(), resource, expires: now + LIFE };
    grant.call.service.grants.add_access(&token, access, now);
    Ok(Tokens::bare(token))
}
