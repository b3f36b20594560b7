//! What is counted on the tour, and under which labels.

use std::collections::{BTreeMap, BTreeSet};

use entra_sso::metrics::{Kind, MetricEntry, register};

use super::tour::{self, CANARY};

/// One line of the text for Prometheus.
struct Series {
    metric: &'static MetricEntry,
    labels: BTreeMap<String, String>,
    value: f64,
}

fn all(text: &str) -> Vec<Series> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(series).collect()
}

fn series(line: &str) -> Series {
    let (name, value) = line.rsplit_once(' ').expect("a value");
    let (name, labels) = name.split_once('{').unwrap_or((name, ""));
    let is_it = |entry: &&MetricEntry| match entry.kind {
        Kind::Seconds(_) => {
            ["", "_sum", "_count", "_bucket"].iter().any(|end| name.strip_suffix(end) == Some(entry.name))
        }
        _ => name == entry.name,
    };
    let metric = register().iter().find(is_it).unwrap_or_else(|| panic!("{line} is in no register"));
    let labels = labels.trim_end_matches('}').split(',').filter_map(|label| label.split_once('='));
    let labels = labels.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()));
    let labels = labels.filter(|(name, _)| name != "quantile" && name != "le").collect();
    Series { metric, labels, value: value.parse().expect("a number") }
}

#[test]
fn f81_everything_in_the_register_is_counted() {
    let (_, notes) = tour::gone();
    let counted: BTreeSet<&str> = all(&notes.metrics).iter().map(|series| series.metric.name).collect();
    assert_eq!(counted, register().iter().map(|entry| entry.name).collect());
}

/// Every request of the tour's strangers has the canary in it.
#[test]
fn z1_x3_no_label_comes_from_a_request() {
    let (_, notes) = tour::gone();
    assert!(!notes.metrics.contains(CANARY) && !notes.metrics.contains("CANARY"));
    for Series { metric, labels, .. } in all(&notes.metrics) {
        assert_eq!(
            labels.keys().map(String::as_str).collect::<BTreeSet<_>>(),
            metric.labels.iter().map(|label| label.name).collect(),
            "{}",
            metric.name
        );
        for label in metric.labels {
            let value = labels[label.name].as_str();
            match label.values.all() {
                Some(known) => assert!(known.contains(&value), "{} {}={value}", metric.name, label.name),
                None => assert!(["default", "microsoft", "partner", "1"].contains(&value), "{} {value}", metric.name),
            }
        }
    }
}

#[test]
fn f81_what_happened_on_the_tour_is_counted() {
    let (_, notes) = tour::gone();
    let all = all(&notes.metrics);
    let sum = |metric: &str, labels: &[(&str, &str)]| {
        let fits = |series: &&Series| {
            let of = |(name, value): &(&str, &str)| series.labels.get(*name).is_some_and(|known| known == value);
            series.metric.name == metric && labels.iter().all(of)
        };
        all.iter().filter(fits).map(|series| series.value).sum::<f64>()
    };
    for (metric, label, values) in [
        ("entra_sso_starts_total", "journey", &["sign_in"][..]),
        ("entra_sso_sign_ins_total", "outcome", &["signed_in", "new_user", "denied", "failed", "restarted"]),
        ("entra_sso_sign_ins_total", "code", &["none", "E231"]),
        (
            "entra_sso_sign_outs_total",
            "way",
            &["browser", "everywhere", "front_channel", "back_channel", "application"],
        ),
        (
            "entra_sso_sessions_ended_total",
            "reason",
            &[
                "sign_out",
                "everywhere",
                "front_channel",
                "back_channel",
                "application",
                "refresh_refused",
                "token_over",
                "user_gone",
                "replaced",
            ],
        ),
        ("entra_sso_refreshes_total", "outcome", &["refreshed", "signed_out", "failed"]),
        ("entra_sso_refreshes_total", "wanted", &["sign_in", "api"]),
        ("entra_sso_upstream_duration_seconds", "endpoint", &["discovery", "keys", "token", "userinfo", "graph_me"]),
        ("entra_sso_upstream_duration_seconds", "outcome", &["ok", "4xx", "5xx"]),
        ("entra_sso_key_fetches_total", "outcome", &["ok"]),
        ("entra_sso_store_duration_seconds", "operation", &["create", "load", "replace", "delete", "find", "mark"]),
        ("entra_sso_store_duration_seconds", "outcome", &["ok", "absent", "error"]),
    ] {
        for value in values {
            assert!(sum(metric, &[(label, value)]) > 0.0, "{metric} {label}={value}");
        }
    }
    for way in ["browser", "everywhere", "front_channel", "back_channel", "application"] {
        assert!((sum("entra_sso_sign_outs_total", &[("way", way)]) - 1.0).abs() < 0.1, "one sign-out by {way}");
    }
    let (begun, ended) = (sum("entra_sso_sessions_begun_total", &[]), sum("entra_sso_sessions_ended_total", &[]));
    assert!(begun >= ended && ended > 10.0, "{begun} sessions began and {ended} ended");
    assert!(sum("entra_sso_log_lines_left_out_total", &[]) >= 10.0, "the flood");
    let expiry = sum("entra_sso_credential_expiry_timestamp_seconds", &[("provider", "microsoft")]);
    assert!(expiry > 1_795_262_400.0, "{expiry}");
}
