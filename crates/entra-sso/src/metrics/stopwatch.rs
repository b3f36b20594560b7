#[cfg(feature = "metrics")]
use std::time::Instant;

/// How long something takes, for a histogram and for nothing else. Without the feature it does not run.
pub(super) struct Stopwatch {
    #[cfg(feature = "metrics")]
    started: Instant,
}

impl Stopwatch {
    #[cfg_attr(
        feature = "metrics",
        expect(clippy::disallowed_methods, reason = "what is measured here decides nothing")
    )]
    pub(super) fn start() -> Stopwatch {
        Stopwatch {
            #[cfg(feature = "metrics")]
            started: Instant::now(),
        }
    }

    #[cfg(feature = "metrics")]
    pub(super) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}
