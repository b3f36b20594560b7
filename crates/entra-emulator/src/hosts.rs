//! The names under which the emulator answers.

use std::net::SocketAddr;

/// The names that a request may carry in `Host`, with the port.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    canonical: String,
    port: u16,
    accepted: Vec<String>,
}

impl Hosts {
    /// `name` is the host as it was configured: an address or `localhost`.
    pub(crate) fn new(name: &str, address: SocketAddr) -> Self {
        let port = address.port();
        let with_port = |host: &str| if port == 80 { host.to_owned() } else { format!("{host}:{port}") };
        let canonical = with_port(&name.to_ascii_lowercase());
        let mut accepted: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(with_port).to_vec();
        if !accepted.contains(&canonical) {
            accepted.push(canonical.clone());
        }
        Self { canonical, port, accepted }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// `http://host:port` as configured.
    pub(crate) fn canonical_base(&self) -> String {
        format!("http://{}", self.canonical)
    }

    /// `http://host:port` as the request reached it; nothing when the name is not one of ours.
    pub(crate) fn base(&self, host: &str) -> Option<String> {
        let host = host.to_ascii_lowercase();
        self.accepted.contains(&host).then(|| format!("http://{host}"))
    }
}
