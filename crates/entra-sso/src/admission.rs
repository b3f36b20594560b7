//! May this person enter? The tenant was settled with the token; here come guests, personal accounts and domains.

use std::collections::BTreeSet;

use entra_oidc::{Guid, Identity};

use crate::{
    errors::{Finding, RefusalKind},
    profile::Profile,
    provider::Provider,
    refusal::Refusal,
    settings::{Access, Settings},
    standing::{Standing, is_guest},
    users::{domain_rule::DomainRule, trusted_address::AddressRule},
};

/// The rules, read once from the settings.
pub(crate) struct AdmissionRules {
    guests: Access,
    personal_accounts: Access,
    domains: Option<DomainRule>,
    trusted_email_tenants: BTreeSet<Guid>,
}

/// A person who passed every rule. Only [`AdmissionRules::judge`] makes one.
pub(crate) struct Admitted {
    identity: Identity,
    profile: Profile,
}

impl AdmissionRules {
    /// # Errors
    /// A domain or tenant that means nothing.
    pub(crate) fn of(settings: &Settings) -> Result<AdmissionRules, Finding> {
        Ok(AdmissionRules {
            guests: settings.guests,
            personal_accounts: settings.personal_accounts(),
            domains: settings.domain_rule()?,
            trusted_email_tenants: settings.trusted_email_tenants()?,
        })
    }

    /// Whether Graph knows something that decides about entering: an address, or a guest's user principal name.
    pub(crate) fn look_at_graph(&self) -> bool {
        self.guests == Access::Deny || self.domains.as_ref().is_some_and(DomainRule::needs_address)
    }

    /// # Errors
    /// E310, E311, E312; E313 where a rule needs what did not come.
    pub(crate) fn judge(&self, provider: &Provider, identity: Identity, profile: Profile) -> Result<Admitted, Refusal> {
        if identity.is_personal() {
            if self.personal_accounts == Access::Deny {
                return Err(RefusalKind::PersonalAccountDenied.into());
            }
        } else if self.guests == Access::Deny && is_guest(&identity, &profile) {
            return Err(RefusalKind::GuestDenied.into());
        }
        self.judge_address(provider, &identity, &profile)?;
        Ok(Admitted { identity, profile })
    }

    fn judge_address(&self, provider: &Provider, identity: &Identity, profile: &Profile) -> Result<(), Refusal> {
        let Some(domains) = &self.domains else { return Ok(()) };
        if domains.allows(&self.standing(provider, identity, profile).addresses) {
            return Ok(());
        }
        match &profile.missing {
            Some(missing) if domains.needs_address() => Err(Refusal::new(RefusalKind::ProfileIncomplete, missing)),
            _ => Err(RefusalKind::DomainDenied.into()),
        }
    }

    /// Where `provider` signs users in: its own tenant's word counts.
    pub(crate) fn standing(&self, provider: &Provider, identity: &Identity, profile: &Profile) -> Standing {
        let client = provider.client();
        let pinned = client.pinned_tenant();
        let rule = AddressRule {
            pinned_tenant: pinned.filter(|_| client.authority().has_managed_members()),
            trusted_email_tenants: self.trusted_email_tenants.clone(),
        };
        Standing::of(identity, profile, &rule, pinned)
    }
}

impl Admitted {
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    pub(crate) fn into_identity(self) -> Identity {
        self.identity
    }
}
