//! A recorder in the form that Prometheus reads.

use std::{
    error::Error,
    fmt,
    sync::{Mutex, OnceLock, PoisonError},
};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use super::{
    record,
    register::{Kind, register},
};

/// Ours, once it records for the process.
static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
/// Held while it is decided who records.
static DECIDING: Mutex<()> = Mutex::new(());

/// What has been recorded, as text for Prometheus. Cheap to clone.
///
/// An application that serves its own `/metrics` uses it in place of [`EntraSso::serve_metrics`](crate::EntraSso::serve_metrics):
///
/// ```
/// # fn serve() -> Result<(), entra_sso::metrics::RecorderTaken> {
/// let prometheus = entra_sso::metrics::Prometheus::install()?;
/// // In the handler of a path that only the scraper reaches:
/// let text = prometheus.render();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Prometheus(PrometheusHandle);

impl Prometheus {
    /// Records for the whole process from now on. A second time gives the same.
    ///
    /// Build [`EntraSso`](crate::EntraSso) afterwards, so that what is known at its start is recorded too.
    ///
    /// # Errors
    /// Somebody else records already: his recorder has our metrics, and this one is not needed.
    pub fn install() -> Result<Prometheus, RecorderTaken> {
        let _deciding = DECIDING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = INSTALLED.get() {
            return Ok(Prometheus(handle.clone()));
        }
        let recorder = recorder();
        let handle = recorder.handle();
        ::metrics::set_global_recorder(recorder).map_err(|_| RecorderTaken(()))?;
        record::describe();
        Ok(Prometheus(INSTALLED.get_or_init(|| handle).clone()))
    }

    /// Everything recorded until now, in the text format 0.0.4.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Adds up what was measured since the last time. [`Prometheus::render`] does it too; without either, measurements pile up.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prometheus(…)")
    }
}

/// With the buckets of the register, for our metrics; whatever else the application records has none and becomes a summary.
pub(super) fn recorder() -> PrometheusRecorder {
    let mut builder = PrometheusBuilder::new();
    for entry in register() {
        if let Kind::Seconds(bounds) = entry.kind {
            builder = builder
                .set_buckets_for_metric(Matcher::Full(entry.name.to_owned()), bounds)
                .expect("a metric of the register has buckets");
        }
    }
    builder.build_recorder()
}

/// Another recorder of the `metrics` facade is there already.
#[derive(Debug)]
pub struct RecorderTaken(());

impl fmt::Display for RecorderTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the application has a recorder of its own already, which has these metrics too")
    }
}

impl Error for RecorderTaken {}
