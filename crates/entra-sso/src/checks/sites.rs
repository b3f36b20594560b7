//! Other sites: their hosts, and whatever their settings change.

use entra_oidc::{Timestamp, is_loopback};

use super::{address::public_netloc, of_one_site};
use crate::{
    errors::{Check, Finding},
    settings::{Netloc, Settings, SiteTable},
    site::DEFAULT,
    users::person_list::PersonList,
};

pub(super) fn check(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    if settings.site.is_empty() {
        return Vec::new();
    }
    let outside = of_one_site(settings, now);
    let of_table = |(position, table): (usize, &SiteTable)| {
        let place = match &table.domain {
            Some(domain) => format!("`[[site]]` `{domain}`"),
            None => format!("`[[site]]` number {}", position + 1),
        };
        let mut findings: Vec<Finding> = domain(settings, position, table).into_iter().collect();
        findings.extend(credential(table));
        findings.extend(bare(settings, &settings.at_site(table)));
        // What is inherited was said of the settings outside.
        let own = of_one_site(&settings.at_site(table), now).into_iter();
        findings.extend(own.filter(|finding| !outside.contains(finding)).map(with_cure));
        findings.into_iter().map(|finding| finding.inside("site", &place)).collect::<Vec<_>>()
    };
    settings.site.iter().enumerate().flat_map(of_table).collect()
}

fn domain(settings: &Settings, position: usize, table: &SiteTable) -> Option<Finding> {
    let finding = |check, cause: String| Some(Finding::new(check, None, cause));
    let Some(domain) = &table.domain else {
        return finding(Check::SiteDomainInvalid, "`domain` is not set.".to_owned());
    };
    if domain.host() == DEFAULT {
        return finding(Check::SiteDomainInvalid, format!("`domain` is `{DEFAULT}`, which has a meaning of its own."));
    }
    let taken = |netloc: &Netloc| netloc.overlaps(domain);
    let public = settings.public_url.as_ref();
    if settings.callback_domain.as_ref().is_some_and(taken) {
        return finding(Check::SiteDomainTaken, "`domain` is the host of `callback_domain`.".to_owned());
    }
    if public_netloc(settings).as_ref().is_some_and(taken) {
        return finding(Check::SiteDomainTaken, "`domain` is the host of `public_url`.".to_owned());
    }
    let mut earlier = settings.site.iter().take(position).filter_map(|site| site.domain.as_ref());
    if let Some(other) = earlier.find(|other| taken(other)) {
        return finding(Check::SiteDomainTaken, format!("`domain` is that of an earlier one, `{other}`."));
    }
    if let Some(url) = public.filter(|url| is_loopback(url) != domain.is_loopback()) {
        let cause = format!("`public_url` is {url}, and of the two one is this machine, the other is not.");
        return finding(Check::SiteMixed, cause);
    }
    None
}

/// The credential outside the table is another application's.
fn credential(table: &SiteTable) -> Option<Finding> {
    let is_missing = table.application_id.is_some() && !table.has_credential();
    let cause = "`application_id` is set, and no credential.";
    is_missing.then(|| Finding::new(Check::SiteCredentialMissing, None, cause))
}

/// I10: what is said outside the tables without a tenant means the tenant of the authority there, and no other.
fn bare(settings: &Settings, site: &Settings) -> Option<Finding> {
    let id = |settings: &Settings| settings.authority().ok().map(|authority| authority.id());
    let (Some(outside), Some(here)) = (id(settings), id(site)) else { return None };
    let is_bare = |list: Result<PersonList, Finding>| list.is_ok_and(|list| list.has_bare_objects());
    let lists = [
        ("role_map", settings.role_map().is_ok_and(|map| map.entries().any(|named| named.tenant.is_none()))),
        ("staff_list", is_bare(settings.staff())),
        ("superuser_list", is_bare(settings.superusers())),
    ];
    let (name, _) = lists.into_iter().find(|(_, is_bare)| *is_bare).filter(|_| outside != here)?;
    let cause = format!("`{name}` has an entry without tenant, and {here} signs users in here.");
    Some(Finding::new(Check::SitePermissionBare, None, cause))
}

/// Somebody who set one key of the authority may expect the others from outside.
fn with_cure(finding: Finding) -> Finding {
    if finding.id != Check::AuthorityMissing.entry().id {
        return finding;
    }
    finding.cured_by(
        "With one setting of the authority in the table none of those outside counts: repeat `tenant_id`, `authority` or \
         `b2c_tenant_name` there.",
    )
}
