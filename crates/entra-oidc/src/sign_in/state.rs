use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    error::{SignInError, SignInErrorKind},
    secret::{random_bytes, same},
};

/// The shortest that can hold 128 random bits, and the longest that comes back through every browser and proxy.
const LENGTHS: std::ops::RangeInclusive<usize> = 22..=4096;

/// The `state` parameter (RFC 6749 section 4.1.1). Letters, digits, `-`, `_` and `.` only: Microsoft strips what looks
/// like HTML.
#[derive(Clone, PartialEq, Eq)]
pub struct State(String);

impl State {
    /// 256 random bits, in 43 characters.
    #[must_use]
    pub fn random() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random_bytes::<32>()))
    }

    /// A state that the application has made: 22 to 4096 characters that nobody can guess.
    ///
    /// # Errors
    /// [`SignInErrorKind::OptionInvalid`] for other lengths and characters.
    pub fn new(text: impl Into<String>) -> Result<Self, SignInError> {
        let text = text.into();
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if plain && LENGTHS.contains(&text.len()) {
            return Ok(Self(text));
        }
        Err(SignInError::new(
            SignInErrorKind::OptionInvalid,
            format!("state: expected 22 to 4096 letters of base64url or `.`, got {} bytes", text.len()),
        ))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the answer's `state` is this one, compared in constant time.
    #[must_use]
    pub fn is(&self, answer: &str) -> bool {
        same(self.0.as_bytes(), answer.as_bytes())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn s2_states_never_repeat() {
        let states: HashSet<String> = (0..100_000).map(|_| State::random().0).collect();
        assert_eq!(states.len(), 100_000);
        assert!(states.iter().all(|state| State::new(state.clone()).is_ok()));
    }

    #[test]
    fn only_what_survives_the_journey_is_a_state() {
        for text in
            ["", "short", &"a".repeat(21), &"a".repeat(4097), &format!("{}~", "a".repeat(30)), &"a b".repeat(10)]
        {
            assert!(State::new(text).is_err(), "{text}");
        }
        assert!(State::new("a".repeat(4096)).is_ok());
        assert!(State::new(format!("v1.{}", "a".repeat(22))).is_ok());
    }
}
