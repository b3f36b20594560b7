//! What this application reads of the environment beside the settings of the sign-in.

use std::{net::SocketAddr, time::Duration};

pub(crate) struct Environment {
    /// `LISTEN`: where to listen. Default: `127.0.0.1:8000`.
    pub(crate) listen: SocketAddr,
    /// `REPLICA`: what this process is called in the header `x-replica`. Default: `one`.
    pub(crate) replica: String,
    /// `GRACE_SECONDS`: how long requests under way may take after SIGTERM. A little less than what the platform gives before it
    /// kills (Kubernetes: 30 s). Default: 25.
    pub(crate) grace: Duration,
    /// `RUST_LOG`: what is logged. Default: `info`.
    pub(crate) log: String,
}

impl Environment {
    pub(crate) fn read() -> Result<Self, String> {
        let listen = variable("LISTEN").unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        let grace = variable("GRACE_SECONDS").unwrap_or_else(|| "25".to_owned());
        Ok(Self {
            listen: listen.parse().map_err(|_| format!("LISTEN: {listen:?} is not ADDRESS:PORT"))?,
            replica: variable("REPLICA").unwrap_or_else(|| "one".to_owned()),
            grace: grace
                .parse()
                .map(Duration::from_secs)
                .map_err(|_| format!("GRACE_SECONDS: {grace:?} is no number"))?,
            log: variable("RUST_LOG").unwrap_or_else(|| "info".to_owned()),
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one door to the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
