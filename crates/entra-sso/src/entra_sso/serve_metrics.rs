//! `EntraSso::serve_metrics` (feature `metrics`).

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use super::EntraSso;
use crate::{
    errors::{SsoError, SsoErrorKind},
    metrics::{MetricsListener, Prometheus},
};

impl EntraSso {
    /// Serves the metrics of this process at the setting `metrics_listen`, for Prometheus: `GET /metrics` and nothing else, apart
    /// from the application. Without the setting nothing happens, and the answer is `None`.
    ///
    /// An application that has installed a recorder of its own already has our metrics in it: then nothing is served here,
    /// a warning says so, and the answer is `None` as well.
    ///
    /// ```no_run
    /// # async fn serve(sso: entra_sso::EntraSso, app: axum::Router) -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = sso.serve_metrics().await?;
    /// axum::serve(tokio::net::TcpListener::bind("localhost:8000").await?, app).await?;
    /// if let Some(metrics) = metrics {
    ///     metrics.stop().await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// E153: the address cannot be listened on, with its cure.
    pub async fn serve_metrics(&self) -> Result<Option<MetricsListener>, SsoError> {
        let Some(address) = self.context.settings.metrics_listen else { return Ok(None) };
        let prometheus = match Prometheus::install() {
            Ok(prometheus) => prometheus,
            Err(taken) => {
                tracing::warn!("`metrics_listen` is set, and nothing is served there: {taken}");
                return Ok(None);
            }
        };
        self.context.describe_metrics();
        let listener = MetricsListener::bind(address, prometheus).await;
        let listener = listener.map_err(|error| not_bound(address, error))?;
        tracing::info!("metrics are served at http://{}/metrics", listener.address());
        Ok(Some(listener))
    }
}

fn not_bound(address: SocketAddr, error: io::Error) -> SsoError {
    let why = match error.kind() {
        ErrorKind::AddrInUse => "the port is taken: end the program that has it, or choose another one",
        ErrorKind::PermissionDenied => "ports below 1024 need privileges: choose another one",
        ErrorKind::AddrNotAvailable => "this machine has no such address: choose another one",
        _ => "choose another address",
    };
    SsoError::new(SsoErrorKind::MetricsUnavailable, format!("cannot listen on {address}: {why}")).caused_by(error)
}
