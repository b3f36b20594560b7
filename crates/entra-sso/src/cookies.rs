//! Cookies: the only place that reads or makes one.
//!
//! | cookie | holds | lives |
//! |---|---|---|
//! | `{name}_session` | the session id | until the session's absolute deadline |
//! | `{name}_attempt_{id}` | the seed of one sign-in that waits at Microsoft | until the attempt's deadline |
//! | `{name}_messages` | sealed messages for the next page | a few minutes |
//!
//! 1. Over https each name begins with `__Host-`, so that no sibling domain and no http page can set it (S15), and each cookie
//!    is `Secure`. Over http, which only loopback has, neither. A name of one scheme is never read on the other.
//! 2. All are `Path=/`, `HttpOnly`, `SameSite=Lax`, without `Domain`. A cookie is cleared with the attributes it was set with.
//!    The one exception: where the answer comes as a POST from Microsoft's page (`form_post`), a seed is `SameSite=None`, or
//!    it would not come along, and `Secure` over either scheme, or no browser would keep it. Chromium and Firefox take
//!    loopback for secure; Safari does not.
//! 3. What a browser sends is bounded before it is read (K5), and a name that comes twice counts as absent: one of the two was
//!    put there by somebody else, and nothing says which.

use std::time::Duration;

use cookie::{Cookie, SameSite, time};
use entra_oidc::{ResponseMode, Seed, Timestamp};
use http::{HeaderMap, HeaderValue};

use self::header::ReceivedCookies;
use crate::{pending::AttemptId, session::SessionId};

mod header;
pub(crate) mod names;

/// How many attempts a browser may have waiting at a time.
pub(crate) const MAX_ATTEMPTS: usize = 20;
/// How long a message waits for its page.
const FLASH_AGE: Duration = Duration::from_mins(10);

/// The cookies of one site, over one scheme.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    /// `__Host-{name}_` or `{name}_`.
    prefix: String,
    /// The one name that every request asks for.
    session: String,
    secure: bool,
    /// How the callback is called, where a seed has to come along.
    callback: ResponseMode,
}

/// Over what the browser reached us, as far as cookies care.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum CookieScheme {
    /// https.
    Https,
    /// http, which only loopback has.
    LoopbackHttp,
}

impl Cookies {
    /// The cookies whose names begin with the setting `name`; `checks` lets only letters, digits, `-` and `_` through.
    pub(crate) fn new(name: &str, scheme: CookieScheme, callback: ResponseMode) -> Self {
        let secure = scheme == CookieScheme::Https;
        let prefix = format!("{}{name}_", if secure { "__Host-" } else { "" });
        Self { session: format!("{prefix}session"), prefix, secure, callback }
    }

    /// The session id that the browser brought.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Option<SessionId> {
        SessionId::parse(ReceivedCookies::of(headers).only(&self.session)?)
    }

    /// Gives the browser a session id for as long as the session can live.
    pub(crate) fn set_session(&self, id: &SessionId, lives: Duration) -> HeaderValue {
        Self::set(&self.session, id.to_text().expose(), lives, self.lax())
    }

    /// Takes the session id away.
    pub(crate) fn clear_session(&self) -> HeaderValue {
        Self::clear(&self.session, self.lax())
    }

    /// The seed of an attempt, if this browser began it.
    pub(crate) fn seed(&self, headers: &HeaderMap, attempt: &AttemptId) -> Option<Seed> {
        Seed::from_base64url(ReceivedCookies::of(headers).only(&self.attempt_name(attempt))?)
    }

    /// Gives the browser the seed of an attempt.
    pub(crate) fn set_seed(&self, attempt: &AttemptId, seed: &Seed, lives: Duration) -> HeaderValue {
        Self::set(&self.attempt_name(attempt), seed.to_base64url().expose(), lives, self.seeds())
    }

    /// Takes the seed of an attempt away.
    pub(crate) fn clear_seed(&self, attempt: &AttemptId) -> HeaderValue {
        Self::clear(&self.attempt_name(attempt), self.seeds())
    }

    /// The attempts whose seeds the browser brought, the oldest first.
    pub(crate) fn attempts(&self, headers: &HeaderMap) -> Vec<AttemptId> {
        let prefix = self.attempt_prefix();
        let mut attempts: Vec<_> =
            ReceivedCookies::of(headers).names_after(&prefix).filter_map(AttemptId::parse).collect();
        attempts.sort();
        attempts.dedup();
        attempts
    }

    /// Makes room for one more attempt: clears the oldest, so that with the new one at most [`MAX_ATTEMPTS`] wait, and those
    /// that cannot have begun more than `lives` ago or later than now.
    pub(crate) fn make_room(&self, headers: &HeaderMap, lives: Duration, now: Timestamp) -> Vec<HeaderValue> {
        let (waiting, over): (Vec<_>, Vec<_>) =
            self.attempts(headers).into_iter().partition(|attempt| attempt.can_wait(lives, now));
        let too_many = (waiting.len() + 1).saturating_sub(MAX_ATTEMPTS);
        over.iter().chain(waiting.iter().take(too_many)).map(|attempt| self.clear_seed(attempt)).collect()
    }

    /// The sealed messages that the browser brought.
    pub(crate) fn flash<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        ReceivedCookies::of(headers).only(&self.flash_name())
    }

    /// Gives the browser sealed messages for the next page: base64url text, as `sealing` writes it.
    pub(crate) fn set_flash(&self, sealed: &str) -> HeaderValue {
        Self::set(&self.flash_name(), sealed, FLASH_AGE, self.lax())
    }

    /// Takes the messages away.
    pub(crate) fn clear_flash(&self) -> HeaderValue {
        Self::clear(&self.flash_name(), self.lax())
    }

    fn attempt_prefix(&self) -> String {
        format!("{}attempt_", self.prefix)
    }

    fn attempt_name(&self, attempt: &AttemptId) -> String {
        format!("{}attempt_{attempt}", self.prefix)
    }

    fn flash_name(&self) -> String {
        format!("{}messages", self.prefix)
    }

    /// Where the session and messages come along.
    fn lax(&self) -> Reach {
        Reach { same_site: SameSite::Lax, secure: self.secure }
    }

    /// Where a seed comes along: wherever the callback is called.
    fn seeds(&self) -> Reach {
        match self.callback {
            ResponseMode::Query => self.lax(),
            ResponseMode::FormPost => Reach { same_site: SameSite::None, secure: true },
        }
    }

    fn set(name: &str, value: &str, lives: Duration, reach: Reach) -> HeaderValue {
        let seconds = i64::try_from(lives.as_secs()).unwrap_or(i64::MAX);
        reach.header(Cookie::build((name, value)).max_age(time::Duration::seconds(seconds)))
    }

    fn clear(name: &str, reach: Reach) -> HeaderValue {
        let ended = time::OffsetDateTime::UNIX_EPOCH;
        reach.header(Cookie::build((name, "")).max_age(time::Duration::ZERO).expires(ended))
    }
}

/// Which requests a cookie comes along with.
#[derive(Clone, Copy)]
struct Reach {
    same_site: SameSite,
    secure: bool,
}

impl Reach {
    /// The one place that writes a cookie's attributes.
    fn header(self, cookie: cookie::CookieBuilder<'_>) -> HeaderValue {
        let cookie = cookie.path("/").http_only(true).same_site(self.same_site).secure(self.secure).build();
        let mut header = HeaderValue::try_from(cookie.to_string())
            .expect("names are checked at start, values are base64url: both are visible ASCII");
        header.set_sensitive(true);
        header
    }
}

#[cfg(test)]
mod tests;
