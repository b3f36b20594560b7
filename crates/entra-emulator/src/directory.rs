//! Who and what exists: tenants, applications, users, groups.

mod app;
mod audience;
mod b2c;
mod certificate;
mod error;
mod federated;
mod group;
mod handle;
mod managed_identity;
mod redirect_uri;
mod tenant;
mod toml;
mod user;
mod validate;

pub use self::app::{App, AppRole, AppSecret, RoleAssignment};
pub use self::audience::Audience;
pub use self::b2c::{B2c, PolicyClaim, UserFlow, UserFlowKind};
pub use self::certificate::{AppCertificate, CertificateSubject};
pub use self::error::DirectoryError;
pub use self::federated::FederatedCredential;
pub use self::group::Group;
pub use self::handle::DirectoryHandle;
pub use self::managed_identity::ManagedIdentity;
pub(crate) use self::redirect_uri::matches as redirect_uri_matches;
pub(crate) use self::tenant::PERSONAL_ACCOUNTS;
pub use self::tenant::{Tenant, TenantKind};
pub use self::user::{Photo, User, UserKind};

/// Tenants, applications, users and groups. Ids are GUIDs in lower case with hyphens.
///
/// [`Directory::default`] is the seed ([`crate::seed`]), [`Directory::empty`] has nothing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Directory {
    /// Every tenant. The tenant of personal accounts need not stand here.
    pub tenants: Vec<Tenant>,
    /// Every application.
    pub apps: Vec<App>,
    /// Every user object: members, guests, personal accounts, customers.
    pub users: Vec<User>,
    /// Every group.
    pub groups: Vec<Group>,
    /// Every user-assigned managed identity.
    pub managed_identities: Vec<ManagedIdentity>,
}

impl Directory {
    /// A directory without anything in it.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            tenants: Vec::new(),
            apps: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
            managed_identities: Vec::new(),
        }
    }

    /// The tenant with this id or verified domain, without case.
    #[must_use]
    pub fn tenant(&self, id_or_domain: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.is(id_or_domain))
    }

    /// The application with this client id, without case.
    #[must_use]
    pub fn app(&self, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.id.eq_ignore_ascii_case(id))
    }

    /// The user object with this object id, or else the home account that signs in with this name, without case.
    #[must_use]
    pub fn user(&self, id_or_name: &str) -> Option<&User> {
        let by_id = self.users.iter().find(|user| user.id.eq_ignore_ascii_case(id_or_name));
        by_id.or_else(|| self.home_account(id_or_name))
    }

    /// The object of whoever signs in as `name` in the tenant `tenant_id`: a member, a guest, a personal account.
    #[must_use]
    pub fn user_in(&self, tenant_id: &str, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.tenant == tenant_id && user.signs_in_as().eq_ignore_ascii_case(name))
    }

    /// The user object with this id in a tenant.
    pub(crate) fn object(&self, tenant_id: &str, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id && user.tenant == tenant_id)
    }

    /// The account that signs in as `name`, in its own tenant.
    pub(crate) fn home_account(&self, name: &str) -> Option<&User> {
        let named = |user: &&User| user.signs_in_as().eq_ignore_ascii_case(name) || user.upn.eq_ignore_ascii_case(name);
        self.users.iter().filter(named).min_by_key(|user| matches!(user.kind, UserKind::Guest { .. }))
    }

    /// The groups that this user object is a direct member of.
    pub(crate) fn groups_of<'a>(&'a self, user: &'a User) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(|group| group.tenant == user.tenant && group.members.contains(&user.id))
    }

    /// Whether a user may enter an application. "Assignment required" wants a role or a plain assignment, of the user or
    /// of one of its groups.
    pub(crate) fn is_assigned(&self, app: &App, user: &User) -> bool {
        if app.unassigned.contains(&user.id) {
            return false;
        }
        if !app.assignment_required {
            return true;
        }
        let groups = self.groups_of(user).map(|group| &group.id);
        let mut principals = groups.chain([&user.id]);
        principals.any(|principal| {
            app.assigned.contains(principal)
                || app.role_assignments.iter().any(|assignment| assignment.principal == *principal)
        })
    }

    /// Whether a domain is verified in the tenant with this id.
    pub(crate) fn verifies(&self, tenant_id: &str, domain: &str) -> bool {
        self.tenant(tenant_id).is_some_and(|tenant| tenant.has_domain(domain))
    }
}
