//! Counts and times, for Prometheus or for whoever else listens (cargo feature `metrics`).
//!
//! 1. Everything that is counted stands in one [`register`]; `docs/metrics.md` is printed from it.
//! 2. No label comes from a request or a user: each has a closed set of values, and a test counts them.
//! 3. With the feature, everything goes through the `metrics` facade: an application that has installed a recorder of its own
//!    finds ours in it. Without the feature nothing is measured, and nothing is there at run time.
//! 4. `EntraSso::serve_metrics` serves them for Prometheus at `metrics_listen`, on a listener of its own and at the path
//!    `/metrics`. Nobody is asked who he is there: keep it on loopback, or behind something that asks.

mod document;
pub(crate) mod labels;
#[cfg(feature = "metrics")]
mod listener;
#[cfg(feature = "metrics")]
mod prometheus;
pub(crate) mod record;
mod register;
mod stopwatch;
#[cfg(test)]
mod tests;
pub(crate) mod upstream;

pub use self::{
    document::markdown,
    register::{Kind, LabelEntry, MetricEntry, Values, register},
};
#[cfg(feature = "metrics")]
pub use self::{
    listener::MetricsListener,
    prometheus::{Prometheus, RecorderTaken},
};
