//! What roles and groups give, and whose.

use entra_oidc::{AllowedTenants, Authority, Guid};

use crate::{
    errors::{Check, Finding},
    roles::{Named, Principal, RoleMap},
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let map = match settings.role_map() {
        Ok(map) => map,
        Err(finding) => return vec![finding],
    };
    let Ok(authority) = settings.authority() else { return Vec::new() };
    let allowed = settings.allowed_tenants().unwrap_or_default();
    let of_entries = map.entries().filter_map(|named| of_entry(named, &authority, &allowed));
    of_entries.chain(unreadable(settings, &map, &authority)).collect()
}

fn of_entry(named: &Named, authority: &Authority, allowed: &AllowedTenants) -> Option<Finding> {
    let find = |check, why: &str| Some(Finding::new(check, Some("role_map"), format!("`role_map`: `{named}` {why}.")));
    if !authority.has_directory() || authority.pinned_tenant() == Some(Guid::PERSONAL_ACCOUNTS) {
        return find(Check::RoleMapNobody, "counts for nothing where this authority signs users in");
    }
    match named.tenant {
        None if authority.is_multi_tenant() => {
            find(Check::RoleMapTenant, "names no tenant, and accounts of many tenants sign in")
        }
        Some(tenant) if !admits(authority, allowed, tenant) => {
            find(Check::RoleMapNobody, "names a tenant that cannot sign in")
        }
        _ => None,
    }
}

/// The groups of who is in very many have to be asked for, which `User.ReadBasic.All` does not allow.
fn unreadable(settings: &Settings, map: &RoleMap, authority: &Authority) -> Option<Finding> {
    let names_group = map.entries().any(|named| matches!(named.principal, Principal::Group(_)));
    let is_basic = |scope: &str| scope.rsplit('/').next() == Some("User.ReadBasic.All");
    let basic = match &settings.scopes {
        Some(scopes) => scopes.iter().all(|scope| is_basic(scope)),
        None => authority.default_scopes().iter().all(|scope| is_basic(scope)),
    };
    let cause = "`role_map` names a group, and no scope lets Microsoft Graph tell the groups of who is in very many.";
    let found = names_group && basic && authority.resource().is_none() && authority.has_graph();
    found.then(|| Finding::new(Check::GroupsUnreadable, Some("role_map"), cause))
}

/// In doubt, such as for a tenant that is named by its domain, yes.
fn admits(authority: &Authority, allowed: &AllowedTenants, tenant: Guid) -> bool {
    let listed = match allowed {
        AllowedTenants::Only(tenants) => tenants.contains(&tenant),
        _ => true,
    };
    listed && tenant != Guid::PERSONAL_ACCOUNTS && authority.pinned_tenant().is_none_or(|own| own == tenant)
}
