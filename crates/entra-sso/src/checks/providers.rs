//! Standard OpenID providers.

use entra_oidc::Timestamp;

use super::{authority::local, credentials::judge};
use crate::{
    errors::Finding,
    settings::{ProviderSettings, Settings, setting_of},
};

pub(super) fn check(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let faults = |(position, provider): (usize, Result<ProviderSettings, Finding>)| match provider {
        Ok(provider) => {
            let place = format!("`[[provider]]` number {}", position + 1);
            let findings = of_one(settings, &provider, now).into_iter();
            findings.map(|finding| finding.inside("provider", &place)).collect()
        }
        Err(finding) => vec![finding],
    };
    settings.each_provider().enumerate().flat_map(faults).collect()
}

/// What its table alone does not show: the credential at this time, and J7.
fn of_one(settings: &Settings, provider: &ProviderSettings, now: Timestamp) -> Vec<Finding> {
    let credential = provider.registration.credential();
    let mut findings = judge(credential, Some(&provider.authority), setting_of(credential.kind()), now);
    findings.extend(local(settings, "oidc_authority", provider.authority.base()));
    findings
}
