//! What is wrong, or worth a look, in the settings, before anything is served.
//!
//! [`check`] looks at the settings alone, without any network: what the sources held, then each part of the settings,
//! then the parts together. A finding of severity error stops [`build`](crate::EntraSsoBuilder::build) and the command;
//! warnings can be silenced with `silenced_checks`. What only a running application can tell is in [`LiveReport`].

mod address;
mod application;
mod authority;
mod credentials;
pub(crate) mod live;
mod metrics;
mod pages;
mod people;
mod providers;
mod registered_urls;
mod roles;
mod secret_keys;
mod sessions;
mod silenced;
mod sites;
mod stores;
#[cfg(test)]
mod tests;

use entra_oidc::{Clock, Timestamp};

pub use self::{
    live::{LiveLine, LiveOutcome, LiveReport},
    registered_urls::{ProviderUrls, RegisteredUrls, SiteUrls},
    stores::callback_cache_unreachable,
};
pub use crate::errors::{Finding, Severity};
use crate::{
    catalogue::not_tags,
    settings::{Settings, is_credential},
};

/// Which stores the application has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stores {
    /// Users live in this process's memory.
    pub(crate) users_in_memory: bool,
    /// Where sessions live.
    pub(crate) sessions: Kept,
    /// Where used sign-ins are remembered.
    pub(crate) used_states: Kept,
}

/// Where something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// In this process's memory.
    InMemory,
    /// Where other processes find it too.
    Shared,
    /// In a store that the settings choose and the application has not given.
    Nowhere,
}

/// Everything that the settings alone show, errors first.
///
/// ```
/// use entra_sso::{Settings, checks};
///
/// let findings = checks::check(&Settings::default());
/// assert!(findings.iter().any(|finding| finding.id == "sso.E030" && finding.is_error()));
/// ```
#[must_use]
pub fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = alone(settings, Clock::system().now());
    findings.extend(stores::addresses(settings));
    sorted(settings, findings)
}

/// The same at this time, with what the stores add, and what was found in all else that code gave.
pub(crate) fn check_with_stores(
    settings: &Settings,
    stores: &Stores,
    given: Vec<Finding>,
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = alone(settings, now);
    findings.extend(stores::given(settings, stores));
    findings.extend(metrics::built(settings, cfg!(feature = "metrics")));
    let new: Vec<Finding> = given.into_iter().filter(|finding| !findings.contains(finding)).collect();
    findings.extend(new);
    sorted(settings, findings)
}

/// What a source has wrong is not reported a second time as missing.
fn alone(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let from_sources = settings.source_findings();
    let wrong: Vec<&str> =
        from_sources.iter().filter(|known| known.is_error()).filter_map(|known| known.setting).collect();
    let is_known = |finding: &Finding| {
        // Of these, each stands in for the others.
        let has_authority = finding.setting == Some("tenant_id") && wrong.contains(&"authority");
        let has_credential = finding.id == "sso.E022" && wrong.iter().any(|setting| is_credential(setting));
        has_authority || has_credential || finding.setting.is_some_and(|setting| wrong.contains(&setting))
    };
    let all = [
        address::check(settings),
        of_one_site(settings, now),
        not_tags(&settings.languages).collect(),
        roles::check(settings),
        providers::check(settings, now),
        sessions::check(settings),
        metrics::check(settings),
        stores::check(settings),
        sites::check(settings, now),
    ];
    let own = all.into_iter().flatten().filter(|finding| !is_known(finding));
    from_sources.iter().cloned().chain(own).collect()
}

/// What a site can have of its own.
fn of_one_site(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let all = [
        application::check(settings),
        credentials::check(settings, now),
        authority::check(settings),
        people::check(settings),
        pages::check(settings),
        sessions::ages(settings),
    ];
    all.into_iter().flatten().collect()
}

fn sorted(settings: &Settings, findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings = silenced::apply(settings, findings);
    findings.sort_by_key(|finding| finding.severity);
    findings
}
