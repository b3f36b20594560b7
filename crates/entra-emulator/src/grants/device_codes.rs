//! Device codes (RFC 8628): asked for by a device, entered by a person elsewhere.

use std::collections::HashMap;
use std::fmt;

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::chance;
use crate::guarded::Guarded;
use crate::scope::Scopes;

use super::key::{Key, key};
use super::login::Login;

/// How long a code can be entered and redeemed, in seconds.
pub(crate) const LIFE: i64 = 900;
/// How many are kept before those that expired are thrown away.
const KEPT: usize = 20_000;
/// What people type: nothing that reads like something else, and no vowels, so that it spells nothing.
const LETTERS: &[u8; 28] = b"BCDFGHJKLMNPQRSTVWXZ23456789";

/// Every device code, by the hash of the device's secret.
#[derive(Default)]
pub(crate) struct DeviceCodes(Guarded<HashMap<Key, DeviceCode>>);

impl fmt::Debug for DeviceCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCodes(…)")
    }
}

/// What a device asked for.
#[derive(Clone)]
pub(crate) struct DeviceCode {
    pub(crate) app: String,
    pub(crate) segment: Segment,
    pub(crate) scopes: Scopes,
    pub(crate) issued: i64,
    /// What the person types.
    pub(crate) user_code: String,
    pub(crate) state: State,
}

/// How far a device code is.
#[derive(Clone)]
pub(crate) enum State {
    Pending,
    Declined,
    Approved(Box<Login>),
    Redeemed,
}

impl DeviceCode {
    fn has_expired(&self, now: i64) -> bool {
        now >= self.issued.saturating_add(LIFE)
    }
}

impl DeviceCodes {
    /// Gives out a device's secret.
    pub(crate) fn add(&self, code: DeviceCode) -> String {
        let text = format!("1.A{}", chance::text::<128>());
        self.0.with(|codes| {
            if codes.len() >= KEPT {
                codes.retain(|_, other| !other.has_expired(code.issued));
            }
            codes.insert(key(&text), code);
        });
        text
    }

    /// What somebody typed, in any case and with any blanks or hyphens: a code that waits for its person.
    pub(crate) fn waiting(&self, user_code: &str, now: i64) -> Option<DeviceCode> {
        let typed: String = user_code.chars().filter(char::is_ascii_alphanumeric).collect();
        self.0.with(|codes| {
            let mut waiting =
                codes.values().filter(|code| matches!(code.state, State::Pending) && !code.has_expired(now));
            waiting.find(|code| code.user_code.eq_ignore_ascii_case(&typed)).cloned()
        })
    }

    /// The person decided.
    pub(crate) fn decide(&self, user_code: &str, state: State) {
        self.0.with(|codes| {
            let pending = |code: &&mut DeviceCode| code.user_code == user_code && matches!(code.state, State::Pending);
            if let Some(code) = codes.values_mut().find(pending) {
                code.state = state;
            }
        });
    }

    /// The device asks. The sign-in is given out once.
    pub(crate) fn redeem(&self, text: &str, app: &str, segment: &Segment, now: i64) -> Result<Login, Refusal> {
        self.0.with(|codes| {
            let code = codes.get_mut(&key(text)).ok_or_else(|| Refusal::of(70018))?;
            if code.app != app {
                return Err(Refusal::of(70000));
            }
            if code.segment != *segment {
                return Err(Refusal::of(700_005));
            }
            if code.has_expired(now) {
                return Err(Refusal::of(70020));
            }
            match std::mem::replace(&mut code.state, State::Redeemed) {
                State::Approved(login) => Ok(*login),
                State::Redeemed => Err(Refusal::of(54005)),
                State::Pending => {
                    code.state = State::Pending;
                    Err(Refusal::of(70016))
                }
                State::Declined => {
                    code.state = State::Declined;
                    Err(Refusal::of(65004).error("authorization_declined"))
                }
            }
        })
    }
}

/// Nine characters for people to type.
pub(crate) fn user_code() -> String {
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
    chance::bytes::<9>().map(letter).into_iter().collect()
}
