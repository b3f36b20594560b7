//! What an address must be before anything is sent there.

use url::{Host, Url};

/// Whether the URL names this very machine: `localhost`, `127.0.0.0/8` or `[::1]`. Only there is plain http allowed.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// https, or http on loopback.
pub(crate) fn is_secure(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    }
}

/// A user name or a password.
pub(crate) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Credentials, a query or a fragment.
pub(crate) fn has_extras(url: &Url) -> bool {
    has_credentials(url) || url.query().is_some() || url.fragment().is_some()
}
