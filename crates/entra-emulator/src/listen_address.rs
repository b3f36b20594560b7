//! Where to listen, as it is written.

use std::net::SocketAddr;

/// A listen address, from a socket address or from `host:port`.
#[derive(Clone, Debug)]
pub struct ListenAddress(pub(crate) String);

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self(address.to_string())
    }
}

impl From<&str> for ListenAddress {
    fn from(address: &str) -> Self {
        Self(address.to_owned())
    }
}

impl From<String> for ListenAddress {
    fn from(address: String) -> Self {
        Self(address)
    }
}
