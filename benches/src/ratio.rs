//! A figure against another one of the same run.

use std::{fs, path::PathBuf};

use serde_json::Value;

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
    let file = target().join("criterion").join(group).join(name).join("new").join("estimates.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let estimates: Value = serde_json::from_str(&text).expect("criterion writes JSON");
    estimates["median"]["point_estimate"].as_f64().expect("a median")
}

/// The build's target directory: two levels above the benchmark's own executable's folder.
fn target() -> PathBuf {
    let executable = std::env::current_exe().expect("this executable");
    executable.ancestors().nth(3).expect("target/release/deps/…").to_owned()
}
