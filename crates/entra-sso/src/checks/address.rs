//! Where browsers find us.

use crate::{
    errors::{Check, Finding},
    settings::{Netloc, Network, Settings},
};
use entra_oidc::is_loopback;

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(public_url(settings));
    findings.extend(callback_domain(settings));
    findings.extend(prefix(&settings.prefix));
    if settings.trusted_proxies.iter().any(Network::is_everything) {
        findings.push(Finding::new(
            Check::ProxiesEveryone,
            Some("trusted_proxies"),
            "`trusted_proxies` trusts every address.",
        ));
    }
    findings
}

/// The host of `public_url`.
pub(super) fn public_netloc(settings: &Settings) -> Option<Netloc> {
    settings.public_url.as_ref().and_then(Netloc::of_url)
}

/// Every name we answer under that is not this machine's own.
pub(super) fn public_names(settings: &Settings) -> Vec<String> {
    let public_url = public_netloc(settings);
    let sites = settings.site.iter().filter_map(|site| site.domain.as_ref());
    let all = public_url.iter().chain(&settings.callback_domain).chain(&settings.allowed_hosts).chain(sites);
    let mut names: Vec<String> =
        all.filter(|netloc| !netloc.is_loopback()).map(|netloc| format!("`{netloc}`")).collect();
    names.dedup();
    names
}

fn public_url(settings: &Settings) -> Option<Finding> {
    let url = settings.public_url.as_ref()?;
    let invalid =
        |why: &str| Some(Finding::new(Check::PublicUrlInvalid, Some("public_url"), format!("`public_url` {why}.")));
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return invalid("is not an http or https address");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return invalid("has more than scheme and host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return invalid("has a user name");
    }
    let netloc: Option<Netloc> = Netloc::of_url(url).and_then(|netloc| netloc.to_string().parse().ok());
    if netloc.is_none() {
        return invalid("has a host that not every parser reads alike (a dot at its end, for example)");
    }
    if url.scheme() == "http" && !is_loopback(url) {
        return Some(Finding::new(
            Check::PlainHttp,
            Some("public_url"),
            format!("`public_url` is {url}: plain http off loopback."),
        ));
    }
    None
}

/// Both names of this machine, or both public: a sign-in never hops between the two.
fn callback_domain(settings: &Settings) -> Option<Finding> {
    let domain = settings.callback_domain.as_ref()?;
    let url = settings.public_url.as_ref()?;
    let mixed = domain.is_loopback() != is_loopback(url);
    let cause = || {
        format!(
            "`callback_domain` is {domain} and `public_url` is {url}: one of them is this machine, the other is not."
        )
    };
    mixed.then(|| Finding::new(Check::CallbackDomainConflict, Some("callback_domain"), cause()))
}

/// Plain segments: nothing that the portal refuses in a redirect URI, or that two routers read differently.
fn prefix(prefix: &str) -> Option<Finding> {
    let is_plain = |segment: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(known)
    };
    let plain = prefix.len() <= 128 && prefix.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_plain));
    (!plain).then(|| Finding::new(Check::PrefixInvalid, Some("prefix"), format!("`prefix` is {prefix:?}.")))
}
