//! The ways in which the emulator can misbehave.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::endpoint::Endpoint;

/// One misbehaviour. Each is applied at one [point](Fault), see [`Faults`](crate::Faults) for when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    // ---- at an endpoint, whatever it serves ----
    /// The request is held until [`Faults::release`](crate::Faults::release) or the emulator's end.
    Hang(Endpoint),
    /// This status with a short text, and nothing of the real answer.
    Status(Endpoint, u16),
    /// 200 with an HTML page.
    Html(Endpoint),
    /// The second half of the body is missing; the message itself is complete.
    Truncated(Endpoint),
    /// The body grows to at least this many bytes; JSON stays valid (white space at its end).
    Oversized(Endpoint, usize),
    /// 302 to this URL.
    Redirect(Endpoint, String),
    /// 429, with this `Retry-After` (Graph sends fractions such as `2.128`) or without.
    Throttled(Endpoint, Option<String>),
    /// This body with the real status, headers and content type.
    Body(Endpoint, String),
    /// The JSON answer with this member set, or removed when there is no value.
    Member(Endpoint, String, Option<Value>),

    // ---- the ID token ----
    /// A claim has this value.
    Claim(String, Value),
    /// A claim is missing.
    NoClaim(String),
    /// A second member of this name follows the true one (a case variant of `tid`, or a duplicate).
    ExtraClaim(String, Value),
    /// `nonce` is not the request's.
    WrongNonce,
    /// `nonce` is that of the sign-in before this one at the same application.
    StaleNonce,
    /// `aud` is another application.
    WrongAudience,
    /// `aud` is an array that holds the application.
    AudienceArray,
    /// `iss` names another tenant than `tid`.
    WrongIssuer,
    /// `iss` ends with a slash although it should not, or the reverse.
    IssuerSlash,
    /// `tid` and `iss` are those of another tenant.
    WrongTenant,
    /// `exp` lies this many seconds in the past.
    ExpiredFor(i64),
    /// `nbf` lies this many seconds in the future.
    NotBeforeIn(i64),
    /// More than 200 groups: `_claim_names` instead of `groups`.
    GroupOverage,
    /// `alg` is `none` and the signature is empty.
    AlgNone,
    /// `alg` is HS256, keyed with the public key's PEM text.
    AlgHs256,
    /// The header has these members too (`crit`, `jwk`, `jku`, …); they replace existing ones.
    Header(String, Value),
    /// Signed by a key that no list holds.
    UnknownKey,
    /// From now on a new key signs. It stands in the lists from now on, too, and was in none that was fetched before;
    /// the old keys are gone ([`Keys::replace`](crate::Keys::replace)).
    NewKey,
    /// Signed by the key of personal accounts.
    PersonalAccountsKey,
    /// Signed by the US Government cloud's key, which stands in the public list.
    GovernmentKey,
    /// One bit of the signature is wrong.
    BadSignature,
    /// The access token stands where the ID token belongs.
    AccessTokenAsIdToken,

    // ---- the authorization response ----
    /// The request fails with this error, sent to the application.
    AuthorizeError(ErrorAnswer),
    /// The request fails with this AADSTS number on Microsoft's page, status 200; the application hears nothing.
    AuthorizePage(u32),
    /// `state` is missing.
    NoState,
    /// `state` is another one.
    WrongState,
    /// `session_state` is missing.
    NoSessionState,
    /// The response has this parameter too (`iss`, `id_token`, a second `code`, …).
    ResponseParameter(String, String),
    /// The code has at least this many characters.
    LongCode(usize),
    /// The code may be redeemed again and again.
    ReusableCode,

    // ---- the token endpoint's answer ----
    /// The request fails with this error.
    TokenError(ErrorAnswer),
    /// Numbers are sent as strings.
    NumbersAsStrings,
    /// The success body has no such member.
    NoTokenMember(String),

    // ---- Graph ----
    /// `/me` and userinfo describe another user of the same tenant.
    OtherUser,
    /// The photo is missing, with this error code.
    NoPhoto(String),
    /// The photo is this media type and these bytes, as text (an SVG, a page).
    PhotoText(String, String),
    /// 401 with a claims challenge: this JSON, base64-encoded in `WWW-Authenticate`.
    ClaimsChallenge(Endpoint, String),

    // ---- every error body and page ----
    /// Lines in `error_description` are separated by CR LF, as until 2025; a single space is the default.
    LineBreaks,

    // ---- sign-out ----
    /// The front-channel request carries `iss` too.
    FrontChannelIssuer,
}

