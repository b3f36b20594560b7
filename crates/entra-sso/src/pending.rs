//! A sign-in that waits while the user is at Microsoft.
//!
//! Nothing is kept on the server for it. What the callback must know travels sealed in the parameter `state`; what proves
//! that the callback comes from the browser that began is the seed in that browser's cookie, of which `state` holds only
//! the hash. Nonce and PKCE verifier come from the seed and are in neither.

use std::{fmt, fmt::Write as _, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_oidc::{Expected, Seed, State, Timestamp, random_bytes, same};
use serde::{Deserialize, Serialize};

use crate::{
    journey::{Journey, Trail},
    owner::Owner,
    sealing::{Purpose, Sealer},
    session::SessionId,
    set_back::was_set_back,
};

/// How many random bytes an attempt's id has, after the time.
const ID_RANDOM: usize = 6;
/// The length of an id as text: ten hexadecimal digits of time, twelve of chance.
const ID_LENGTH: usize = 22;
/// An attempt that began this much later than now was not begun by us.
const CLOCK_TOLERANCE: Duration = Duration::from_mins(1);

/// What a callback must know about the sign-in that it ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// Names the attempt's cookie.
    #[serde(rename = "i")]
    pub(crate) id: AttemptId,
    /// Who began it: no other may end it (S5).
    #[serde(rename = "o")]
    pub(crate) owner: Arc<Owner>,
    /// What the browser was sent for.
    #[serde(rename = "j")]
    pub(crate) journey: Journey,
    /// What lies behind it.
    #[serde(rename = "t")]
    pub(crate) trail: Trail,
    /// Where the browser goes afterwards: a path on this site.
    #[serde(rename = "n")]
    pub(crate) next: String,
    /// The session that the browser had, where its cookie does not come along to the callback: sealed so that it takes
    /// this attempt's seed, too, to read it.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    session_before: Option<String>,
    /// SHA-256 of the seed.
    #[serde(rename = "d")]
    seed_digest: [u8; 32],
    /// What Microsoft's answer must satisfy, and until when.
    #[serde(rename = "e")]
    pub(crate) expected: Expected,
}

/// The name of an attempt. It begins with the time, so that ids sort by age.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct AttemptId(String);

/// Why a `state` is no attempt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AttemptError {
    /// We did not seal it, or with a key that is gone, or it was changed.
    NotOurs,
    /// It was ours, and its deadline is over; or the clock was set back since it began.
    Expired(Box<Attempt>),
    /// It does not fit into a `state`.
    TooLong,
}

impl Attempt {
    /// A sign-in that begins now, for the browser that is given this seed.
    pub(crate) fn new(
        id: AttemptId,
        seed: &Seed,
        expected: Expected,
        owner: &Arc<Owner>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            id,
            owner: owner.clone(),
            journey: Journey::SignIn,
            trail: Trail::default(),
            next: next.into(),
            session_before: None,
            seed_digest: seed.digest(),
            expected,
        }
    }

    /// The same on another journey, with what lies behind it.
    pub(crate) fn on(self, journey: Journey, trail: Trail) -> Self {
        Self { journey, trail, ..self }
    }

    /// The same, by a browser that has this session.
    pub(crate) fn begun_with(self, sealer: &Sealer, seed: &Seed, session: &SessionId) -> Self {
        let key = seed.to_base64url();
        let record = sealer.seal_bytes(
            Purpose::SessionBefore,
            key.expose().as_bytes(),
            self.id.0.as_bytes(),
            session.to_text().expose().as_bytes(),
        );
        Self { session_before: record.ok().map(|record| URL_SAFE_NO_PAD.encode(record)), ..self }
    }

    /// The session that the browser had when it began, for who brings the attempt's seed.
    pub(crate) fn session_before(&self, sealer: &Sealer, seed: &Seed) -> Option<SessionId> {
        let record = URL_SAFE_NO_PAD.decode(self.session_before.as_deref()?).ok()?;
        let key = seed.to_base64url();
        let id = sealer.open_bytes(Purpose::SessionBefore, key.expose().as_bytes(), self.id.0.as_bytes(), &record);
        SessionId::parse(std::str::from_utf8(&id.ok()?).ok()?)
    }

    /// Seals the attempt into the parameter `state`.
    pub(crate) fn seal(&self, sealer: &Sealer) -> Result<State, AttemptError> {
        let json = serde_json::to_vec(self).map_err(|_| AttemptError::TooLong)?;
        let text = sealer.seal(Purpose::Attempt, &json).map_err(|_| AttemptError::TooLong)?;
        State::new(text).map_err(|_| AttemptError::TooLong)
    }

    /// Opens a `state` that a callback brought. Neither a fault nor an expired attempt has any effect.
    pub(crate) fn open(sealer: &Sealer, state: &str, now: Timestamp) -> Result<Self, AttemptError> {
        let plaintext = sealer.open(Purpose::Attempt, state).map_err(|_| AttemptError::NotOurs)?;
        let attempt: Self = serde_json::from_slice(&plaintext).map_err(|_| AttemptError::NotOurs)?;
        if now >= attempt.deadline() || was_set_back(attempt.id.began(), now) {
            return Err(AttemptError::Expired(Box::new(attempt)));
        }
        Ok(attempt)
    }

    /// Whether the browser that brought this seed began the attempt. In constant time.
    pub(crate) fn matches_seed(&self, seed: &Seed) -> bool {
        same(&seed.digest(), &self.seed_digest)
    }

    /// At this moment the attempt is over.
    pub(crate) fn deadline(&self) -> Timestamp {
        self.expected.deadline
    }
}

impl AttemptId {
    /// A new id, which sorts behind all that are older by a second.
    pub(crate) fn new(now: Timestamp) -> Self {
        let mut id = format!("{:010x}", now.unix().clamp(0, 0xff_ffff_ffff));
        for byte in random_bytes::<ID_RANDOM>() {
            // Writing into a `String` cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        Self(id)
    }

    /// Reads an id: exactly 22 hexadecimal digits in lower case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == ID_LENGTH && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// Whether an attempt with this id can still be waiting.
    pub(crate) fn can_wait(&self, lives: Duration, now: Timestamp) -> bool {
        let began = self.began();
        began <= now.plus(CLOCK_TOLERANCE) && now < began.plus(lives)
    }

    /// When it was made, to the second.
    pub(crate) fn began(&self) -> Timestamp {
        let seconds = self.0.get(..ID_LENGTH - 2 * ID_RANDOM).and_then(|digits| i64::from_str_radix(digits, 16).ok());
        Timestamp::from_unix(seconds.unwrap_or(0))
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for AttemptId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AttemptId({})", self.0)
    }
}

impl TryFrom<String> for AttemptId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected 22 hexadecimal digits")
    }
}

impl From<AttemptId> for String {
    fn from(id: AttemptId) -> Self {
        id.0
    }
}

impl fmt::Display for AttemptError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotOurs => "the state was not sealed by us",
            Self::Expired(_) => "the sign-in waited too long",
            Self::TooLong => "the sign-in does not fit into a state",
        })
    }
}

impl std::error::Error for AttemptError {}

#[cfg(test)]
mod tests;
