//! Entra External ID: a tenant for customers, at a host of its own
//! (<https://learn.microsoft.com/entra/external-id/customers/overview-customers-ciam>).

use url::Url;

use crate::{
    app::CredentialKind,
    error::{ConfigError, ConfigErrorKind, SignInError, clean},
    guid::Guid,
    json::Object,
    provider::{
        base::{Base, is_https_at},
        cloud::Cloud,
        issuer::IssuerTemplate,
        judgement::{KeyOrigin, Subject, check_version, required_guid, single, text, wrong_issuer},
        location::Location,
        membership::Membership,
        metadata::Metadata,
        rules::Rules,
        tenant::{AllowedTenants, Tenant, is_label},
    },
};

/// The domain of all their hosts. There is one cloud that has them.
const DOMAIN: &str = ".ciamlogin.com";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExternalId {
    /// `contoso.ciamlogin.com`; none behind a custom domain.
    host: Option<String>,
    tenant: Tenant,
    location: Location,
    graph_url: Option<Url>,
    /// The host of the issuer is the tenant's id, also when the documents come from the tenant's name.
    issuer: IssuerTemplate,
}

impl ExternalId {
    pub(super) fn named(name: &str, tenant: Option<Tenant>) -> Result<Self, ConfigError> {
        let name = name.to_ascii_lowercase();
        if !is_label(&name) {
            return Err(ConfigError::new(
                ConfigErrorKind::TenantName,
                format!("`{}` is not the name of an External ID tenant", clean(&name, 60)),
            ));
        }
        let tenant = match (tenant, Guid::read(&name)) {
            (Some(tenant), _) => tenant,
            (None, Some(id)) => Tenant::Id(id),
            (None, None) => Tenant::Domain(format!("{name}.onmicrosoft.com")),
        };
        if !matches!(tenant, Tenant::Id(_) | Tenant::Domain(_)) {
            return Err(ConfigError::new(
                ConfigErrorKind::Tenant,
                format!("`{tenant}` is not one tenant; External ID has no others"),
            ));
        }
        let host = format!("{name}{DOMAIN}");
        Ok(Self::new(Base::of_host(&host), Some(host), tenant))
    }

    pub(super) fn at(base: Base, tenant: Guid) -> Self {
        Self::new(base, None, Tenant::Id(tenant))
    }

    /// The name in `contoso.ciamlogin.com`.
    pub(super) fn name_of(host: &str) -> Option<&str> {
        host.strip_suffix(DOMAIN)
    }

    pub(super) fn from_url(name: &str, url: &Url) -> Result<Self, ConfigError> {
        let segments: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [] => Self::named(name, None),
            [tenant] | [tenant, "v2.0"] => Self::named(name, Some(Tenant::parse(tenant)?)),
            _ => Err(ConfigError::new(ConfigErrorKind::Authority, "the path is not empty, /TENANT or /TENANT/v2.0")),
        }
    }

    pub(super) fn with_host(&self, base: Base) -> Self {
        Self::new(base, self.host.clone(), self.tenant.clone())
    }

    fn new(base: Base, host: Option<String>, tenant: Tenant) -> Self {
        let own = host.as_deref().filter(|host| base.is_host(|at| at == *host));
        let place = own.map_or_else(|| format!("@{}", base.origin()), |host| format!("@{host}"));
        let graph_host = Cloud::Public.graph_host().filter(|_| !base.is_loopback());
        let metadata_url = base.with_path(&format!("/{tenant}/v2.0/.well-known/openid-configuration"));
        Self {
            graph_url: graph_host.and_then(|host| Url::parse(&format!("https://{host}/")).ok()),
            issuer: IssuerTemplate::new(format!("https://{{tenantid}}{DOMAIN}/{{tenantid}}/v2.0")),
            host,
            location: Location { id: format!("external/{tenant}{place}"), base, metadata_url },
            tenant,
        }
    }
}

impl Rules for ExternalId {
    fn location(&self) -> &Location {
        &self.location
    }

    fn tenant(&self) -> Option<&Tenant> {
        Some(&self.tenant)
    }

    fn cloud(&self) -> Option<Cloud> {
        Some(Cloud::Public)
    }

    fn graph_url(&self) -> Option<&Url> {
        self.graph_url.as_ref()
    }

    fn has_graph(&self) -> bool {
        true
    }

    /// A customer reads himself and nobody else.
    fn default_scopes(&self) -> &'static [&'static str] {
        &["User.Read"]
    }

    fn credential_audience(&self) -> Option<&'static str> {
        Cloud::Public.token_exchange_audience()
    }

    /// A managed identity must be of the application's own tenant, and customers' tenants have none.
    fn accepts(&self, kind: CredentialKind) -> Result<(), &'static str> {
        match kind {
            CredentialKind::ManagedIdentity => Err("External ID tenants have no managed identities"),
            _ => Ok(()),
        }
    }

    fn has_directory(&self) -> bool {
        true
    }

    fn membership(&self) -> Membership {
        Membership::SelfMade
    }

    fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        allowed.check(&self.tenant)
    }

    fn accept_issuer(&self, issuer: &str) -> Result<Option<Guid>, String> {
        let named = self.issuer.tenant_of(issuer);
        match named.filter(|tenant| self.tenant.pinned().is_none_or(|own| own == *tenant)) {
            Some(tenant) => Ok(Some(tenant)),
            None => Err(format!(
                "issuer: expected {} for `{}`, got {}",
                self.issuer.as_str(),
                self.tenant,
                clean(issuer, 150)
            )),
        }
    }

    fn owns(&self, endpoint: &Url) -> bool {
        let own = |at: &str| self.host.as_deref().is_some_and(|host| at == host);
        self.location.base.owns(endpoint) || is_https_at(endpoint, own)
    }

    fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError> {
        let tid = single(claims, "tid")?;
        let tenant = required_guid("tid", tid)?;
        let issuer = text(claims, "iss");
        // The one tenant of the metadata, byte for byte, and the token's `tid` is that tenant.
        if issuer != metadata.issuer || !self.issuer.fills(tid, issuer) {
            return Err(wrong_issuer(&format!("{} for tenant {tenant}", metadata.issuer), issuer));
        }
        check_version(claims, "2.0")?;
        Subject::of_directory(tenant, claims)
    }

    fn check_key(&self, key: KeyOrigin<'_>, claims: &Object, metadata: &Metadata) -> Result<(), SignInError> {
        key.check(claims, metadata, Cloud::Public.cloud_instance_name())
    }
}
