//! Who may enter, and who is more than a user.

use entra_oidc::Tenant;

use crate::{
    errors::{Check, Finding},
    settings::Settings,
    users::person_list::PersonList,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(settings.domain_rule().err());
    findings.extend(settings.trusted_email_tenants().err());
    findings.extend(undecided(settings));
    findings.extend(untrusted(settings));
    findings.extend(listed(settings, "staff_list", settings.staff()));
    findings.extend(listed(settings, "superuser_list", settings.superusers()));
    findings.extend(staff_everybody(settings));
    findings.extend(first_superuser(settings));
    findings.extend(unique_email(settings));
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
    let names = without_trusted_addresses(settings);
    let cause = || format!("`allowable_domains` lists domains, and no address of {} is trusted.", names.join(", "));
    (!names.is_empty()).then(|| Finding::new(Check::AddressesUntrusted, Some("allowable_domains"), cause()))
}

/// Those who vouch for nobody's address, by their names.
fn without_trusted_addresses(settings: &Settings) -> Vec<String> {
    let own = settings.authority().ok().filter(|authority| !authority.has_managed_members());
    let own = own.filter(|_| settings.trusted_email_tenants.is_empty()).map(|authority| authority.id());
    let beside = settings.providers().unwrap_or_default().into_iter().map(|provider| provider.name);
    own.into_iter().chain(beside).map(|name| format!("`{name}`")).collect()
}

/// A list of people, and what its entries need of the authority.
fn listed(settings: &Settings, setting: &'static str, list: Result<PersonList, Finding>) -> Vec<Finding> {
    let list = match list {
        Ok(list) => list,
        Err(finding) => return vec![finding],
    };
    let mut findings = Vec::new();
    if list.has_bare_objects() && settings.authority().is_ok_and(|authority| authority.is_multi_tenant()) {
        let cause = format!("`{setting}` has an object id without its tenant, and many tenants may sign in.");
        findings.push(Finding::new(Check::PersonTenantMissing, Some(setting), cause));
    }
    let self_made = settings.authority().is_ok_and(|authority| !authority.has_managed_members());
    let untrusted = self_made && settings.trusted_email_tenants.is_empty();
    if list.has_addresses() && untrusted {
        let cause = format!("`{setting}` has an address, and no address of its accounts is trusted.");
        findings.push(Finding::new(Check::PersonUntrusted, Some(setting), cause));
    }
    findings
}

/// Whoever can make himself an account would be staff.
fn staff_everybody(settings: &Settings) -> Option<Finding> {
    settings.staff().ok().filter(PersonList::is_everybody)?;
    let why = strangers(settings)?;
    Some(Finding::new(Check::StaffEverybody, Some("staff_list"), format!("`staff_list` has `*`, and {why}.")))
}

fn first_superuser(settings: &Settings) -> Option<Finding> {
    let why = strangers(settings).filter(|_| settings.auto_create_first_superuser)?;
    Some(Finding::new(
        Check::FirstSuperuserMisplaced,
        Some("auto_create_first_superuser"),
        format!("`auto_create_first_superuser` is set, and {why}."),
    ))
}

/// Why somebody whom no administrator of ours knows can sign in with an account of his own making.
fn strangers(settings: &Settings) -> Option<String> {
    if settings.allow_any_tenant {
        return Some("`allow_any_tenant` lets every tenant in".to_owned());
    }
    let authority = settings.authority().ok()?;
    if authority.tenant() == Some(&Tenant::Consumers) {
        return Some("`tenant_id` is `consumers`".to_owned());
    }
    (!authority.has_managed_members()).then(|| format!("people sign themselves up at `{}`", authority.id()))
}

fn unique_email(settings: &Settings) -> Option<Finding> {
    let names = if settings.unique_email { without_trusted_addresses(settings) } else { Vec::new() };
    let cause = || format!("`unique_email` is set, and no address of {} is trusted.", names.join(", "));
    (!names.is_empty()).then(|| Finding::new(Check::UniqueEmailUntrusted, Some("unique_email"), cause()))
}
