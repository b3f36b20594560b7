//! What can be asked of the emulator.

use serde::{Deserialize, Serialize};

use crate::version::Version;

/// One thing that the emulator serves; the journal counts by it and faults name it.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Endpoint {
    /// `/{tenant}/v2.0/.well-known/openid-configuration`; v1 without `/v2.0`, here and below
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
    /// `/{tenant}/oauth2/v2.0/devicecode`
    DeviceCode,
    /// `/{tenant}/oauth2/deviceauth`: the page where a device's code is entered
    DeviceLogin,
    /// `/{tenant}/oauth2/v2.0/logout`
    Logout,
    /// Graph `/oidc/userinfo`, and v1's `/{tenant}/openid/userinfo`
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
    /// `/metadata/identity/oauth2/token` of a virtual machine, `/msi/token` of App Service
    ManagedIdentity,
    /// `/_workload/…`: discovery and keys of the cluster that the emulator plays
    Workload,
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
            ["_workload", ..] => Self::Workload,
            ["metadata", "identity", "oauth2", "token"] | ["msi", "token"] => Self::ManagedIdentity,
            ["graph", rest @ ..] => Self::of_graph(rest),
            [_, "discovery", "instance"] => Self::InstanceDiscovery,
            _ => Self::below_tenant(segments).map_or(Self::Other, |(endpoint, ..)| endpoint),
        }
    }

    /// An endpoint below a tenant, its version, and the segments before it.
    pub(crate) fn below_tenant<'a>(segments: &'a [&'a str]) -> Option<(Self, Version, &'a [&'a str])> {
        use Version::{V1, V2};
        Some(match segments {
            [head @ .., "v2.0", ".well-known", "openid-configuration"] => (Self::Discovery, V2, head),
            [head @ .., ".well-known", "openid-configuration"] => (Self::Discovery, V1, head),
            [head @ .., "discovery", "v2.0", "keys"] => (Self::Keys, V2, head),
            [head @ .., "discovery", "keys"] => (Self::Keys, V1, head),
            [head @ .., "oauth2", "v2.0", name] => (Self::of_oauth2(name)?, V2, head),
            [head @ .., "oauth2", name] => (Self::of_oauth2(name)?, V1, head),
            [head @ .., "openid", "userinfo"] => (Self::UserInfo, V1, head),
            [head @ .., "login"] => (Self::SignIn, V2, head),
            _ => return None,
        })
    }

    fn of_oauth2(name: &str) -> Option<Self> {
        Some(match name {
            "authorize" => Self::Authorize,
            "token" => Self::Token,
            "devicecode" => Self::DeviceCode,
            "deviceauth" => Self::DeviceLogin,
            "logout" => Self::Logout,
            // Our own: where the pages of v1 post to.
            "login" => Self::SignIn,
            _ => return None,
        })
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
