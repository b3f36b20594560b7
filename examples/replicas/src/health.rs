//! Whether this replica is alive, whether it wants requests, and whether its stores answer.

use std::time::Duration;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use entra_sso::EntraSso;

use crate::stop::Stop;

/// A store that takes longer is as good as away: users would wait as long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Neither `live` nor `ready` asks a store: all replicas have the same ones. A store that is away would take every replica out
/// of the balancer at once, and users would get its empty page in place of ours, for longer than the store was away.
pub(crate) fn routes(sso: &EntraSso, stop: &Stop) -> Router {
    let ready = Router::new().route("/health/ready", get(ready)).with_state(stop.clone());
    let stores = Router::new().route("/health/stores", get(stores)).with_state(sso.clone());
    Router::new().route("/health/live", get(|| async { "alive\n" })).merge(ready).merge(stores)
}

/// For the balancer.
async fn ready(State(stop): State<Stop>) -> (StatusCode, &'static str) {
    if stop.is_requested() { (StatusCode::SERVICE_UNAVAILABLE, "stopping\n") } else { (StatusCode::OK, "ready\n") }
}

/// For an alarm. Says which store does not answer, and no more: what it said is in the log.
async fn stores(State(sso): State<EntraSso>) -> (StatusCode, String) {
    let Ok(report) = tokio::time::timeout(PATIENCE, sso.check_stores()).await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "the stores do not answer in time\n".to_owned());
    };
    let status = if report.has_failed() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let lines: Vec<String> = report.lines.iter().map(|line| format!("{} {}\n", line.outcome, line.id)).collect();
    (status, lines.concat())
}
