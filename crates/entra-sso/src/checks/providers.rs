//! Standard OpenID providers.

use super::authority::local;
use crate::{
    errors::Finding,
    settings::{ProviderSettings, Settings},
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    settings.each_provider().filter_map(|provider| provider.map_or_else(Some, |it| loopback(settings, &it))).collect()
}

/// J7, for a provider.
fn loopback(settings: &Settings, provider: &ProviderSettings) -> Option<Finding> {
    let place = format!("`[[provider]]` `{}`", provider.name);
    local(settings, "oidc_authority", provider.authority.base()).map(|finding| finding.inside("provider", &place))
}