/// An error as Microsoft would send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorAnswer {
    /// `error`, such as `invalid_grant`.
    pub error: String,
    /// The AADSTS number.
    pub number: u32,
    /// The text after the number.
    pub text: String,
    /// `suberror`.
    #[serde(default)]
    pub suberror: Option<String>,
    /// `claims`: a JSON text.
    #[serde(default)]
    pub claims: Option<String>,
    /// HTTP status of the token endpoint's answer; 400 when absent, 401 for `invalid_client`.
    #[serde(default)]
    pub status: Option<u16>,
}

impl ErrorAnswer {
    /// An error with a number and a text, without suberror and claims.
    #[must_use]
    pub fn new(error: &str, number: u32, text: &str) -> Self {
        Self { error: error.to_owned(), number, text: text.to_owned(), suberror: None, claims: None, status: None }
    }

    /// With this `suberror`.
    #[must_use]
    pub fn suberror(mut self, suberror: &str) -> Self {
        self.suberror = Some(suberror.to_owned());
        self
    }

    /// With this `claims` challenge, a JSON text.
    #[must_use]
    pub fn claims(mut self, claims: &str) -> Self {
        self.claims = Some(claims.to_owned());
        self
    }

    /// With this HTTP status (token endpoint only).
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

/// Where a fault is applied.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) enum Point {
    Endpoint(Endpoint),
    IdToken,
    AuthorizationResponse,
    TokenAnswer,
    Profile,
    Photo,
    ErrorText,
    FrontChannel,
}

impl Fault {
    /// Where this fault is applied.
    pub(crate) fn point(&self) -> Point {
        match self {
            Self::Hang(at)
            | Self::Status(at, _)
            | Self::Html(at)
            | Self::Truncated(at)
            | Self::Oversized(at, _)
            | Self::Redirect(at, _)
            | Self::Throttled(at, _)
            | Self::Body(at, _)
            | Self::Member(at, ..)
            | Self::ClaimsChallenge(at, _) => Point::Endpoint(*at),
            Self::Claim(..)
            | Self::NoClaim(_)
            | Self::ExtraClaim(..)
            | Self::WrongNonce
            | Self::StaleNonce
            | Self::WrongAudience
            | Self::AudienceArray
            | Self::WrongIssuer
            | Self::IssuerSlash
            | Self::WrongTenant
            | Self::ExpiredFor(_)
            | Self::NotBeforeIn(_)
            | Self::GroupOverage
            | Self::AlgNone
            | Self::AlgHs256
            | Self::Header(..)
            | Self::UnknownKey
            | Self::NewKey
            | Self::PersonalAccountsKey
            | Self::GovernmentKey
            | Self::BadSignature
            | Self::AccessTokenAsIdToken => Point::IdToken,
            Self::AuthorizeError(_)
            | Self::AuthorizePage(_)
            | Self::NoState
            | Self::WrongState
            | Self::NoSessionState
            | Self::ResponseParameter(..)
            | Self::LongCode(_)
            | Self::ReusableCode => Point::AuthorizationResponse,
            Self::TokenError(_) | Self::NumbersAsStrings | Self::NoTokenMember(_) => Point::TokenAnswer,
            Self::OtherUser => Point::Profile,
            Self::NoPhoto(_) | Self::PhotoText(..) => Point::Photo,
            Self::LineBreaks => Point::ErrorText,
            Self::FrontChannelIssuer => Point::FrontChannel,
        }
    }
}
