//! Secrets of one run.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::chance;

/// A text that callers must show; random, and another one in every run.
pub(crate) struct RunSecret(String);

impl RunSecret {
    pub(crate) fn random() -> Self {
        Self(chance::text::<32>())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is what was sent; takes as long for a near miss as for a far one.
    pub(crate) fn is(&self, sent: &str) -> bool {
        verify_slices_are_equal(sent.as_bytes(), self.0.as_bytes()).is_ok()
    }
}

impl fmt::Debug for RunSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunSecret(…)")
    }
}
