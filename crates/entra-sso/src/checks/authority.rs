//! Who Microsoft is, and whether it may be somebody on this machine.

use entra_oidc::{Authority, Cloud, is_loopback};
use url::Url;

use super::address::public_names;
use crate::{
    errors::{Check, Finding},
    settings::{ProfileSource, Settings, is_host_of_microsofts},
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = graph(settings).into_iter().collect();
    let setting = if settings.authority.is_some() { "authority" } else { "authority_host" };
    match settings.authority() {
        Ok(authority) => {
            findings.extend(settings.allowed_tenants().err());
            findings.extend(host(&authority, setting));
            findings.extend(local(settings, setting, authority.base()));
            findings.extend(settings.policies().err());
            findings.extend(graph_unknown(settings, &authority));
            findings.extend(scopes(settings, &authority));
        }
        Err(finding) => {
            findings.push(finding);
            // What stands there is looked at, even if it is not complete.
            findings.extend(settings.authority.as_ref().and_then(|url| local(settings, "authority", url)));
        }
    }
    findings.extend(settings.graph_url.as_ref().and_then(|url| local(settings, "graph_url", url)));
    findings
}

/// Only a pinned tenant is safe behind a host that nobody knows: its issuer is exact.
fn host(authority: &Authority, setting: &'static str) -> Option<Finding> {
    if is_loopback(authority.base()) || is_host_of_microsofts(authority.base()) {
        return None;
    }
    let host = authority.base().host_str().unwrap_or_default();
    let check = if authority.is_multi_tenant() { Check::AuthorityHostUnknown } else { Check::AuthorityHostForeign };
    let cause = format!("`{host}` is not a login host of Microsoft's that is known here.");
    Some(Finding::new(check, Some(setting), cause))
}

/// F-12: the sovereign clouds whose Graph nobody has published yet.
fn graph_unknown(settings: &Settings, authority: &Authority) -> Option<Finding> {
    let cloud = settings.cloud.or_else(|| authority.base().host_str().and_then(Cloud::of_login_host))?;
    let is_missing = cloud.graph_host().is_none() && settings.graph_url.is_none();
    (is_missing && settings.profile_source == ProfileSource::Graph).then(|| {
        let cause = format!("`cloud` is `{cloud}`, and neither `graph_url` nor `profile_source` is set.");
        Finding::new(Check::GraphUnknown, Some("graph_url"), cause)
    })
}

fn scopes(settings: &Settings, authority: &Authority) -> Option<Finding> {
    let is_given = settings.scopes.as_ref().is_some_and(|scopes| !scopes.is_empty());
    (is_given && authority.resource().is_some()).then(|| {
        let cause = "`scopes` is set, and `endpoint_version` is `v1`.";
        Finding::new(Check::ScopesMisplaced, Some("scopes"), cause)
    })
}

/// J7: an emulator left in the environment while a public name is served.
pub(super) fn local(settings: &Settings, setting: &'static str, url: &Url) -> Option<Finding> {
    if url.scheme() == "https" && !is_loopback(url) {
        return None;
    }
    let public = public_names(settings);
    let what = if is_loopback(url) { "is on this machine" } else { "is plain http" };
    if public.is_empty() && is_loopback(url) {
        return None;
    }
    let serving = if public.is_empty() { String::new() } else { format!(", while {} is served", public.join(", ")) };
    let shown = url.origin().ascii_serialization();
    Some(Finding::new(Check::LoopbackAuthority, Some(setting), format!("`{setting}` {shown} {what}{serving}.")))
}

fn graph(settings: &Settings) -> Option<Finding> {
    let url = settings.graph_url.as_ref()?;
    // A base may have a path of its own (a proxy, an emulator), but not Graph's version: that is added.
    let last = url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let bare = !matches!(last, "v1.0" | "beta") && url.query().is_none() && url.fragment().is_none();
    let plain = url.username().is_empty() && url.password().is_none() && matches!(url.scheme(), "https" | "http");
    (!bare || !plain).then(|| {
        let shown = url.origin().ascii_serialization();
        Finding::new(
            Check::GraphUrlInvalid,
            Some("graph_url"),
            format!("`graph_url` at {shown} has a version, a query or a fragment, or is no http address."),
        )
    })
}
