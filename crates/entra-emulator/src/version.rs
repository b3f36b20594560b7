//! The two versions of Microsoft's endpoints.

/// Which version of an endpoint was called. It decides the shape of discovery, keys, answers and ID tokens.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Version {
    /// `/{tenant}/oauth2/token`: `resource` instead of resource scopes, work accounts only.
    V1,
    /// `/{tenant}/oauth2/v2.0/token`
    V2,
}

impl Version {
    /// `folder/v2.0/name`, or `folder/name`.
    pub(crate) fn path(self, folder: &str, name: &str) -> String {
        match self {
            Self::V1 => format!("{folder}/{name}"),
            Self::V2 => format!("{folder}/v2.0/{name}"),
        }
    }

    /// The path of the discovery document below a tenant.
    pub(crate) const fn well_known(self) -> &'static str {
        match self {
            Self::V1 => ".well-known/openid-configuration",
            Self::V2 => "v2.0/.well-known/openid-configuration",
        }
    }
}
