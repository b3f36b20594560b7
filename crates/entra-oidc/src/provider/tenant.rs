use std::{collections::BTreeSet, fmt, str::FromStr};

use crate::{
    error::{ConfigError, ConfigErrorKind, clean},
    guid::Guid,
};

/// Who may sign in at an authority: the tenant segment of Microsoft's addresses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tenant {
    /// One tenant, its members and guests.
    Id(Guid),
    /// One tenant by one of its verified domains, in lower case. Its id is pinned when the metadata is first read.
    Domain(String),
    /// Any work or school account.
    Organizations,
    /// Any work, school or personal account.
    Common,
    /// Personal accounts only.
    Consumers,
}

impl Tenant {
    /// Reads what an operator writes: a GUID, a domain, or one of the three words.
    ///
    /// # Errors
    /// [`ConfigErrorKind::Tenant`] for anything else; nothing of it ever gets into an address (case J2).
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        match text.to_ascii_lowercase().as_str() {
            "organizations" => Ok(Self::Organizations),
            "common" => Ok(Self::Common),
            "consumers" => Ok(Self::Consumers),
            lower => match Guid::read(lower) {
                Some(Guid::PERSONAL_ACCOUNTS) => Ok(Self::Consumers),
                Some(guid) => Ok(Self::Id(guid)),
                None if is_domain(lower) => Ok(Self::Domain(lower.to_owned())),
                None => Err(ConfigError::new(
                    ConfigErrorKind::Tenant,
                    format!("`{}` is neither a GUID nor a domain", clean(text, 60)),
                )),
            },
        }
    }

    /// Whether accounts of many tenants sign in here.
    #[must_use]
    pub const fn is_multi_tenant(&self) -> bool {
        matches!(self, Self::Organizations | Self::Common)
    }

    /// The one tenant, as far as it is known without asking Microsoft.
    pub(crate) const fn pinned(&self) -> Option<Guid> {
        match self {
            Self::Id(guid) => Some(*guid),
            Self::Consumers => Some(Guid::PERSONAL_ACCOUNTS),
            Self::Domain(_) | Self::Organizations | Self::Common => None,
        }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(guid) => fmt::Display::fmt(guid, f),
            Self::Domain(domain) => f.write_str(domain),
            Self::Organizations => f.write_str("organizations"),
            Self::Common => f.write_str("common"),
            Self::Consumers => f.write_str("consumers"),
        }
    }
}

impl FromStr for Tenant {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// At least two labels of letters, digits and inner hyphens, the last one not a number (so no IP address).
fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(is_label)
        && text.rsplit('.').next().is_some_and(|last| last.bytes().any(|b| b.is_ascii_alphabetic()))
}

/// Letters, digits and inner hyphens, at most 63 of them.
pub(super) fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Which tenants' accounts may come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AllowedTenants {
    /// The one tenant of the authority. An authority for many tenants needs one of the others.
    #[default]
    Pinned,
    /// These, and no others.
    Only(BTreeSet<Guid>),
    /// Any tenant that the authority lets in. Say it openly.
    Any,
}

impl AllowedTenants {
    /// Whether they make sense at an authority for `tenant`.
    ///
    /// # Errors
    /// [`AllowedTenantsMissing`](ConfigErrorKind::AllowedTenantsMissing),
    /// [`AllowedTenantsContradict`](ConfigErrorKind::AllowedTenantsContradict).
    pub(super) fn check(&self, tenant: &Tenant) -> Result<(), ConfigError> {
        let refuse = |kind, why: &str| Err(ConfigError::new(kind, why));
        match self {
            Self::Pinned if tenant.is_multi_tenant() => refuse(
                ConfigErrorKind::AllowedTenantsMissing,
                &format!("accounts of any tenant could sign in at `{tenant}`"),
            ),
            Self::Only(tenants) if tenants.is_empty() => {
                refuse(ConfigErrorKind::AllowedTenantsContradict, "the list of allowed tenants is empty")
            }
            Self::Only(tenants) if tenant.pinned().is_some_and(|own| !tenants.contains(&own)) => {
                refuse(ConfigErrorKind::AllowedTenantsContradict, "the authority's own tenant is not an allowed one")
            }
            _ => Ok(()),
        }
    }

    /// Whether accounts of `tenant` may come in. The authority's own rule comes on top.
    pub(crate) fn admits(&self, tenant: Guid) -> bool {
        match self {
            Self::Pinned | Self::Any => true,
            Self::Only(tenants) => tenants.contains(&tenant),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_tenant() {
        assert_eq!(Tenant::parse("COMMON").unwrap(), Tenant::Common);
        assert_eq!(Tenant::parse("organizations").unwrap(), Tenant::Organizations);
        assert_eq!(Tenant::parse("9188040D-6c67-4c5b-b112-36a304b66dad").unwrap(), Tenant::Consumers);
        assert_eq!(Tenant::parse("Contoso.Example").unwrap(), Tenant::Domain("contoso.example".to_owned()));
        assert!(matches!(Tenant::parse("8f1c1f6a-0000-4000-8000-000000000001"), Ok(Tenant::Id(_))));
    }

    #[test]
    fn j2_nothing_else_is_a_tenant() {
        for text in [
            "",
            "contoso",
            "../common",
            "common/..",
            "a@b.c",
            "a#b.c",
            "a?b.c",
            "169.254.169.254",
            "[::1]",
            "a..b",
            ".a.b",
            "a.b.",
            "-a.b",
            "a-.b",
            "a b.c",
            "a%2eb.c",
            "contoso.example/evil",
            "contoso.example:443",
            "exämple.com",
            "{tenantid}",
        ] {
            assert!(Tenant::parse(text).is_err(), "{text}");
        }
    }
}
