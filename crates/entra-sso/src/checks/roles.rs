//! What roles and groups give, and whose.

use entra_oidc::{AllowedTenants, Authority, Guid};

use crate::{
    errors::{Check, Finding},
    roles::Named,
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let map = match settings.role_map() {
        Ok(map) => map,
        Err(finding) => return vec![finding],
    };
    let Ok(authority) = settings.authority() else { return Vec::new() };
    let allowed = settings.allowed_tenants().unwrap_or_default();
    map.entries().filter_map(|named| of_entry(named, &authority, &allowed)).collect()
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

/// In doubt, such as for a tenant that is named by its domain, yes.
fn admits(authority: &Authority, allowed: &AllowedTenants, tenant: Guid) -> bool {
    let listed = match allowed {
        AllowedTenants::Only(tenants) => tenants.contains(&tenant),
        _ => true,
    };
    listed && tenant != Guid::PERSONAL_ACCOUNTS && authority.pinned_tenant().is_none_or(|own| own == tenant)
}
