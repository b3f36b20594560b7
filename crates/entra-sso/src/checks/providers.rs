//! Standard OpenID providers.

use entra_oidc::Timestamp;
use url::Url;

use super::{authority::local, credentials::judge};
use crate::{
    errors::Finding,
    settings::{ProviderSettings, Settings, setting_of},
};

pub(super) fn check(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let faults = |(position, provider): (usize, Result<ProviderSettings, Finding>)| match provider {
        Ok(provider) => {
            let place = format!("`[[provider]]` number {}", position + 1);
            let hosts = &settings.provider[position].endpoint_hosts;
            let findings = of_one(settings, &provider, hosts, now).into_iter();
            findings.map(|finding| finding.inside("provider", &place)).collect()
        }
        Err(finding) => vec![finding],
    };
    settings.each_provider().enumerate().flat_map(faults).collect()
}

/// What its table alone does not show: the credential at this time, and J7.
fn of_one(settings: &Settings, provider: &ProviderSettings, hosts: &[String], now: Timestamp) -> Vec<Finding> {
    let credential = provider.registration.credential();
    let mut findings = judge(credential, Some(&provider.authority), setting_of(credential.kind()), now);
    findings.extend(local(settings, "oidc_authority", provider.authority.base()));
    let hosts = hosts.iter().filter_map(|host| Url::parse(&format!("https://{host}/")).ok());
    findings.extend(hosts.filter_map(|url| local(settings, "endpoint_hosts", &url)));
    findings
}
