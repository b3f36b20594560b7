//! What the live checks found at the start: failures are told, the rest is counted.

use entra_sso::{
    EntraSso,
    checks::{LiveOutcome, LiveReport},
};
use tokio::task::JoinHandle;

use crate::check::counts;

/// One fact for the greeting, and a line for each failure.
pub(super) fn told(report: &LiveReport) -> Vec<String> {
    let failed = report.lines.iter().filter(|line| line.outcome == LiveOutcome::Failed);
    let count = format!("  {:<16}{}", "Checks", counts(report));
    std::iter::once(count).chain(failed.map(|line| format!("    {line}"))).collect()
}

/// Tells them when they are there: Microsoft may be slow, and the application answers meanwhile.
pub(super) fn told_later(sso: &EntraSso) -> JoinHandle<()> {
    let sso = sso.clone();
    tokio::spawn(async move { println!("\n{}", told(&sso.check_live().await).join("\n")) })
}
