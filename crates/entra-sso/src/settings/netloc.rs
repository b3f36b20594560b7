//! A host with an optional port: `app.example.com`, `localhost:8000`, `[::1]:8000`.

use std::{error::Error, fmt, net::Ipv4Addr, str::FromStr};

use url::{Host, Url};

/// A host, lower-case, and a port if one was written. Whatever two parsers could read differently (user names,
/// encodings, short forms of addresses, dots at the end) is refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Netloc {
    host: String,
    port: Option<u16>,
}

impl Netloc {
    /// The host; an IPv6 address has its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if one was written.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// `localhost`, 127.0.0.0/8 or `[::1]`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host == "[::1]"
            || self.host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Host and port of a URL, its scheme's own port left out.
    pub(crate) fn of_url(url: &Url) -> Option<Netloc> {
        Some(Netloc { host: url.host_str()?.to_owned(), port: url.port() })
    }

    /// Whether a request for `host` over `scheme` is one for this. Without a port it means the scheme's own; a loopback name
    /// means any.
    pub(crate) fn serves(&self, host: &Netloc, scheme: &str) -> bool {
        self.host == host.host && (self.is_any_port() || self.port_over(scheme) == host.port_over(scheme))
    }

    /// Whether there is a request that is one for both; over https, off this machine.
    pub(crate) fn overlaps(&self, other: &Netloc) -> bool {
        let scheme = if self.is_loopback() { "http" } else { "https" };
        self.serves(other, scheme) || other.serves(self, scheme)
    }

    /// A loopback name without a port.
    pub(crate) fn is_any_port(&self) -> bool {
        self.port.is_none() && self.is_loopback()
    }

    /// The same without a port that `scheme` implies.
    pub(crate) fn without_default_port(mut self, scheme: &str) -> Netloc {
        self.port = self.port_over(scheme);
        self
    }

    fn port_over(&self, scheme: &str) -> Option<u16> {
        let implied = if scheme == "https" { 443 } else { 80 };
        self.port.filter(|port| *port != implied)
    }
}

impl fmt::Display for Netloc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// The text is not a plain host with an optional port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidNetloc;

impl fmt::Display for InvalidNetloc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a host with an optional port, such as app.example.com or localhost:8000")
    }
}

impl Error for InvalidNetloc {}

impl FromStr for Netloc {
    type Err = InvalidNetloc;

    fn from_str(text: &str) -> Result<Netloc, InvalidNetloc> {
        let (host, port) = split_port(text).ok_or(InvalidNetloc)?;
        if host.is_empty() || host.len() > 253 || !host.bytes().all(plain) {
            return Err(InvalidNetloc);
        }
        let host = host.to_ascii_lowercase();
        // The parser that browsers use must read the same host: it would turn `127.1` into 127.0.0.1.
        let is_name = has_name_form(&host);
        if is_name && labels_are_plain(&host) || !is_name && reads_as_itself(&host) {
            return Ok(Netloc { host, port });
        }
        Err(InvalidNetloc)
    }
}

fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let colon = match text.strip_prefix('[') {
        Some(rest) => rest.find(']').map(|end| end + 2).filter(|after| *after < text.len()),
        None => text.bytes().position(|byte| byte == b':'),
    };
    let Some(colon) = colon else { return Some((text, None)) };
    let digits = text.get(colon..)?.strip_prefix(':')?;
    let canonical = digits.len() <= 5 && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    let port = digits.parse().ok().filter(|_| canonical)?;
    Some((text.get(..colon)?, Some(port)))
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'[' | b']' | b':')
}

/// Whether nobody can take it for anything but a name: no brackets, no encoded label, and a last label that no address
/// has, in whatever short form.
fn has_name_form(host: &str) -> bool {
    let host = host.as_bytes();
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    last.first().is_some_and(u8::is_ascii_alphabetic)
        && !host.windows(4).any(|bytes| bytes == b"xn--")
        && !host.iter().any(|byte| matches!(byte, b'[' | b':'))
}

/// Whether a URL parser reads it as what is written there.
fn reads_as_itself(host: &str) -> bool {
    Host::parse(host)
        .is_ok_and(|read| read.to_string() == host && (!matches!(read, Host::Domain(_)) || labels_are_plain(host)))
}

fn labels_are_plain(name: &str) -> bool {
    name.as_bytes().split(|byte| *byte == b'.').all(|label| (1..=63).contains(&label.len()))
}
