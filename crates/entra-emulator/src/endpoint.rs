//! What can be asked of the emulator.

use serde::{Deserialize, Serialize};

/// One thing that the emulator serves; the journal counts by it and faults name it.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Endpoint {
    /// `/{tenant}/v2.0/.well-known/openid-configuration`
    Discovery,
    /// `/common/discovery/instance`
    InstanceDiscovery,
    /// `/{tenant}/discovery/v2.0/keys`
    Keys,
    /// `/{tenant}/oauth2/v2.0/authorize`
    Authorize,
    /// What the emulator's own pages post: account picked, consent given.
    SignIn,
    /// `/{tenant}/oauth2/v2.0/token`
    Token,
    /// `/{tenant}/oauth2/v2.0/logout`
    Logout,
    /// Graph `/oidc/userinfo`
    UserInfo,
    /// Graph `/v1.0/me`
    Me,
    /// Graph `…/photo/$value` and `…/photos/{size}/$value`
    Photo,
    /// Graph `…/photo` without `$value`
    PhotoMetadata,
    /// Graph `/v1.0/users/{id}`
    User,
    /// Graph `…/getMemberObjects`
    MemberObjects,
    /// Graph `/v1.0/$batch`
    Batch,
    /// `/_emulator/…`
    Admin,
    /// Anything else.
    Other,
}

impl Endpoint {
    /// The endpoint that a path belongs to.
    pub(crate) fn of(segments: &[&str]) -> Self {
        match segments {
            ["_emulator", ..] => Self::Admin,
            ["graph", rest @ ..] => Self::of_graph(rest),
            [_, "v2.0", ".well-known", "openid-configuration"] => Self::Discovery,
            [_, "discovery", "instance"] => Self::InstanceDiscovery,
            [_, "discovery", "v2.0", "keys"] => Self::Keys,
            [_, "oauth2", "v2.0", "authorize"] => Self::Authorize,
            [_, "oauth2", "v2.0", "token"] => Self::Token,
            [_, "oauth2", "v2.0", "logout"] => Self::Logout,
            [_, "login"] => Self::SignIn,
            _ => Self::Other,
        }
    }

    /// The part of Graph that a path below `/graph` belongs to.
    pub(crate) fn of_graph(segments: &[&str]) -> Self {
        match segments {
            ["oidc", "userinfo"] => Self::UserInfo,
            ["v1.0", "$batch"] => Self::Batch,
            ["v1.0", "me"] => Self::Me,
            ["v1.0", "users", _] => Self::User,
            ["v1.0", .., "getMemberObjects"] => Self::MemberObjects,
            ["v1.0", .., "photo" | "photos", "$value"] | ["v1.0", .., "photos", _, "$value"] => Self::Photo,
            ["v1.0", .., "photo"] | ["v1.0", .., "photos", _] => Self::PhotoMetadata,
            _ => Self::Other,
        }
    }
}
