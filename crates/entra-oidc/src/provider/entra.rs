//! Entra ID, v1 and v2 endpoints
//! (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>).

mod version;

use url::Url;

use crate::{
    app::{ClientId, CredentialKind},
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind, clean},
    guid::Guid,
    json::Object,
    provider::{
        base::{Base, is_https_at},
        cloud::Cloud,
        entra::version::Version,
        issuer::{IssuerTemplate, fills},
        judgement::{KeyOrigin, Subject, check_version, required_guid, single, text, wrong_issuer},
        location::Location,
        membership::Membership,
        metadata::Metadata,
        rules::Rules,
        tenant::{AllowedTenants, Tenant},
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entra {
    cloud: Cloud,
    tenant: Tenant,
    version: Version,
    /// The application whose own keys sign its tokens.
    signing_app: Option<Guid>,
    location: Location,
    graph_url: Option<Url>,
    issuer: IssuerTemplate,
}

impl Entra {
    pub(super) fn v2(cloud: Cloud, tenant: Tenant) -> Self {
        Self::new(Base::of_host(cloud.login_host()), cloud, tenant, Version::V2, None)
    }

    pub(super) fn v1(cloud: Cloud, tenant: Tenant, resource: Option<String>) -> Result<Self, ConfigError> {
        let version = Version::v1(cloud, &tenant, resource)?;
        Ok(Self::new(Base::of_host(cloud.login_host()), cloud, tenant, version, None))
    }

    pub(super) fn from_url(cloud: Cloud, url: &Url) -> Result<Self, ConfigError> {
        let segments: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [tenant] | [tenant, "v2.0"] => Ok(Self::v2(cloud, Tenant::parse(tenant)?)),
            _ => Err(ConfigError::new(ConfigErrorKind::Authority, "the path is not /TENANT or /TENANT/v2.0")),
        }
    }

    pub(super) fn with_host(&self, base: Base) -> Self {
        Self::new(base, self.cloud, self.tenant.clone(), self.version.clone(), self.signing_app)
    }

    pub(super) fn with_app_signing_keys(&self, client_id: Guid) -> Self {
        Self::new(self.location.base.clone(), self.cloud, self.tenant.clone(), self.version.clone(), Some(client_id))
    }

    fn new(base: Base, cloud: Cloud, tenant: Tenant, version: Version, signing_app: Option<Guid>) -> Self {
        let own = base.is_host(|host| cloud.owns_login_host(host));
        let place = if own { String::new() } else { format!("@{}", base.origin()) };
        let graph_host = cloud.graph_host().filter(|_| version.is_for_graph(cloud) && !base.is_loopback());
        let mut metadata_url = base.with_path(&version.metadata_path(&tenant));
        if let Some(app) = signing_app {
            metadata_url.query_pairs_mut().append_pair("appid", &app.to_string());
        }
        let id = format!("{cloud}/{tenant}{}{place}", version.mark());
        Self {
            graph_url: graph_host.and_then(|host| Url::parse(&format!("https://{host}/")).ok()),
            issuer: version.issuer_template(cloud),
            cloud,
            tenant,
            version,
            signing_app,
            location: Location { base, id, metadata_url },
        }
    }
}

impl Rules for Entra {
    fn location(&self) -> &Location {
        &self.location
    }

    fn tenant(&self) -> Option<&Tenant> {
        Some(&self.tenant)
    }

    fn cloud(&self) -> Option<Cloud> {
        Some(self.cloud)
    }

    fn graph_url(&self) -> Option<&Url> {
        self.graph_url.as_ref()
    }

