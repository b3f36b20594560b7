//! How much a finding weighs.

use std::fmt;

/// How much a [`Finding`](super::Finding) weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The start is refused. It cannot be silenced.
    Error,
    /// Worth a look. It can be silenced with `silenced_checks`.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}
