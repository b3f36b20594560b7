//! Where faults are applied.

use crate::endpoint::Endpoint;

use super::fault::Fault;

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
