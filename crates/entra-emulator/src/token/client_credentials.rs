//! `grant_type=client_credentials`

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::directory::PERSONAL_ACCOUNTS;
use crate::scope::Resource;
use crate::version::Version;

use super::access_token;
use super::grant::Grant;
use super::success::Tokens;

/// A token for the application itself. The tenant must be named and the scope be `{resource}/.default`.
pub(super) fn issue(grant: &Grant<'_>) -> Result<Tokens, Refusal> {
    grant.confidential_only()?;
    let tenant = match grant.segment {
        Segment::Tenant(id) if id != PERSONAL_ACCOUNTS => id,
        Segment::External(id) => id,
        Segment::Flow(_) => return Err(Refusal::of(70003).about("client_credentials")),
        _ => return Err(Refusal::of(9_001_023)),
    };
    let resource = resource(grant)?;
    let token = access_token::for_app(grant, tenant, resource.clone());
    Ok(Tokens::new(grant, token, &resource))
}

/// The `resource` of v1, or the one resource whose `.default` was asked for.
fn resource(grant: &Grant<'_>) -> Result<Resource, Refusal> {
    let (name, default_only) = match grant.version {
        Version::V1 => ("resource", false),
        Version::V2 => ("scope", true),
    };
    let scopes = grant.asked()?.ok_or_else(|| Refusal::missing(name))?;
    let is_default = scopes.permissions.iter().all(|permission| permission.name == ".default");
    if default_only && (scopes.permissions.is_empty() || !is_default) {
        return Err(Refusal::of(70011).about(grant.required(name)?));
    }
    if !scopes.is_one_resource() {
        return Err(Refusal::of(700_022));
    }
    Ok(scopes.resource())
}
