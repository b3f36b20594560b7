//! Where things are counted. Without the cargo feature `metrics` all of it is nothing.

use std::future::Future;

#[cfg(feature = "metrics")]
use ::metrics::{Label, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use entra_oidc::Endpoint;
#[cfg(feature = "metrics")]
use entra_oidc::{CredentialKind, Timestamp};

#[cfg(feature = "metrics")]
use super::register::Kind;
use super::{
    labels::{
        Ended, Fetch, OverBudget, Refresh, SignIn, SignOut, Started, StoreOperation, StoreOutcome, Upstream, Wanted,
    },
    register::{self, MetricEntry},
    stopwatch::Stopwatch,
};

/// The code of what has none.
pub(crate) const NO_CODE: &str = "none";

/// A browser is sent away.
pub(crate) fn started(journey: Started) {
    count(&register::STARTS, &[journey.as_str()], 1);
}

/// A sign-in came to an end; with the register's code when it was refused.
pub(crate) fn sign_in(outcome: SignIn, code: &'static str) {
    count(&register::SIGN_INS, &[outcome.as_str(), code], 1);
}

/// Something was refused.
pub(crate) fn refused(code: &'static str) {
    count(&register::REFUSALS, &[code], 1);
}

/// A refusal has no log line of its own, or, with [`NO_CODE`], something else has none.
pub(crate) fn left_out(code: &'static str) {
    count(&register::LOG_LINES_LEFT_OUT, &[code], 1);
}

/// A session began.
pub(crate) fn session_begun() {
    count(&register::SESSIONS_BEGUN, &[], 1);
}

/// Sessions ended.
pub(crate) fn sessions_ended(reason: Ended, sessions: u64) {
    if sessions > 0 {
        count(&register::SESSIONS_ENDED, &[reason.as_str()], sessions);
    }
}

/// Somebody signed out.
pub(crate) fn signed_out(way: SignOut) {
    count(&register::SIGN_OUTS, &[way.as_str()], 1);
}

/// A sign-out that nobody proves came too often.
pub(crate) fn over_budget(what: OverBudget) {
    count(&register::FRAMES_OVER_BUDGET, &[what.as_str()], 1);
}

/// A refresh came to an end.
pub(crate) fn refreshed(wanted: Wanted, outcome: Refresh) {
    count(&register::REFRESHES, &[wanted.as_str(), outcome.as_str()], 1);
}

/// A call of a store: how long it took, and what it said by the words of `judge`. An error is `error`.
pub(crate) async fn store<T, E>(
    operation: StoreOperation,
    call: impl Future<Output = Result<T, E>>,
    judge: fn(&T) -> StoreOutcome,
) -> Result<T, E> {
    let stopwatch = Stopwatch::start();
    let answer = call.await;
    let outcome = answer.as_ref().map_or(StoreOutcome::Error, judge);
    time(&register::STORE_SECONDS, &[operation.as_str(), outcome.as_str()], &stopwatch);
    answer
}

/// A request to somebody else: how long it took and what came of it by the words of `judge`.
pub(super) async fn upstream<T>(endpoint: Endpoint, call: impl Future<Output = T>, judge: fn(&T) -> Upstream) -> T {
    let stopwatch = Stopwatch::start();
    let answer = call.await;
    let outcome = judge(&answer);
    time(&register::UPSTREAM_SECONDS, &[endpoint.as_str(), outcome.as_str()], &stopwatch);
    if endpoint == Endpoint::Keys {
        let fetch = if outcome == Upstream::Ok { Fetch::Ok } else { Fetch::Failed };
        count(&register::KEY_FETCHES, &[fetch.as_str()], 1);
    }
    answer
}

/// When a credential expires: the one at this place (from 1) of a provider's list at a site.
#[cfg(feature = "metrics")]
pub(crate) fn credential_expiry(site: &str, provider: &str, kind: CredentialKind, position: usize, at: Timestamp) {
    let entry = &register::CREDENTIAL_EXPIRY;
    let values = [site, provider, kind.as_str(), &position.to_string()];
    let labels = entry.labels.iter().zip(values);
    let labels: Vec<Label> = labels.map(|(label, value)| Label::new(label.name, value.to_owned())).collect();
    #[expect(clippy::cast_precision_loss, reason = "a date in seconds is exact in an f64 for ages")]
    gauge!(entry.name, labels).set(at.unix() as f64);
}

/// Tells the recorder what everything is, and which version counts; counters with few series begin at 0.
#[cfg(feature = "metrics")]
pub(crate) fn describe() {
    for entry in register::register() {
        match entry.kind {
            Kind::Counter => describe_counter!(entry.name, entry.help),
            Kind::Gauge => describe_gauge!(entry.name, entry.help),
            Kind::Seconds(_) => describe_histogram!(entry.name, Unit::Seconds, entry.help),
        }
        begin_at_zero(entry);
    }
    gauge!(register::BUILD_INFO.name, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

#[cfg(feature = "metrics")]
fn begin_at_zero(entry: &'static MetricEntry) {
    if entry.kind != Kind::Counter {
        return;
    }
    match entry.labels {
        [] => count(entry, &[], 0),
        [label] => {
            let register::Values::Listed(values) = label.values else { return };
            for value in values {
                count(entry, &[value], 0);
            }
        }
        _ => {}
    }
}

#[cfg(feature = "metrics")]
fn count(entry: &'static MetricEntry, values: &[&'static str], times: u64) {
    counter!(entry.name, labels(entry, values)).increment(times);
}

#[cfg(not(feature = "metrics"))]
fn count(_: &'static MetricEntry, _: &[&'static str], _: u64) {}

#[cfg(feature = "metrics")]
fn time(entry: &'static MetricEntry, values: &[&'static str], stopwatch: &Stopwatch) {
    histogram!(entry.name, labels(entry, values)).record(stopwatch.seconds());
}

#[cfg(not(feature = "metrics"))]
fn time(_: &'static MetricEntry, _: &[&'static str], _: &Stopwatch) {}

#[cfg(feature = "metrics")]
fn labels(entry: &'static MetricEntry, values: &[&'static str]) -> Vec<Label> {
    debug_assert_eq!(entry.labels.len(), values.len(), "{}", entry.name);
    entry.labels.iter().zip(values).map(|(label, value)| Label::from_static_parts(label.name, value)).collect()
}
