//! Who is more than a user: staff and superusers, by lists, by roles, and the first one.
//!
//! These rules are the application's, the same at every site, because a user is the same at every site. So an address that a
//! site's own tenant gives does not count here, only at that site; and where sites have other tenants, roles and object ids have
//! to name theirs (sso.E105).

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use entra_oidc::{Guid, Identity};

use crate::{
    errors::Finding,
    owner::Owner,
    profile::Profile,
    provider::Provider,
    roles::{Permissions, RoleMap, Roles},
    settings::Settings,
    standing::{self, Standing},
    users::{
        person_list::{Person, PersonList},
        trusted_address::AddressRule,
    },
};

/// The rules, read once from the settings.
pub(crate) struct PeopleRules {
    staff: PersonList,
    superusers: PersonList,
    role_map: RoleMap,
    trusted_email_tenants: BTreeSet<Guid>,
    first_superuser: bool,
    /// Whether this process knows that there has been a first superuser.
    first_superuser_known: AtomicBool,
}

/// What the rules say of somebody at this sign-in; what one of them does not give, it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) by_lists: Permissions,
    pub(crate) by_roles: Permissions,
    /// May become the first superuser.
    pub(crate) may_be_first: bool,
}

impl PeopleRules {
    /// # Errors
    /// An entry that names nobody.
    pub(crate) fn of(settings: &Settings) -> Result<PeopleRules, Finding> {
        Ok(PeopleRules {
            staff: settings.staff()?,
            superusers: settings.superusers()?,
            role_map: settings.role_map()?,
            trusted_email_tenants: settings.trusted_email_tenants()?,
            first_superuser: settings.auto_create_first_superuser,
            first_superuser_known: AtomicBool::new(false),
        })
    }

    /// Whether Graph knows something that decides here: an address of a list, or whether the first superuser is a guest.
    pub(crate) fn look_at_graph(&self, identity: &Identity) -> bool {
        (self.has_addresses() || self.waits_for_first()) && standing::may_be_member(identity)
    }

    /// Whether a list has addresses.
    pub(crate) fn has_addresses(&self) -> bool {
        self.staff.has_addresses() || self.superusers.has_addresses()
    }

    /// What is known of an account where `main` is the application's own provider.
    pub(crate) fn standing(&self, main: &Provider, identity: &Identity, profile: &Profile) -> Standing {
        let client = main.client();
        let pinned = client.pinned_tenant();
        let rule = AddressRule {
            pinned_tenant: pinned.filter(|_| client.authority().has_managed_members()),
            trusted_email_tenants: self.trusted_email_tenants.clone(),
        };
        Standing::of(identity, profile, &rule, pinned)
    }

    /// Lists, roles and the first superuser, for who signed in with `provider`.
    pub(crate) fn judge(&self, who: &Who<'_>, standing: &Standing, roles: &Roles) -> Judged {
        let person = Person {
            account: who.identity.account(),
            pinned_tenant: standing.pinned_tenant,
            addresses: &standing.addresses,
        };
        let is_own = is_same_application(who.provider.owner(), who.main.owner());
        let is_managed = who.provider.client().authority().has_managed_members();
        Judged {
            by_lists: Permissions { staff: self.staff.names(&person), superuser: self.superusers.names(&person) },
            by_roles: self.by_roles(roles),
            may_be_first: is_own
                && is_managed
                && self.waits_for_first()
                && standing::is_member(who.identity, who.profile),
        }
    }

    /// What `role_map` gives for these roles and groups, whichever site's they are.
    pub(crate) fn by_roles(&self, roles: &Roles) -> Permissions {
        self.role_map.gives(roles)
    }

    /// The store has been asked: there has been a superuser, from now on and for ever.
    pub(crate) fn first_superuser_is_known(&self) {
        self.first_superuser_known.store(true, Ordering::Relaxed);
    }

    fn waits_for_first(&self) -> bool {
        self.first_superuser && !self.first_superuser_known.load(Ordering::Relaxed)
    }
}

/// Who signed in, with which provider, and which one is the application's own.
#[derive(Clone, Copy)]
pub(crate) struct Who<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) profile: &'a Profile,
    pub(crate) provider: &'a Provider,
    pub(crate) main: &'a Provider,
}

/// Sites that have no application of their own share the default one's.
fn is_same_application(one: &Owner, other: &Owner) -> bool {
    one.client_id == other.client_id && one.authority == other.authority
}
