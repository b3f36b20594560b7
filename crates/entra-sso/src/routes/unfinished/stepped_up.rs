//! Which step-up an attempt was for, as it travels to the start.

use std::fmt;

use entra_oidc::Timestamp;

use crate::{errors::RefusalKind, pending::Attempt, session::data::SessionData};

/// A step-up that began at a time. It is told by its digest, which says nothing of anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::routes) struct SteppedUp {
    began: Timestamp,
    step: u64,
}

impl SteppedUp {
    /// None for an attempt that is no step-up.
    pub(super) fn of(attempt: &Attempt) -> Option<SteppedUp> {
        Some(SteppedUp { began: attempt.id.began(), step: attempt.trail.asked? })
    }

    /// Whether the session came out of it. One that began before proves nothing, so that nobody is sent in a circle.
    pub(in crate::routes) fn is_behind(self, session: &SessionData) -> bool {
        session.has_answered(self.step, self.began)
    }

    pub(super) fn parse(text: &str) -> Option<SteppedUp> {
        let rest = text.strip_prefix(RefusalKind::CallbackCookieLost.entry().code)?.strip_prefix('-')?;
        let (began, step) = rest.split_once('-')?;
        let is_hex = |text: &str| text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let fits = is_hex(began) && is_hex(step);
        let began = i64::from_str_radix(began, 16).ok().filter(|_| fits)?;
        Some(SteppedUp { began: Timestamp::from_unix(began), step: u64::from_str_radix(step, 16).ok()? })
    }
}

impl fmt::Display for SteppedUp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = RefusalKind::CallbackCookieLost.entry().code;
        write!(out, "{code}-{:x}-{:x}", self.began.unix(), self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written_and_nothing_else_is_one() {
        for (began, step) in [(0, 0), (1_800_000_000, 42), (1, u64::MAX)] {
            let step = SteppedUp { began: Timestamp::from_unix(began), step };
            assert_eq!(SteppedUp::parse(&step.to_string()), Some(step));
        }
        for text in ["E380", "E380-", "E380-1", "E380--", "E380-1-", "E380--1", "E380-1-+1", "E380- 1-1", "E380-1-1-1"]
        {
            assert_eq!(SteppedUp::parse(text), None, "{text}");
        }
        assert_eq!(SteppedUp::parse("E380-ffffffffffffffff-1"), None);
        assert_eq!(SteppedUp::parse("E380-1-1ffffffffffffffff"), None);
        assert_eq!(SteppedUp::parse("E301-1-1"), None);
    }
}
