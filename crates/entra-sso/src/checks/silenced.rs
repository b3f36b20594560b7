//! `silenced_checks`: warnings only, and only such as there are.

use crate::{
    errors::{Check, Finding, Severity, check_entries},
    settings::Settings,
};

pub(super) fn apply(settings: &Settings, findings: Vec<Finding>) -> Vec<Finding> {
    let is_silenced =
        |finding: &Finding| !finding.is_error() && settings.silenced_checks.iter().any(|id| id == finding.id);
    let mut kept: Vec<Finding> = findings.into_iter().filter(|finding| !is_silenced(finding)).collect();
    kept.extend(settings.silenced_checks.iter().filter_map(|id| wrong(id)));
    kept
}

fn wrong(id: &str) -> Option<Finding> {
    let setting = Some("silenced_checks");
    match check_entries().iter().find(|entry| entry.id == id) {
        None => Some(Finding::new(
            Check::SilencedUnknown,
            setting,
            format!("`silenced_checks` names {id:?}, which is no check."),
        )),
        Some(entry) if entry.severity == Severity::Error => {
            Some(Finding::new(Check::SilencedError, setting, format!("`silenced_checks` names the error {id}.")))
        }
        Some(_) => None,
    }
}
