//! Time, as a value and as one door.
//!
//! Pure code takes a [`Timestamp`] as its argument `now`. What waits asks a [`Clock`], and a test hands it a
//! [`ManualClock`]. The monotonic clock of the process is not used anywhere.

mod http_date;
mod manual;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

pub(crate) use http_date::http_date;
pub use manual::ManualClock;

/// A moment: whole seconds since 1970-01-01T00:00:00Z, as in a JWT's `NumericDate` (RFC 7519 section 2).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that lies `seconds` after the epoch.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This moment and `duration` more. Parts of a second are dropped; the end of the range stops it.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(seconds(duration)))
    }

    /// This moment less `duration`. Parts of a second are dropped; the start of the range stops it.
    #[must_use]
    pub const fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(seconds(duration)))
    }

    /// The time that has passed since `earlier`; zero when `earlier` is the later one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        if self.0 <= earlier.0 { Duration::ZERO } else { Duration::from_secs(self.0.abs_diff(earlier.0)) }
    }
}

const fn seconds(duration: Duration) -> i64 {
    let seconds = duration.as_secs();
    if seconds > i64::MAX.unsigned_abs() { i64::MAX } else { seconds.cast_signed() }
}

/// Where the time comes from. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::from_fn(system_now)
    }

    /// A clock that answers what `now` answers.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one door to the time")]
fn system_now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(seconds(since_epoch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates_and_never_runs_backwards() {
        let noon = Timestamp::from_unix(1_000);
        assert_eq!(noon.plus(Duration::from_millis(1_999)).unix(), 1_001);
        assert_eq!(noon.minus(Duration::from_secs(2_000)).unix(), -1_000);
        assert_eq!(noon.plus(Duration::MAX).unix(), i64::MAX);
        assert_eq!(Timestamp::from_unix(i64::MIN).minus(Duration::MAX).unix(), i64::MIN);
        assert_eq!(noon.since(Timestamp::from_unix(400)), Duration::from_mins(10));
        assert_eq!(noon.since(Timestamp::from_unix(1_001)), Duration::ZERO);
        assert_eq!(Timestamp::from_unix(i64::MAX).since(Timestamp::from_unix(i64::MIN)).as_secs(), u64::MAX);
    }

    #[test]
    fn the_system_clock_is_past_2025() {
        assert!(Clock::system().now() > Timestamp::from_unix(1_735_689_600));
    }
}
