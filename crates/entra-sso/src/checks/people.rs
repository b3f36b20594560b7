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
