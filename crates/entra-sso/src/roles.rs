//! What a session may claim for its user: app roles and groups that an administrator gave him.

mod named;
mod role_map;
#[cfg(test)]
mod tests;

use std::fmt;

use entra_oidc::{Authority, Claims, Groups, Guid};
use serde::{Deserialize, Serialize};

pub(crate) use self::{
    named::{Named, Principal},
    role_map::{Permissions, RoleMap},
};

/// A session keeps this many groups, which is more than any token has (200). The rest is left out, and
/// [`Roles::is_complete`] says so.
const MOST_GROUPS: usize = 1_000;

/// The app roles and groups of a session's user, as far as they count.
///
/// 1. They count when the user's tenant is the one tenant of the authority (Entra ID, External ID). Where many tenants
///    sign in, every one of their administrators can make a role and give it to himself: there only names that begin with
///    a tenant count, `{tenant}/Admin`.
/// 2. Personal accounts, B2C and standard providers have none, whatever their tokens say.
/// 3. Role names are compared letter for letter. Groups are known by their object ids; a group's name means nothing.
/// 4. A user of more groups than a token holds is looked up in Microsoft Graph at sign-in. Groups that are not known
///    ([`Roles::is_complete`]) are groups that he is not in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "roles is what they are called")]
pub struct Roles {
    tenant: Option<Guid>,
    pinned: bool,
    roles: Vec<String>,
    /// Sorted, each once.
    groups: Vec<Guid>,
    complete: bool,
}

impl Roles {
    /// Roles and groups that are given in `tenant`. `pinned`: it is the only tenant whose accounts sign in.
    pub(crate) fn new(tenant: Guid, pinned: bool, roles: impl IntoIterator<Item = String>, groups: Vec<Guid>) -> Roles {
        let roles = roles.into_iter().collect();
        Roles { tenant: Some(tenant), pinned, roles, groups: Vec::new(), complete: true }.with_groups(groups)
    }

    /// Of somebody who can have none.
    pub(crate) fn nobodys() -> Roles {
        Roles { complete: true, ..Roles::default() }
    }

    /// What a token says, by the authority that vouches for it. Incomplete when the token has no room for the groups.
    pub(crate) fn of_token(authority: &Authority, claims: &Claims) -> Roles {
        let tenant = claims.tenant_id().filter(|tenant| *tenant != Guid::PERSONAL_ACCOUNTS);
        let Some(tenant) = tenant.filter(|_| authority.has_directory()) else { return Roles::nobodys() };
        let roles = claims.roles().into_iter().map(str::to_owned);
        let (groups, complete) = match claims.groups() {
            Groups::Listed(groups) => (groups.iter().filter_map(|group| Guid::parse(group).ok()).collect(), true),
            Groups::Overage => (Vec::new(), false),
            _ => (Vec::new(), true),
        };
        let known = Roles::new(tenant, !authority.is_multi_tenant(), roles, groups);
        Roles { complete: complete && known.complete, ..known }
    }

    /// The same with these groups, as many as a session keeps.
    pub(crate) fn with_groups(mut self, mut groups: Vec<Guid>) -> Roles {
        groups.sort_unstable();
        groups.dedup();
        self.complete = groups.len() <= MOST_GROUPS;
        groups.truncate(MOST_GROUPS);
        self.groups = groups;
        self
    }

    /// Whether the user has this app role: `Admin`, or `{tenant}/Admin` with the tenant's GUID.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        let (tenant, role) = Named::split(role);
        self.speaks_of(tenant) && self.roles.iter().any(|held| held == role)
    }

    /// Whether the user is in this group: its object id, or `{tenant}/{object id}`.
    #[must_use]
    pub fn has_group(&self, group: &str) -> bool {
        let (tenant, group) = Named::split(group);
        Guid::parse(group).is_ok_and(|group| self.speaks_of(tenant) && self.groups.binary_search(&group).is_ok())
    }

    /// The roles, each as [`Roles::has_role`] takes it: with the tenant in front where that is needed.
    pub fn roles(&self) -> impl Iterator<Item = String> {
        self.roles.iter().filter_map(|role| self.name(role))
    }

    /// The groups, each as [`Roles::has_group`] takes it.
    pub fn groups(&self) -> impl Iterator<Item = String> {
        self.groups.iter().filter_map(|group| self.name(group))
    }

    /// The tenant whose administrators gave them.
    #[must_use]
    pub const fn tenant(&self) -> Option<Guid> {
        self.tenant
    }

    /// Whether all groups are known. `false` when Microsoft Graph could not be asked for them, or when there are more than
    /// a session keeps (1,000): the user may be in further groups, and counts as not being in them.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the user has what an entry of `role_map` or a guard names.
    pub(crate) fn has(&self, named: &Named) -> bool {
        self.speaks_of(named.tenant)
            && match &named.principal {
                Principal::Role(role) => self.roles.contains(role),
                Principal::Group(group) => self.groups.binary_search(group).is_ok(),
            }
    }

    /// Whether a name with this tenant in front speaks of these at all; without one, it speaks of the pinned tenant.
    fn speaks_of(&self, tenant: Option<Guid>) -> bool {
        match (tenant, self.tenant) {
            (Some(named), Some(own)) => named == own,
            (None, Some(_)) => self.pinned,
            (_, None) => false,
        }
    }

    fn name(&self, what: impl fmt::Display) -> Option<String> {
        let tenant = self.tenant?;
        Some(if self.pinned { what.to_string() } else { format!("{tenant}/{what}") })
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roles")
            .field("tenant", &self.tenant)
            .field("pinned", &self.pinned)
            .field("roles", &self.roles)
            .field("groups", &self.groups.len())
            .field("complete", &self.complete)
            .finish()
    }
}
