//! Origins and sites, as `Sec-Fetch-Site` and `SameSite` see them.

use url::{Host, Url};

/// How a request's target stands to the page that started it; later is farther.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Relation {
    Typed,
    SameOrigin,
    SameSite,
    CrossSite,
}

impl Relation {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Typed => "none",
            Self::SameOrigin => "same-origin",
            Self::SameSite => "same-site",
            Self::CrossSite => "cross-site",
        }
    }
}

pub(super) fn relation(initiator: Option<&Url>, target: &Url) -> Relation {
    let Some(initiator) = initiator else { return Relation::Typed };
    if origin(initiator) == origin(target) {
        return Relation::SameOrigin;
    }
    if initiator.scheme() == target.scheme() && site(initiator) == site(target) {
        return Relation::SameSite;
    }
    Relation::CrossSite
}

/// `scheme://host:port`
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// An address as error texts may show it.
pub(super) fn without_query(url: &Url) -> String {
    format!("{}{}", origin(url), url.path())
}

/// Whether `Secure` cookies work here although it may be http.
pub(super) fn is_trustworthy(url: &Url) -> bool {
    if url.scheme() == "https" {
        return true;
    }
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// The registrable domain, roughly: the last two labels of a name; an address or a single label is itself.
fn site(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => {
            let labels: Vec<&str> = name.rsplitn(3, '.').collect();
            Some(labels.iter().take(2).rev().copied().collect::<Vec<_>>().join("."))
        }
        address => Some(address.to_string()),
    }
}
