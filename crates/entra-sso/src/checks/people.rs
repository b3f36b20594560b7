//! Who may enter.

use entra_oidc::Tenant;

use crate::{
    errors::{Check, Finding},
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(settings.domain_rule().err());
    findings.extend(settings.trusted_email_tenants().err());
    findings.extend(undecided(settings));
    findings.extend(untrusted(settings));
    if settings.allowable_domains.as_ref().is_some_and(Vec::is_empty) {
        findings.push(Finding::new(
            Check::NobodyAllowed,
            Some("allowable_domains"),
            "`allowable_domains` is an empty list: nobody can sign in.",
        ));
    }
    findings
}

/// With these two, the tenant says nothing about who somebody is.
fn undecided(settings: &Settings) -> Option<Finding> {
    if settings.allowable_domains.is_some() {
        return None;
    }
    let consumers = settings.authority().is_ok_and(|authority| authority.tenant() == Some(&Tenant::Consumers));
    let why = match (settings.allow_any_tenant, consumers) {
        (true, _) => "`allow_any_tenant` is set",
        (false, true) => "`tenant_id` is `consumers`",
        (false, false) => return None,
    };
    Some(Finding::new(
        Check::DomainsUndecided,
        Some("allowable_domains"),
        format!("{why}, and `allowable_domains` is not set."),
    ))
}

/// Membership vouches for an address only where an administrator gives it out.
fn untrusted(settings: &Settings) -> Option<Finding> {
    let rule = settings.domain_rule().ok().flatten()?;
    let listed = settings.allowable_domains.as_ref().is_some_and(|entries| !entries.is_empty());
    if !listed || !rule.needs_address() {
        return None;
    }
    let own = settings.authority().ok().filter(|authority| !authority.has_managed_members());
    let own = own.filter(|_| settings.trusted_email_tenants.is_empty()).map(|authority| authority.id());
    let beside = settings.providers().unwrap_or_default().into_iter().map(|provider| provider.name);
    let names: Vec<String> = own.into_iter().chain(beside).map(|name| format!("`{name}`")).collect();
    let cause = || format!("`allowable_domains` lists domains, and no address of {} is trusted.", names.join(", "));
    (!names.is_empty()).then(|| Finding::new(Check::AddressesUntrusted, Some("allowable_domains"), cause()))
}
