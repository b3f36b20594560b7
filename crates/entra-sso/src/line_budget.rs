//! How many log lines a flood of refusals makes (X7).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use entra_oidc::Timestamp;

/// So many lines of one code are written within one second.
const MOST: u32 = 10;

/// How many lines each code has had within its second. In this process only.
#[derive(Default)]
pub(crate) struct LineBudget(Mutex<HashMap<&'static str, Second>>);

struct Second {
    at: Timestamp,
    lines: u32,
    left_out: u64,
}

/// Whether a line is written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is, and before it so many were left out that nobody has been told of.
    Written { left_out: u64 },
    /// It is not.
    LeftOut,
}

impl LineBudget {
    /// One more line of this code.
    pub(crate) fn spend(&self, code: &'static str, now: Timestamp) -> Line {
        let mut seconds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let second = seconds.entry(code).or_insert(Second { at: now, lines: 0, left_out: 0 });
        if second.at != now {
            let left_out = second.left_out;
            *second = Second { at: now, lines: 1, left_out: 0 };
            return Line::Written { left_out };
        }
        if second.lines >= MOST {
            second.left_out += 1;
            return Line::LeftOut;
        }
        second.lines += 1;
        Line::Written { left_out: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x7_a_code_has_ten_lines_a_second_and_says_what_it_left_out() {
        let lines = LineBudget::default();
        let now = Timestamp::from_unix(1_800_000_000);
        for _ in 0..MOST {
            assert_eq!(lines.spend("E301", now), Line::Written { left_out: 0 });
        }
        for _ in 0..1_000 {
            assert_eq!(lines.spend("E301", now), Line::LeftOut);
        }
        assert_eq!(lines.spend("E302", now), Line::Written { left_out: 0 }, "another code has its own second");
        let later = Timestamp::from_unix(now.unix() + 60);
        assert_eq!(lines.spend("E301", later), Line::Written { left_out: 1_000 });
        assert_eq!(lines.spend("E301", later), Line::Written { left_out: 0 }, "it is told once");
        assert_eq!(lines.spend("E301", now), Line::Written { left_out: 0 }, "a clock that was set back");
    }
}
