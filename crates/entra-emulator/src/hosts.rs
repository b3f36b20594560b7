//! The names under which the emulator answers.

use std::net::SocketAddr;

use crate::error::EmulatorError;

/// How the emulator is reached.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum Scheme {
    #[default]
    Http,
    #[cfg(feature = "https")]
    Https,
}

/// The names that a request may carry in `Host`.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    scheme: Scheme,
    canonical: String,
    port: u16,
    accepted: Vec<String>,
}

impl Scheme {
    /// Where to listen when nobody says.
    pub(crate) const fn listens_on(self) -> &'static str {
        match self {
            Self::Http => "127.0.0.1:0",
            #[cfg(feature = "https")]
            Self::Https => "localhost:0",
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            #[cfg(feature = "https")]
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            #[cfg(feature = "https")]
            Self::Https => 443,
        }
    }
}

impl Hosts {
    /// `name` is the host as it was configured: an address or `localhost`. `also` are further names; they count with
    /// our port and without any, because who leads a name here may have led its port here too.
    pub(crate) fn new(scheme: Scheme, name: &str, address: SocketAddr, also: &[String]) -> Self {
        let port = address.port();
        let with_port =
            |host: &str| if port == scheme.default_port() { host.to_owned() } else { format!("{host}:{port}") };
        let canonical = with_port(&name.to_ascii_lowercase());
        let own = ["localhost", "127.0.0.1", "[::1]"].map(with_port);
        let also = also.iter().flat_map(|name| [name.clone(), format!("{name}:{port}")]);
        let accepted = own.into_iter().chain([canonical.clone()]).chain(also).collect();
        Self { scheme, canonical, port, accepted }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Whether a name, without a port, is one of ours.
    pub(crate) fn is_ours(&self, name: &str) -> bool {
        self.accepted.iter().any(|host| host == name || host.strip_suffix(&format!(":{}", self.port)) == Some(name))
    }

    /// Whether it is reached over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.scheme != Scheme::Http
    }

    /// `http://host:port` as configured.
    pub(crate) fn canonical_base(&self) -> String {
        format!("{}://{}", self.scheme.as_str(), self.canonical)
    }

    /// `http://host:port` as the request reached it; nothing when the name is not one of ours.
    pub(crate) fn base(&self, host: &str) -> Option<String> {
        let host = host.to_ascii_lowercase();
        self.accepted.contains(&host).then(|| format!("{}://{host}", self.scheme.as_str()))
    }
}

/// A host name as certificates and `Host` have it: in lower case, without port and final dot.
pub(crate) fn host_name(name: &str) -> Result<String, EmulatorError> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if name.len() <= 253 && name.split('.').all(is_label) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err(EmulatorError::Name(name.to_owned()))
    }
}
