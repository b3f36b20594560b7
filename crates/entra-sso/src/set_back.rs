//! Clocks that differ, and one that was set back.

use std::time::Duration;

use entra_oidc::Timestamp;

/// The clocks of replicas may differ by so much.
pub(crate) const TOLERANCE: Duration = Duration::from_mins(5);

/// Whether something that happened at `since` lies so far ahead of `now` that the clock was set back in between: how old it is,
/// nobody can know, and whatever counts from it must not count for years.
pub(crate) fn was_set_back(since: Timestamp, now: Timestamp) -> bool {
    since > now.plus(TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_differ_a_little() {
        let at = Timestamp::from_unix;
        for (since, now, expected) in [
            (1_000, 1_000, false),
            (1_000, 2_000, false),
            (1_300, 1_000, false),
            (1_301, 1_000, true),
            (i64::MAX, 1_000, true),
            (i64::MAX, i64::MAX, false),
            (i64::MIN, i64::MAX, false),
            (i64::MAX, i64::MIN, true),
        ] {
            assert_eq!(was_set_back(at(since), at(now)), expected, "{since} {now}");
        }
    }
}
