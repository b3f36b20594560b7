//! What can keep an emulator from starting.

use std::io;

use crate::directory::DirectoryError;

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// The listen address is not `host:port`, or its name does not resolve.
    #[error("cannot listen on {address}: not an address (expected host:port, such as 127.0.0.1:8400)")]
    Address {
        /// The address as it was given.
        address: String,
        /// What the resolver said.
        source: io::Error,
    },
    /// The listen address can be reached from other machines.
    #[error("refused to listen on {address}: the emulator asks for no password, so it listens on loopback only")]
    NotLoopback {
        /// The address as it was given.
        address: String,
    },
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address as it was given.
        address: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The directory contradicts itself.
    #[error("the directory is not usable: {0}")]
    Directory(#[from] DirectoryError),
    /// `auto_sign_in` names nobody.
    #[error("nobody in the directory signs in as {0:?} (auto_sign_in)")]
    UnknownUser(String),
    /// A further name is not a host name.
    #[error("{0:?} is not a host name (also_as): letters, digits, hyphens and dots, without a port")]
    Name(String),
    /// A key or certificate could not be made.
    #[error("cannot make the signing keys: {0}")]
    Keys(String),
}
