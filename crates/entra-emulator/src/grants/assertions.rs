//! Client assertions that were used.

use std::collections::HashMap;

use crate::guarded::Guarded;

/// How many are remembered before those that expired are thrown away.
const KEPT: usize = 20_000;
/// An assertion is taken for so long after its `exp`, in seconds.
const SKEW: i64 = 300;

/// The `jti` of each application's assertions, until they expire.
#[derive(Debug, Default)]
pub(crate) struct Assertions(Guarded<HashMap<(String, String), i64>>);

impl Assertions {
    /// Notes an assertion; `false` when it was used before.
    pub(crate) fn is_new(&self, app: &str, id: &str, expires: i64, now: i64) -> bool {
        self.0.with(|used| {
            if used.len() >= KEPT {
                used.retain(|_, expires| expires.saturating_add(SKEW) > now);
            }
            used.insert((app.to_owned(), id.to_owned()), expires).is_none()
        })
    }
}
