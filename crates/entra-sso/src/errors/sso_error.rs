//! What stops a start.

use std::{error::Error, fmt};

use entra_oidc::{Blame, ConfigError, ErrorEntry};

use super::finding::Finding;

/// Why [`EntraSso`](crate::EntraSso) could not be built.
///
/// Its `Debug` is as readable as its `Display`: code, cause and cure of every problem, because `?` in `main` prints
/// `Debug`.
pub struct SsoError {
    kind: SsoErrorKind,
    detail: String,
    findings: Vec<Finding>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of problem stopped the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SsoErrorKind {
    /// The settings have findings of severity error.
    SettingsRefused,
    /// The protocol crate refused its configuration; the source says why.
    ClientRefused,
    /// The HTTP client could not be built.
    HttpClientUnavailable,
    /// Metrics cannot be served.
    MetricsUnavailable,
}

impl SsoErrorKind {
    pub(super) const ALL: &[SsoErrorKind] = &[
        SsoErrorKind::SettingsRefused,
        SsoErrorKind::ClientRefused,
        SsoErrorKind::HttpClientUnavailable,
        SsoErrorKind::MetricsUnavailable,
    ];

    /// The register's entry.
    #[must_use]
    pub fn entry(self) -> &'static ErrorEntry {
        match self {
            SsoErrorKind::SettingsRefused => &SETTINGS_REFUSED,
            SsoErrorKind::ClientRefused => &CLIENT_REFUSED,
            SsoErrorKind::HttpClientUnavailable => &HTTP_CLIENT_UNAVAILABLE,
            SsoErrorKind::MetricsUnavailable => &METRICS_UNAVAILABLE,
        }
    }
}

const PUBLIC: &str = "Sign-in is not available at the moment.";

static SETTINGS_REFUSED: ErrorEntry = ErrorEntry {
    code: "E150",
    name: "SettingsRefused",
    blame: Blame::Operator,
    public: PUBLIC,
    remedy: "Correct each setting that the error lists; every line names the setting and its cure. `entra-sso check` \
     shows the same list.",
};
static CLIENT_REFUSED: ErrorEntry = ErrorEntry {
    code: "E151",
    name: "ClientRefused",
    blame: Blame::Operator,
    public: PUBLIC,
    remedy: "The text names the part of the application's registration or authority that cannot be used (an E1xx code \
     of its own).",
};
static HTTP_CLIENT_UNAVAILABLE: ErrorEntry = ErrorEntry {
    code: "E152",
    name: "HttpClientUnavailable",
    blame: Blame::Operator,
    public: PUBLIC,
    remedy: "Check that `ca_file` names a readable PEM file and that the proxy variables of the system are URLs.",
};

static METRICS_UNAVAILABLE: ErrorEntry = ErrorEntry {
    code: "E153",
    name: "MetricsUnavailable",
    blame: Blame::Operator,
    public: PUBLIC,
    remedy: "Give `metrics_listen` an address of this machine and a free port (0 takes any), or remove it.",
};

impl SsoError {
    /// The settings are not usable: these findings say why.
    #[must_use]
    pub fn refused(findings: Vec<Finding>) -> SsoError {
        SsoError { kind: SsoErrorKind::SettingsRefused, detail: String::new(), findings, source: None }
    }

    /// Something other than the settings stopped the start. `detail` says what was expected and got, never a secret.
    #[must_use]
    pub fn new(kind: SsoErrorKind, detail: impl Into<String>) -> SsoError {
        SsoError { kind, detail: detail.into(), findings: Vec::new(), source: None }
    }

    /// The same with the error below it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> SsoError {
        self.source = Some(Box::new(source));
        self
    }

    /// What kind of problem this is.
    #[must_use]
    pub fn kind(&self) -> SsoErrorKind {
        self.kind
    }

    /// The stable code, such as `E150`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.entry().code
    }

    /// What was found in the settings; empty for the other kinds.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl From<Finding> for SsoError {
    fn from(finding: Finding) -> SsoError {
        SsoError::refused(vec![finding])
    }
}

impl From<ConfigError> for SsoError {
    fn from(error: ConfigError) -> SsoError {
        SsoError::new(SsoErrorKind::ClientRefused, error.to_string()).caused_by(error)
    }
}

impl fmt::Display for SsoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.kind.entry();
        write!(f, "{} {}", entry.code, entry.name)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if self.findings.is_empty() {
            return write!(f, "\n  cure: {}", entry.remedy);
        }
        write!(f, ": {}", counted(self.findings.len()))?;
        for finding in &self.findings {
            write!(f, "\n\n  {} ({}): {}\n  cure: {}", finding.id, finding.severity, finding.cause, finding.remedy)?;
        }
        Ok(())
    }
}

fn counted(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}

impl fmt::Debug for SsoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for SsoError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
