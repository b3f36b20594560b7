//! Microsoft away, slow or odd; keys that rotate; many at once; clocks that jump. Each test prints its figure.

mod clock_jumps;
mod cold_start;
mod leaks;
mod outages;
mod rotation;
mod stand;
mod unknown_keys;

use std::time::{Duration, Instant};

/// A line that whoever looks at a run with `--nocapture` can find.
fn figure(text: impl AsRef<str>) {
    println!("figure: {}", text.as_ref());
}

/// How long it takes, by a stopwatch: the time is no value here, it is what is measured.
#[expect(clippy::disallowed_methods, reason = "how long something takes can only be measured")]
async fn timed<T>(run: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let outcome = run.await;
    (outcome, begun.elapsed())
}
