//! Where the log goes: stderr, so that stdout stays for what the command says.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::{environment::Environment, failure::Failure};

/// `RUST_LOG` decides what is written; without it warnings and errors.
pub(crate) fn start(environment: &Environment) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .parse(environment.get("RUST_LOG").unwrap_or_default())
        .map_err(|error| Failure::new(format_args!("RUST_LOG cannot be read: {error}; for example RUST_LOG=info")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(stderr().is_terminal());
    log.with_writer(stderr).init();
    Ok(())
}
