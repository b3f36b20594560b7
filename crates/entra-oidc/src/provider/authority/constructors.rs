//! Every way to an authority.

use std::sync::Arc;

use url::Url;

use crate::{
    error::{ConfigError, ConfigErrorKind},
    guid::Guid,
    provider::{
        authority::Authority,
        b2c::B2c,
        base::Base,
        cloud::Cloud,
        entra::Entra,
        external_id::ExternalId,
        kind::Kind,
        openid::{OpenId, OpenIdProvider},
        policy::Policy,
        tenant::Tenant,
    },
};

impl Authority {
    /// Entra ID, v2 endpoints, at the cloud's own login host.
    #[must_use]
    pub fn entra(cloud: Cloud, tenant: Tenant) -> Self {
        Self::of(Kind::Entra(Entra::v2(cloud, tenant)))
    }

    /// Entra ID, v1 endpoints. `resource` is the one API that access tokens are for, its application id URI or id;
    /// none for the cloud's Microsoft Graph.
    ///
    /// Prefer v2. v1's key lists do not say for whom their keys sign; a key of another cloud that stands there is known
    /// by the name of its certificate alone.
    ///
    /// # Errors
    /// [`EndpointVersion`](ConfigErrorKind::EndpointVersion) for personal accounts and for clouds without v1 endpoints,
    /// [`Resource`](ConfigErrorKind::Resource) when the resource cannot be one.
    pub fn entra_v1(cloud: Cloud, tenant: Tenant, resource: Option<String>) -> Result<Self, ConfigError> {
        Entra::v1(cloud, tenant, resource).map(|entra| Self::of(Kind::Entra(entra)))
    }

    /// Entra External ID at `https://{name}.ciamlogin.com`. `tenant` is its id or a domain of it; none for
    /// `{name}.onmicrosoft.com`.
    ///
    /// # Errors
    /// [`TenantName`](ConfigErrorKind::TenantName), or [`Tenant`](ConfigErrorKind::Tenant) for one of the three words.
    pub fn external_id(name: &str, tenant: Option<Tenant>) -> Result<Self, ConfigError> {
        ExternalId::named(name, tenant).map(|external| Self::of(Kind::ExternalId(external)))
    }

    /// Entra External ID behind a custom domain.
    ///
    /// # Errors
    /// [`AuthorityHost`](ConfigErrorKind::AuthorityHost), as for [`Authority::with_host`].
    pub fn external_id_at(base: Url, tenant: Guid) -> Result<Self, ConfigError> {
        Ok(Self::of(Kind::ExternalId(ExternalId::at(Base::new(base)?, tenant))))
    }

    /// Azure AD B2C at `https://{tenant_name}.b2clogin.com`, for one policy. `tenant` is the directory's id, pinned from
    /// the first metadata when it is none.
    ///
    /// # Errors
    /// [`TenantName`](ConfigErrorKind::TenantName).
    pub fn b2c(tenant_name: &str, policy: &Policy, tenant: Option<Guid>) -> Result<Self, ConfigError> {
        B2c::named(tenant_name, policy, tenant).map(|b2c| Self::of(Kind::B2c(b2c)))
    }

    /// The same B2C directory with another policy, such as the one that resets passwords.
    ///
    /// # Errors
    /// [`Policy`](ConfigErrorKind::Policy): only B2C has policies.
    pub fn with_policy(&self, policy: &Policy) -> Result<Self, ConfigError> {
        self.0
            .with_policy(policy)
            .map(Self::of)
            .ok_or_else(|| ConfigError::new(ConfigErrorKind::Policy, format!("{} has no policies", self.id())))
    }

    /// The same authority, for an application whose tokens are signed with keys of its own
    /// (<https://learn.microsoft.com/entra/identity-platform/signing-key-rollover>): `appid` goes to metadata and keys.
    ///
    /// # Errors
    /// [`AppSigningKeys`](ConfigErrorKind::AppSigningKeys): only Entra ID has such keys.
    pub fn with_app_signing_keys(self, client_id: Guid) -> Result<Self, ConfigError> {
        self.0.with_app_signing_keys(client_id).map(Self::of).ok_or_else(|| {
            let detail = format!("{} has no keys of single applications", self.id());
            ConfigError::new(ConfigErrorKind::AppSigningKeys, detail)
        })
    }

    /// A standard `OpenID` provider, such as AD FS.
    #[must_use]
    pub fn openid(provider: OpenIdProvider) -> Self {
        Self::of(Kind::OpenId(OpenId::new(provider)))
    }

    /// Reads the address of an authority, with or without `/v2.0` and a slash at the end:
    ///
    /// - `https://login.microsoftonline.com/{tenant}`, likewise the login hosts of the other clouds; aliases become the
    ///   cloud's preferred host;
    /// - `https://{name}.ciamlogin.com`, `https://{name}.ciamlogin.com/{tenant}`;
    /// - `https://{name}.b2clogin.com/{tenant}/{policy}`, also with `/tfp` before the tenant, and `.us` and `.cn`.
    ///
    /// # Errors
    /// [`Authority`](ConfigErrorKind::Authority) for other hosts and shapes,
    /// [`Tenant`](ConfigErrorKind::Tenant) or [`Policy`](ConfigErrorKind::Policy) when it is none.
    pub fn from_url(url: &Url) -> Result<Self, ConfigError> {
        Kind::from_url(url).map(Self::of)
    }

    /// The same authority at another host that speaks for it: a custom domain, a proxy, or an emulator. Issuers stay
    /// Microsoft's own; B2C's may name the host as well.
    ///
    /// # Errors
    /// [`AuthorityHost`](ConfigErrorKind::AuthorityHost): not https (or http on loopback), or with path,
    /// query, fragment or credentials.
    pub fn with_host(self, base: Url) -> Result<Self, ConfigError> {
        self.0.with_host(Base::new(base)?).map(Self::of).ok_or_else(|| {
            let detail = "a standard provider is where its issuer says, and nowhere else";
            ConfigError::new(ConfigErrorKind::AuthorityHost, detail)
        })
    }

    fn of(kind: Kind) -> Self {
        Self(Arc::new(kind))
    }
}
