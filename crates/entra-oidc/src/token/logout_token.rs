//! Logout tokens (`OpenID` Connect Back-Channel Logout 1.0): what a provider posts, from server to server, when a user
//! has signed out there.

use std::{fmt, sync::Arc, time::Duration};

use serde_json::Value;

use crate::{
    app::ClientId,
    clock::Timestamp,
    error::{SignInError, SignInErrorKind, clean},
    jose::{Algorithm, Jws, KeySet, LOGOUT_TOKEN},
    json::{self, Object},
    provider::{Authority, KeyOrigin, Metadata},
    token::{
        audience,
        claims::{self, Times},
    },
};

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The longest that a logout token may live. The specification asks for two minutes at most.
const LONGEST: Duration = Duration::from_mins(10);

/// Judges logout tokens (section 2.6). No switch leaves a check out.
///
/// In this order: size and form, header with `typ`, key, signature, issuer, the key's issuer, audience, times, event, `jti`, no `nonce`,
/// `sub` or `sid`.
#[derive(Clone, Debug)]
pub struct LogoutTokenVerifier {
    authority: Authority,
    metadata: Arc<Metadata>,
    client_id: ClientId,
    clock_skew: Duration,
}

/// A logout token that has passed every check. Only [`LogoutTokenVerifier::verify`] makes one.
///
/// What is left to the caller: the same [`jti`](LogoutToken::jti) counts once, until
/// [`expires_at`](LogoutToken::expires_at) and the clock skew are over; and where both are named, only sessions of this
/// subject with this session id end.
#[derive(Clone, PartialEq, Eq)]
pub struct LogoutToken {
    issuer: String,
    subject: Option<String>,
    session_id: Option<String>,
    jti: String,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

impl LogoutTokenVerifier {
    /// A judge for one authority and one application.
    #[must_use]
    pub const fn new(authority: Authority, metadata: Arc<Metadata>, client_id: ClientId, clock_skew: Duration) -> Self {
        Self { authority, metadata, client_id, clock_skew }
    }

    /// The `kid` that the token names, for fetching keys again. Nothing about the token is proved by it.
    ///
    /// # Errors
    /// As [`LogoutTokenVerifier::verify`], as far as the header goes.
    pub fn key_id(raw: &str) -> Result<String, SignInError> {
        Jws::parse(raw, &LOGOUT_TOKEN, &Algorithm::ALL).map(|token| token.key_id().to_owned())
    }

    /// Judges the token.
    ///
    /// # Errors
    /// The first check that does not hold, each with its own kind;
    /// [`IdTokenKeyUnknown`](SignInErrorKind::IdTokenKeyUnknown) before any cryptography when `keys` lacks the key.
    pub fn verify(&self, raw: &str, keys: &KeySet, now: Timestamp) -> Result<LogoutToken, SignInError> {
        let token = Jws::parse(raw, &LOGOUT_TOKEN, self.authority.algorithms())?;
        let key = keys.find_for(&token, now)?;
        let payload = token.open(key)?;
        let claims = json::object(&payload)
            .map_err(|detail| SignInError::new(SignInErrorKind::LogoutTokenMalformed, format!("payload: {detail}")))?;

        let issuer = self.check_issuer(&claims)?;
        self.authority.check_key(KeyOrigin::of(key), &claims, &self.metadata)?;
        audience::check(&self.authority, &self.client_id, &claims)
            .map_err(|detail| SignInError::new(SignInErrorKind::LogoutTokenAudience, detail))?;
        let times = claims::times(&claims).map_err(wrong_claims)?;
        self.check_times(times, now)?;
        check_event(&claims).map_err(wrong_claims)?;
        let (subject, session_id) = whom(&claims).map_err(wrong_claims)?;
        Ok(LogoutToken {
            issuer,
            subject,
            session_id,
            jti: text(&claims, "jti").and_then(|jti| jti.ok_or("`jti` is missing".to_owned())).map_err(wrong_claims)?,
            issued_at: times.issued_at,
            expires_at: times.expires_at,
        })
    }

    fn check_issuer(&self, claims: &Object) -> Result<String, SignInError> {
        let refuse = |detail: String| SignInError::new(SignInErrorKind::LogoutTokenIssuer, detail);
        let issuer = json::required_str(claims, "iss").map_err(refuse)?;
        if issuer == self.metadata.issuer() {
            return Ok(issuer.to_owned());
        }
        Err(refuse(format!("expected {}, got {}", self.metadata.issuer(), clean(issuer, 150))))
    }

    fn check_times(&self, times: Times, now: Timestamp) -> Result<(), SignInError> {
        let refuse = |detail: String| Err(SignInError::new(SignInErrorKind::LogoutTokenTime, detail));
        let (issued_at, expires_at, now_is) = (times.issued_at.unix(), times.expires_at.unix(), now.unix());
        if now >= times.expires_at.plus(self.clock_skew) {
            return refuse(format!("exp: {expires_at} is over, now {now_is}"));
        }
        let latest = now.plus(self.clock_skew);
        if times.issued_at > latest || times.not_before.is_some_and(|not_before| not_before > latest) {
            return refuse(format!("iat: {issued_at} or nbf is to come, now {now_is}"));
        }
        if times.expires_at.since(times.issued_at) > LONGEST {
            return refuse(format!(
                "lives from {issued_at} to {expires_at}, at most {} s are accepted",
                LONGEST.as_secs()
            ));
        }
        Ok(())
    }
}

impl LogoutToken {
    /// `iss`: who says that the user has signed out.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `sub`: whose sessions end; all of them when no session is named.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// `sid`: which session ends, as in the claim `sid` of its ID token.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// `jti`: the name of this token, at most 255 characters.
    #[must_use]
    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// `iat`.
    #[must_use]
    pub const fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    /// `exp`, at most ten minutes after `iat`.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for LogoutToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutToken")
            .field("issuer", &self.issuer)
            .field("has_subject", &self.subject.is_some())
            .field("has_session_id", &self.session_id.is_some())
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A `nonce` would let a logout token pass where an ID token is asked for (section 2.4).
fn check_event(claims: &Object) -> Result<(), String> {
    if claims.contains_key("nonce") {
        return Err("`nonce` in a logout token".to_owned());
    }
    match claims.get("events").and_then(Value::as_object).and_then(|events| events.get(EVENT)) {
        Some(Value::Object(_)) => Ok(()),
        _ => Err("`events` has no object for back-channel logout".to_owned()),
    }
}

fn whom(claims: &Object) -> Result<(Option<String>, Option<String>), String> {
    let (subject, session_id) = (text(claims, "sub")?, text(claims, "sid")?);
    if subject.is_none() && session_id.is_none() {
        return Err("neither `sub` nor `sid`".to_owned());
    }
    Ok((subject, session_id))
}

/// A short text that is not empty, when it is there.
fn text(claims: &Object, name: &str) -> Result<Option<String>, String> {
    match json::optional_str(claims, name)? {
        Some(text) if text.is_empty() || text.len() > 255 => Err(format!("`{name}` is empty or long")),
        text => Ok(text.map(str::to_owned)),
    }
}

fn wrong_claims(detail: String) -> SignInError {
    SignInError::new(SignInErrorKind::LogoutTokenClaims, detail)
}
