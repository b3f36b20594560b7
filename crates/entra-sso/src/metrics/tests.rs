use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use super::{Kind, MetricEntry, Values, markdown, register};

#[test]
fn names_and_labels_are_as_prometheus_wants_them() {
    let mut names = BTreeSet::new();
    for entry in register() {
        assert!(names.insert(entry.name), "{} is there once", entry.name);
        assert!(entry.name.starts_with("entra_sso_"), "{}", entry.name);
        let end = match entry.kind {
            Kind::Counter => "_total",
            Kind::Seconds(_) => "_seconds",
            Kind::Gauge => "",
        };
        assert!(entry.name.ends_with(end), "{}", entry.name);
        assert!(entry.help.ends_with('.'), "{}", entry.name);
        if let Kind::Seconds(bounds) = entry.kind {
            assert!(bounds.is_sorted() && bounds.len() <= 12, "{}", entry.name);
        }
        for label in entry.labels {
            assert!(label.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", label.name);
            let values = label.values.all().unwrap_or_default();
            assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), values.len(), "{} {}", entry.name, label.name);
        }
    }
}

/// The most series that a metric can ever have, where the settings do not decide it.
fn series(entry: &MetricEntry) -> usize {
    let of_one = |values: Values| values.all().map_or(1, |values| values.len());
    let combinations: usize = entry.labels.iter().map(|label| of_one(label.values)).product();
    match entry.kind {
        Kind::Seconds(bounds) => combinations * (bounds.len() + 3),
        _ => combinations,
    }
}

#[test]
fn x3_the_number_of_series_is_bounded_whatever_is_asked() {
    let all: usize = register().iter().map(series).sum();
    assert!(all < 4_000, "{all}");
}

#[test]
fn the_committed_page_is_the_printed_one() {
    assert!(
        markdown() == include_str!("../../../../docs/metrics.md"),
        "docs/metrics.md is out of date: write it again with `cargo run -- docs metrics > docs/metrics.md`"
    );
}

fn docs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn the_dashboard_shows_every_metric_and_nothing_else() {
    let text = std::fs::read_to_string(docs().join("grafana/entra-sso.json")).expect("the dashboard");
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    assert!(dashboard["schemaVersion"].as_u64().is_some_and(|version| version >= 39));
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    assert!(variables.iter().any(|variable| variable["type"] == "datasource" && variable["name"] == "datasource"));

    let mut shown = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        assert!(ids.insert(panel["id"].as_u64().expect("an id")), "{}", panel["title"]);
        if panel["type"] == "row" {
            continue;
        }
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
        let targets = panel["targets"].as_array().expect("targets");
        assert!(!targets.is_empty(), "{}", panel["title"]);
        for target in targets {
            shown.extend(asked(target["expr"].as_str().expect("an expression")));
        }
    }
    let known: BTreeSet<&str> = register().iter().map(|entry| entry.name).collect();
    assert_eq!(shown.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn every_alert_asks_for_metrics_and_labels_that_there_are() {
    let page = std::fs::read_to_string(docs().join("observability.md")).expect("the page");
    let alerts = page.split("```yaml").nth(1).and_then(|rest| rest.split("```").next()).expect("the alerts");
    let expressions: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert!(expressions.len() >= 6, "{expressions:?}");
    for expression in expressions {
        assert!(!asked(expression).is_empty(), "{expression}");
    }
}

/// The metrics that an expression asks for, which have to be known with all labels that it names.
fn asked(expression: &str) -> BTreeSet<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut metrics = BTreeSet::new();
    for (at, _) in expression.match_indices("entra_sso_") {
        let rest = &expression[at..];
        let series = &rest[..rest.find(|letter| !is_name(letter)).unwrap_or(rest.len())];
        let entry = register().iter().find(|entry| match entry.kind {
            Kind::Seconds(_) => {
                ["_bucket", "_sum", "_count"].iter().any(|end| series.strip_suffix(end) == Some(entry.name))
            }
            _ => series == entry.name,
        });
        let entry = entry.unwrap_or_else(|| panic!("{series} is no metric"));
        if let Some(selector) = rest[series.len()..].strip_prefix('{') {
            check_selector(entry, selector.split('}').next().expect("a selector"));
        }
        metrics.insert(entry.name.to_owned());
    }
    for grouped in expression.split("by (").skip(1) {
        for label in grouped.split(')').next().expect("labels").split(',').map(str::trim).filter(|label| *label != "le")
        {
            let is_known = |entry: &MetricEntry| entry.labels.iter().any(|known| known.name == label);
            let mut of_expression = register().iter().filter(|entry| metrics.contains(entry.name));
            assert!(label == "instance" || of_expression.any(is_known), "{expression}: {label}");
        }
    }
    metrics
}

fn check_selector(entry: &MetricEntry, selector: &str) {
    for matcher in selector.split(',') {
        let (name, rest) = matcher.split_once(['=', '!']).expect("a matcher");
        if name == "instance" || name == "job" {
            continue;
        }
        let label = entry.labels.iter().find(|label| label.name == name);
        let label = label.unwrap_or_else(|| panic!("{} has no label {name}", entry.name));
        let values = rest.trim_start_matches(['=', '~']).trim_matches('"');
        if let Some(known) = label.values.all() {
            for value in values.split('|') {
                assert!(known.contains(&value), "{} {name}: {value} is no value", entry.name);
            }
        }
    }
}
