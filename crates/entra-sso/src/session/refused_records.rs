//! What is told of records that open nothing.

use std::fmt::Display;

use entra_oidc::Timestamp;

use crate::{
    line_budget::{Line, LineBudget},
    metrics::record,
};

/// The log lines about records that are refused. Whoever has the cookie of one can ask as often as he likes, so that they
/// have the same budget as refusals that nobody is known for (X7).
#[derive(Default)]
pub(super) struct RefusedRecords(LineBudget);

impl RefusedRecords {
    pub(super) fn tell(&self, cause: &dyn Display, now: Timestamp) {
        match self.0.spend("stored session", now) {
            Line::Written { left_out } => tracing::warn!(%cause, left_out, "a stored session was refused"),
            Line::LeftOut => record::left_out(record::NO_CODE),
        }
    }
}
