//! The ways in which the emulator can misbehave.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::endpoint::Endpoint;

use super::error_answer::ErrorAnswer;

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
