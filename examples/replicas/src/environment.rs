//! What this application reads of the environment beside the settings of the sign-in.

use std::{net::SocketAddr, time::Duration};

use crate::stop::Patience;

pub(crate) struct Environment {
    /// `LISTEN`: where to listen. Default: `127.0.0.1:8000`.
    pub(crate) listen: SocketAddr,
    /// `REPLICA`: what this process is called in the header `x-replica`. Default: `one`.
    pub(crate) replica: String,
    /// `DRAIN_SECONDS` and `GRACE_SECONDS`: the steps after SIGTERM. Together with what `EntraSso::shutdown` may take (50 s) less
    /// than what the platform gives before it kills (Kubernetes: 30 s, unless it is told). Default: 5 and 20.
    pub(crate) patience: Patience,
    /// `RUST_LOG`: what is logged. Default: `info`.
    pub(crate) log: String,
}

impl Environment {
    pub(crate) fn read() -> Result<Self, String> {
        let listen = variable("LISTEN").unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        Ok(Self {
            listen: listen.parse().map_err(|_| format!("LISTEN: {listen:?} is not ADDRESS:PORT"))?,
            replica: variable("REPLICA").unwrap_or_else(|| "one".to_owned()),
            patience: Patience { drain: seconds("DRAIN_SECONDS", 5)?, grace: seconds("GRACE_SECONDS", 20)? },
            log: variable("RUST_LOG").unwrap_or_else(|| "info".to_owned()),
        })
    }
}

fn seconds(name: &str, default: u64) -> Result<Duration, String> {
    let Some(value) = variable(name) else { return Ok(Duration::from_secs(default)) };
    value.parse().map(Duration::from_secs).map_err(|_| format!("{name}: {value:?} is not a whole number of seconds"))
}

#[expect(clippy::disallowed_methods, reason = "this is the one door to the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