    fn default_scopes(&self) -> &'static [&'static str] {
        match self.tenant {
            _ if self.version != Version::V2 || self.cloud.graph_host().is_none() => &[],
            Tenant::Common | Tenant::Consumers => &["User.Read"],
            Tenant::Id(_) | Tenant::Domain(_) | Tenant::Organizations => &["User.ReadBasic.All"],
        }
    }

    fn has_graph(&self) -> bool {
        self.version.is_for_graph(self.cloud)
    }

    fn has_directory(&self) -> bool {
        true
    }

    fn membership(&self) -> Membership {
        Membership::Managed
    }

    fn resource(&self) -> Option<&str> {
        self.version.resource()
    }

    fn credential_audience(&self) -> Option<&'static str> {
        self.cloud.token_exchange_audience()
    }

    /// Personal accounts have no administrator; in the other many-tenant cases the administrator's own tenant is meant.
    fn admin_consent_url(&self, client_id: &ClientId) -> Option<Url> {
        let tenant = match &self.tenant {
            Tenant::Consumers => return None,
            Tenant::Common => &Tenant::Organizations,
            tenant => tenant,
        };
        let mut url = self.location.base.with_path(&self.version.admin_consent_path(tenant));
        url.query_pairs_mut().append_pair("client_id", client_id.as_str());
        Some(url)
    }

    /// A federated credential belongs to an application in one tenant, so personal accounts' applications have none.
    fn accepts(&self, kind: CredentialKind) -> Result<(), &'static str> {
        match kind {
            CredentialKind::Secret | CredentialKind::Certificate => Ok(()),
            _ if self.tenant == Tenant::Consumers => Err("personal accounts take a client secret or a certificate"),
            CredentialKind::ManagedIdentity if self.credential_audience().is_none() => {
                Err("the audience of managed identities in this cloud is not known")
            }
            _ => Ok(()),
        }
    }

    fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        if matches!(self.tenant, Tenant::Common | Tenant::Consumers) && !self.cloud.has_personal_accounts() {
            return Err(ConfigError::new(ConfigErrorKind::PersonalAccounts, "this cloud has no personal accounts"));
        }
        allowed.check(&self.tenant)
    }

    /// The issuer is never a prefix of the metadata's address, so each form of tenant has its own rule.
    fn accept_issuer(&self, issuer: &str) -> Result<Option<Guid>, String> {
        let named = self.issuer.tenant_of(issuer);
        let found = match &self.tenant {
            Tenant::Common | Tenant::Organizations => (issuer == self.issuer.as_str()).then_some(None),
            Tenant::Id(id) => named.filter(|tenant| tenant == id).map(Some),
            Tenant::Consumers => named.filter(|tenant| *tenant == Guid::PERSONAL_ACCOUNTS).map(Some),
            Tenant::Domain(_) => named.filter(|tenant| *tenant != Guid::PERSONAL_ACCOUNTS).map(Some),
        };
        found.ok_or_else(|| {
            format!("issuer: expected {} for `{}`, got {}", self.issuer.as_str(), self.tenant, clean(issuer, 150))
        })
    }

    fn owns(&self, endpoint: &Url) -> bool {
        self.location.base.owns(endpoint) || is_https_at(endpoint, |host| self.cloud.owns_login_host(host))
    }

    fn jwks_uri(&self, mut published: Url) -> Url {
        if let Some(app) = self.signing_app
            && !published.query_pairs().any(|(name, _)| name == "appid")
        {
            published.query_pairs_mut().append_pair("appid", &app.to_string());
        }
        published
    }

    /// The address of an authority of many tenants has none of them in it; the token says whose the user is.
    fn end_session_endpoint(&self, published: &Url, tenant: Option<Guid>) -> Url {
        let mut url = published.clone();
        let many = self.tenant.to_string();
        let inside = url.path().strip_prefix('/').and_then(|path| path.strip_prefix(many.as_str()));
        if self.tenant.is_multi_tenant()
            && let (Some(tenant), Some(path)) = (tenant, inside.filter(|path| path.starts_with('/')))
        {
            let tenant = if tenant == Guid::PERSONAL_ACCOUNTS { Tenant::Consumers } else { Tenant::Id(tenant) };
            let path = format!("/{tenant}{path}");
            url.set_path(&path);
        }
        url
    }

    fn may_answer_as(&self, issuer: &str, _metadata: &Metadata) -> bool {
        let Some(tenant) = self.issuer.tenant_of(issuer) else { return false };
        match self.tenant.pinned() {
            Some(own) => own == tenant,
            None => !(self.tenant == Tenant::Organizations && tenant == Guid::PERSONAL_ACCOUNTS),
        }
    }

    fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError> {
        let tid = single(claims, "tid")?;
        let tenant = required_guid("tid", tid)?;
        let issuer = text(claims, "iss");
        // Byte for byte, and the tenant of the path is the token's tenant (cases T8, T9).
        if !self.issuer.fills(tid, issuer) || !fills(&metadata.issuer, tid, issuer) {
            return Err(wrong_issuer(&format!("{} for tenant {tenant}", metadata.issuer), issuer));
        }
        check_version(claims, self.version.claim())?;
        let works_only = self.tenant == Tenant::Organizations || self.version != Version::V2;
        if works_only && tenant == Guid::PERSONAL_ACCOUNTS {
            return Err(SignInError::new(
                SignInErrorKind::TenantNotAllowed,
                "a personal account at an authority for work and school accounts",
            ));
        }
        Subject::of_directory(tenant, claims)
    }

    /// What keeps a key of the personal accounts, or of another cloud, from signing for a tenant here
    /// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>; case T10).
    fn check_key(&self, key: KeyOrigin<'_>, claims: &Object, metadata: &Metadata) -> Result<(), SignInError> {
        key.check(claims, metadata, self.cloud.cloud_instance_name())
    }
}
