//! Which account this is: the key that users are stored under.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which rule made an [`AccountKey`]. Part of the key, so that one provider can never stand in for another.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AccountKind {
    /// Microsoft Entra ID and Entra External ID: (tenant id, object id), the same for v1 and v2.
    Entra,
    /// Azure AD B2C: (tenant GUID of the issuer, `sub`), whatever the policy.
    B2c,
    /// A standard OpenID provider: (issuer, `sub`).
    OpenId,
}

impl AccountKind {
    /// The stable name: `entra`, `b2c`, `openid`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::B2c => "b2c",
            Self::OpenId => "openid",
        }
    }

    /// The kind with this stable name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Entra, Self::B2c, Self::OpenId].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// The account behind a sign-in, for as long as it exists. Compared byte by byte; never made from an address or a name,
/// which their owners can change (the nOAuth attack, case I1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    kind: AccountKind,
    tenant: String,
    subject: String,
}

impl AccountKey {
    /// The key with these parts, for a store that reads back what it has written.
    #[must_use]
    pub fn new(kind: AccountKind, tenant: impl Into<String>, subject: impl Into<String>) -> Self {
        Self { kind, tenant: tenant.into(), subject: subject.into() }
    }

    /// Which rule made it.
    #[must_use]
    pub const fn kind(&self) -> AccountKind {
        self.kind
    }

    /// The tenant id (Entra, B2C; lower case with hyphens) or the issuer (`OpenId`).
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The object id (Entra; lower case with hyphens) or `sub`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl fmt::Display for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.kind.as_str(), self.tenant, self.subject)
    }
}
