//! Why a Redis cannot be used.

use std::{error::Error, fmt};

use crate::fault::{Fault, FaultKind};

/// A Redis cannot be used. The text names it, what is wrong, and the cure, and never a password; `Debug` shows the same, since
/// that is what a `main` that ends with this error prints.
pub struct OpenError {
    kind: OpenErrorKind,
    server: String,
    source: Option<Fault>,
}

/// Why a Redis cannot be used.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenErrorKind {
    /// The URL cannot be read.
    BadUrl,
    /// The certificate authorities cannot be read.
    BadCertificates,
    /// Nobody answers there, or not over TLS as it was asked for, or with a certificate that is not trusted.
    Unreachable,
    /// The server does not know the user and password, or does not let them in.
    Refused,
    /// Anything else; the source says what.
    Other,
}

impl OpenError {
    /// Why the Redis cannot be used.
    #[must_use]
    pub fn kind(&self) -> OpenErrorKind {
        self.kind
    }

    /// Which part of the URL it is stays unsaid, since it may be a piece of a password.
    pub(crate) fn bad_url() -> Self {
        Self { kind: OpenErrorKind::BadUrl, server: "of the URL".to_owned(), source: None }
    }

    pub(crate) fn bad_certificates() -> Self {
        Self { kind: OpenErrorKind::BadCertificates, server: "of the options".to_owned(), source: None }
    }

    pub(crate) fn of_server(server: String, fault: Fault) -> Self {
        let kind = match fault.kind() {
            FaultKind::Lost => OpenErrorKind::Unreachable,
            FaultKind::Refused => OpenErrorKind::Refused,
            FaultKind::ReadOnly | FaultKind::Corrupt | FaultKind::Other => OpenErrorKind::Other,
        };
        Self { kind, server, source: Some(fault) }
    }

    fn cure(&self) -> &'static str {
        match self.kind {
            OpenErrorKind::BadUrl => "write it as redis://:password@host:6379/0, rediss://… for TLS, or unix:///path",
            OpenErrorKind::BadCertificates => "give the authority's certificates in PEM",
            OpenErrorKind::Unreachable => "start it, or correct host, port, redis:// or rediss:// (TLS) in the URL",
            OpenErrorKind::Refused => "correct user and password in the URL, or what the server allows them",
            OpenErrorKind::Other => "see what the server's log says",
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the Redis {} cannot be used", self.server)?;
        if let Some(source) = &self.source {
            write!(out, " ({source})")?;
        }
        write!(out, "; {}", self.cure())
    }
}

impl fmt::Debug for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: {self}", self.kind)
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
