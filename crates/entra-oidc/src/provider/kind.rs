use url::Url;

use crate::{
    address::has_extras,
    error::{ConfigError, ConfigErrorKind, clean},
    guid::Guid,
    provider::{
        b2c::B2c, base::Base, cloud::Cloud, entra::Entra, external_id::ExternalId, openid::OpenId, policy::Policy,
        rules::Rules,
    },
};

/// The kinds of authorities. Each has a file of its own, where it answers the questions of [`Rules`]; that there are
/// kinds is known here and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Entra(Entra),
    ExternalId(ExternalId),
    B2c(B2c),
    OpenId(OpenId),
}

impl Kind {
    /// Who answers.
    pub(super) fn rules(&self) -> &dyn Rules {
        match self {
            Self::Entra(entra) => entra,
            Self::ExternalId(external) => external,
            Self::B2c(b2c) => b2c,
            Self::OpenId(openid) => openid,
        }
    }

    /// The kind at Microsoft's own address.
    ///
    /// # Errors
    /// [`Authority`](ConfigErrorKind::Authority), or what is wrong with tenant, name or policy.
    pub(super) fn from_url(url: &Url) -> Result<Self, ConfigError> {
        let refuse = |why: &str| Err(ConfigError::new(ConfigErrorKind::Authority, why));
        if url.scheme() != "https" || url.port().is_some() || has_extras(url) {
            return refuse("the address has another scheme than https, a port, credentials, a query or a fragment");
        }
        let host = url.host_str().unwrap_or_default();
        if let Some(cloud) = Cloud::of_login_host(host) {
            return Entra::from_url(cloud, url).map(Self::Entra);
        }
        if let Some(name) = ExternalId::name_of(host) {
            return ExternalId::from_url(name, url).map(Self::ExternalId);
        }
        if let Some((cloud, domain, name)) = B2c::name_of(host) {
            return B2c::from_url(cloud, domain, name, url).map(Self::B2c);
        }
        refuse(&format!("`{}` is not a login host of Microsoft's", clean(host, 100)))
    }

    /// The same at another host; none when its host is part of what it is.
    pub(super) fn with_host(&self, base: Base) -> Option<Self> {
        match self {
            Self::Entra(entra) => Some(Self::Entra(entra.with_host(base))),
            Self::ExternalId(external) => Some(Self::ExternalId(external.with_host(base))),
            Self::B2c(b2c) => Some(Self::B2c(b2c.with_host(base))),
            Self::OpenId(_) => None,
        }
    }

    /// The same with another policy, where there are policies.
    pub(super) fn with_policy(&self, policy: &Policy) -> Option<Self> {
        match self {
            Self::B2c(b2c) => Some(Self::B2c(b2c.with_policy(policy))),
            Self::Entra(_) | Self::ExternalId(_) | Self::OpenId(_) => None,
        }
    }

    /// The same with keys of one application, where there are such keys.
    pub(super) fn with_app_signing_keys(&self, client_id: Guid) -> Option<Self> {
        match self {
            Self::Entra(entra) => Some(Self::Entra(entra.with_app_signing_keys(client_id))),
            Self::ExternalId(_) | Self::B2c(_) | Self::OpenId(_) => None,
        }
    }
}
