//! The emulator's time.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::guarded::Guarded;

/// The emulator's clock, in whole seconds since the Unix epoch. Clones show the same time.
///
/// It runs with the system until it is [`set`](EmulatorClock::set), then it stands still and moves only by
/// [`advance`](EmulatorClock::advance).
#[derive(Clone, Debug)]
pub struct EmulatorClock(Arc<Guarded<Hand>>);

#[derive(Copy, Clone, Debug)]
enum Hand {
    /// System time and this many seconds.
    Running(i64),
    /// Exactly this time.
    Standing(i64),
}

impl EmulatorClock {
    /// A clock that runs with the system's.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Guarded::new(Hand::Running(0))))
    }

    /// A clock that stands at `unix` seconds.
    #[must_use]
    pub fn at(unix: i64) -> Self {
        Self(Arc::new(Guarded::new(Hand::Standing(unix))))
    }

    /// The time, in seconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> i64 {
        match self.0.with(|hand| *hand) {
            Hand::Running(offset) => system_now().saturating_add(offset),
            Hand::Standing(unix) => unix,
        }
    }

    /// Moves the clock forward; fractions of a second are dropped.
    pub fn advance(&self, by: Duration) {
        self.shift(i64::try_from(by.as_secs()).unwrap_or(i64::MAX));
    }

    /// Moves the clock back; fractions of a second are dropped.
    pub fn rewind(&self, by: Duration) {
        self.shift(i64::try_from(by.as_secs()).map_or(i64::MIN, i64::saturating_neg));
    }

    /// Stops the clock at `unix` seconds.
    pub fn set(&self, unix: i64) {
        self.0.with(|hand| *hand = Hand::Standing(unix));
    }

    fn shift(&self, seconds: i64) {
        self.0.with(|hand| {
            *hand = match *hand {
                Hand::Running(offset) => Hand::Running(offset.saturating_add(seconds)),
                Hand::Standing(unix) => Hand::Standing(unix.saturating_add(seconds)),
            }
        });
    }
}

impl Default for EmulatorClock {
    fn default() -> Self {
        Self::system()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the emulator's one door to the time")]
fn system_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX))
}
