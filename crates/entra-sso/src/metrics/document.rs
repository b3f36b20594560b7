//! `docs/metrics.md`, printed from the register.

use std::fmt::Write as _;

use super::register::{Kind, LabelEntry, MetricEntry, Values, register};

const HEAD: &str = "\
# Metrics

Printed by `entra-sso docs metrics`; do not edit it by hand.

With the cargo feature `metrics` everything below goes through the `metrics` facade: an application with a recorder of its own
finds it there. `EntraSso::serve_metrics` serves it for Prometheus at `metrics_listen`, at the path `/metrics` and nowhere else.
Nobody is asked who he is there, so keep it on loopback or behind something that asks.

No label comes from a request or a user. Times are in seconds. How to read them, and which alerts are worth having, is in
[observability.md](observability.md); `docs/grafana/entra-sso.json` is a dashboard.

| metric | kind | labels |
|---|---|---|
";

/// The register as a Markdown page.
#[must_use]
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for entry in register() {
        let labels: Vec<_> = entry.labels.iter().map(|label| format!("`{}`", label.name)).collect();
        let _ = writeln!(page, "| `{}` | {} | {} |", entry.name, kind(entry), labels.join(", "));
    }
    for entry in register() {
        let _ = write!(page, "\n## {}\n\n{}\n", entry.name, entry.help);
        if !entry.labels.is_empty() {
            page.push('\n');
        }
        for label in entry.labels {
            let _ = writeln!(page, "- `{}`: {}", label.name, values(label));
        }
        if let Kind::Seconds(bounds) = entry.kind {
            let bounds: Vec<_> = bounds.iter().map(ToString::to_string).collect();
            let _ = write!(page, "\nBuckets: {}.\n", bounds.join(", "));
        }
    }
    page
}

fn kind(entry: &MetricEntry) -> &'static str {
    match entry.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Seconds(_) => "histogram",
    }
}

fn values(label: &LabelEntry) -> String {
    match label.values {
        Values::Codes => "a code of [errors.md](errors.md), E100–E399, or `none`".to_owned(),
        Values::Settings(what) => format!("of the settings: {what}"),
        values => {
            values.all().unwrap_or_default().iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
        }
    }
}
