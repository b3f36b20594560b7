//! Microsoft's rules for redirect URIs: what can be registered, and what matches.

use url::Url;

use super::audience::Audience;
use super::error::DirectoryError;

/// The longest redirect URI that can be registered, in characters.
const LONGEST: usize = 256;
const FORBIDDEN: [char; 7] = ['!', '$', '\'', '(', ')', ',', ';'];

/// Whether a URI may be registered for platform "Web".
pub(crate) fn check(uri: &str, audience: Audience) -> Result<(), DirectoryError> {
    broken_rule(uri, audience).map_or(Ok(()), |reason| Err(DirectoryError::RedirectUri { uri: uri.to_owned(), reason }))
}

fn broken_rule(uri: &str, audience: Audience) -> Option<&'static str> {
    if uri.chars().count() > LONGEST {
        return Some("it is longer than 256 characters");
    }
    if uri.contains(FORBIDDEN) {
        return Some("it has one of the characters ! $ ' ( ) , ;");
    }
    if uri.contains('#') {
        return Some("it has a fragment");
    }
    if uri.contains('*') {
        return Some("it has a wildcard");
    }
    if uri.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Some("it has white space or a backslash");
    }
    let Ok(parsed) = Url::parse(uri) else { return Some("it is not an absolute URL") };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Some("it has a user name");
    }
    if parsed.query().is_some() && audience.has_personal() {
        return Some("it has a query, which applications for personal accounts may not have");
    }
    match (parsed.scheme(), parsed.host_str()) {
        (_, Some("[::1]")) => Some("the IPv6 loopback address is not supported"),
        ("https", Some(_)) | ("http", Some("localhost" | "127.0.0.1")) => None,
        ("http", _) => Some("http is for localhost and 127.0.0.1 only"),
        _ => Some("it is neither https nor http"),
    }
}

/// Whether the URI of a request is the registered one: exactly, except that the port of `localhost` does not count,
/// that scheme and host have no case, and that a URI without path may be written with `/` or without.
pub(crate) fn matches(registered: &str, requested: &str) -> bool {
    if registered == requested {
        return true;
    }
    let (Some(registered), Some(requested)) = (Parts::of(registered), Parts::of(requested)) else { return false };
    let same_port = registered.port == requested.port || registered.host == "localhost";
    same_port
        && registered.scheme == requested.scheme
        && registered.host == requested.host
        && registered.rest == requested.rest
}

/// The parts of a URI as they were written: nothing is decoded or normalised, because the path counts as it is.
#[derive(Debug)]
struct Parts<'a> {
    scheme: String,
    host: String,
    port: Option<&'a str>,
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Option<Self> {
        let (scheme, rest) = uri.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.contains('@') || authority.contains('\\') || rest.contains(['#', '\\']) {
            return None;
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, Some(port))
            }
            Some(_) => return None,
            None => (authority, None),
        };
        let scheme = scheme.to_ascii_lowercase();
        let default = if scheme == "https" { "443" } else { "80" };
        let port = port.filter(|port| !port.is_empty() && *port != default);
        let rest = if rest.is_empty() { "/" } else { rest };
        Some(Self { scheme, host: host.to_ascii_lowercase(), port, rest })
    }
}
