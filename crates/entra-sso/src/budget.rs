//! How often something may be asked within a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use entra_oidc::Timestamp;
use tokio::sync::Semaphore;

/// The length of a window.
const WINDOW: Duration = Duration::from_mins(1);
/// More names than this are not counted at a time: about 1 MiB.
const MOST_NAMES: usize = 8_192;
/// So many looks at the store run at once for those who ask for more than a peer may.
const PLACES: usize = 4;

/// How often each of many names may be asked for within a minute. In this process only.
pub(crate) struct Budget {
    most: u32,
    names: Mutex<Names>,
}

#[derive(Default)]
struct Names {
    spent: HashMap<String, Spent>,
    /// What is over goes at most once a second: it is a look at all of them.
    cleared: Option<Timestamp>,
}

struct Spent {
    since: Timestamp,
    times: u32,
}

/// How often sign-outs elsewhere are listened to that nobody proves.
pub(crate) struct SignOutBudgets {
    pub(crate) by_sid: Budget,
    pub(crate) by_peer: Budget,
    /// Which peers that ask more often than that wait for.
    pub(crate) places: Semaphore,
}

impl Default for SignOutBudgets {
    fn default() -> SignOutBudgets {
        SignOutBudgets { by_sid: Budget::of(6), by_peer: Budget::of(600), places: Semaphore::new(PLACES) }
    }
}

impl Budget {
    /// At most this many times a minute for each name.
    pub(crate) fn of(most: u32) -> Budget {
        Budget { most, names: Mutex::default() }
    }

    /// Whether it may be done once more, which then counts. Where too many names are counted already, nothing is bounded:
    /// a flood of names shuts nobody out.
    pub(crate) fn spend(&self, name: &str, now: Timestamp) -> bool {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let Names { spent, cleared } = &mut *names;
        if let Some(spent) = spent.get_mut(name) {
            if !spent.is_over(now) {
                spent.times = spent.times.saturating_add(1);
                return spent.times <= self.most;
            }
            *spent = Spent { since: now, times: 1 };
            return true;
        }
        if spent.len() >= MOST_NAMES && *cleared != Some(now) {
            *cleared = Some(now);
            spent.retain(|_, spent| !spent.is_over(now));
        }
        if spent.len() < MOST_NAMES {
            spent.insert(name.to_owned(), Spent { since: now, times: 1 });
        }
        true
    }
}

impl Spent {
    /// A clock that was set back ends a window, too.
    fn is_over(&self, now: Timestamp) -> bool {
        now < self.since || now.since(self.since) >= WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_unix(1_800_000_000);

    #[test]
    fn each_name_has_its_own_minute() {
        let budget = Budget::of(2);
        let at = |seconds| START.plus(Duration::from_secs(seconds));
        let asked = [("a", 0, true), ("a", 1, true), ("a", 59, false), ("b", 59, true), ("a", 60, true)];
        for (name, seconds, expected) in asked {
            assert_eq!(budget.spend(name, at(seconds)), expected, "{name} after {seconds} s");
        }
        assert!(budget.spend("a", Timestamp::from_unix(0)), "a clock that was set back");
    }

    #[test]
    fn x6_a_flood_of_names_is_bounded_and_shuts_nobody_out() {
        let budget = Budget::of(1);
        for name in 0..MOST_NAMES + 1_000 {
            assert!(budget.spend(&name.to_string(), START));
        }
        assert_eq!(budget.names.lock().expect("names").spent.len(), MOST_NAMES);
        assert!(budget.spend("later", START.plus(WINDOW)));
        assert_eq!(budget.names.lock().expect("names").spent.len(), 1, "what is over goes");
    }
}
