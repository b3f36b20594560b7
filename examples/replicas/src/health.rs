//! Whether this replica is alive, and whether it can do its work.

use std::time::Duration;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use entra_sso::EntraSso;

/// A store that takes longer is not ready: users would wait as long.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn routes(sso: &EntraSso) -> Router {
    Router::new()
        // Asks nobody: a replica is not to be killed because a store is away.
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/health/ready", get(ready))
        .with_state(sso.clone())
}

/// Says which store does not answer, and no more: what it said is in the log.
async fn ready(State(sso): State<EntraSso>) -> (StatusCode, String) {
    let Ok(report) = tokio::time::timeout(PATIENCE, sso.check_stores()).await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "the stores do not answer in time\n".to_owned());
    };
    let status = if report.has_failed() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let lines: Vec<String> = report.lines.iter().map(|line| format!("{} {}\n", line.outcome, line.id)).collect();
    (status, lines.concat())
}
