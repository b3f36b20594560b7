//! A figure against another one of the same run.

use std::{fs, path::PathBuf, time::Duration};

use criterion::Criterion;
use serde_json::Value;

/// Criterion, set up to measure for this long, and to write where [`assert_at_most`] reads.
#[must_use]
pub fn criterion(time: Duration) -> Criterion {
    Criterion::default().output_directory(&directory()).measurement_time(time).configure_from_args()
}

/// Prints `{group}/{new}` against `{group}/{base}` as criterion just measured them (medians, nanoseconds).
///
/// # Panics
/// When the ratio is above `most`, or criterion left no figures.
pub fn assert_at_most(group: &str, new: &str, base: &str, most: f64) {
    let (new_time, base_time) = (median(group, new), median(group, base));
    let ratio = new_time / base_time;
    println!("{group}: {new} {new_time:.0} ns / {base} {base_time:.0} ns = {ratio:.3} (at most {most})");
    assert!(ratio <= most, "{group}: {ratio:.3} is above {most}");
}

fn median(group: &str, name: &str) -> f64 {
    let file = directory().join(group).join(name).join("new").join("estimates.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let estimates: Value = serde_json::from_str(&text).expect("criterion writes JSON");
    estimates["median"]["point_estimate"].as_f64().expect("a median")
}

/// `criterion` in the build's target directory: the benchmark's own executable is in `target/release/deps`.
fn directory() -> PathBuf {
    let executable = std::env::current_exe().expect("this executable");
    executable.ancestors().nth(3).expect("target/release/deps/…").join("criterion")
}
