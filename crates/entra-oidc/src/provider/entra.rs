//! Entra ID, v2 endpoints
//! (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>).

use serde_json::Value;
use url::Url;

use crate::{
    account::{AccountKey, AccountKind},
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind, clean},
    json::{self, Object},
    provider::{
        base::{Base, has_extras, is_https_at},
        cloud::Cloud,
        guid::Guid,
        judgement::{KeyOrigin, Subject},
        metadata::Metadata,
        rules::Rules,
        tenant::{AllowedTenants, Tenant},
    },
};

/// What stands in a published issuer in place of the tenant's id.
const PLACE: &str = "{tenantid}";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entra {
    cloud: Cloud,
    tenant: Tenant,
    base: Base,
    id: String,
    metadata_url: Url,
    graph_url: Option<Url>,
    /// `https://{login host}/{tenantid}/v2.0`
    issuer_template: String,
}

impl Entra {
    pub(super) fn new(cloud: Cloud, tenant: Tenant) -> Self {
        Self::at(Base::of_host(cloud.login_host()), cloud, tenant)
    }

    pub(super) fn from_url(url: &Url) -> Result<Self, ConfigError> {
        let refuse = |why: &str| ConfigError::new(ConfigErrorKind::Authority, why);
        if url.scheme() != "https" || url.port().is_some() || has_extras(url) {
            return Err(refuse(
                "the address has another scheme than https, a port, credentials, a query or a fragment",
            ));
        }
        let host = url.host_str().unwrap_or_default();
        let cloud = Cloud::of_login_host(host)
            .ok_or_else(|| refuse(&format!("`{}` is not a login host of Microsoft's", clean(host, 100))))?;
        let segments: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [tenant] | [tenant, "v2.0"] => Ok(Self::new(cloud, Tenant::parse(tenant)?)),
            _ => Err(refuse("the path is not /TENANT or /TENANT/v2.0")),
        }
    }

    pub(super) fn with_host(&self, base: Url) -> Result<Self, ConfigError> {
        Ok(Self::at(Base::new(base)?, self.cloud, self.tenant.clone()))
    }

    fn at(base: Base, cloud: Cloud, tenant: Tenant) -> Self {
        let own = base.is_host(|host| cloud.owns_login_host(host));
        let place = if own { String::new() } else { format!("@{}", base.origin()) };
        let graph_url = Url::parse(&format!("https://{}/", cloud.graph_host())).ok().filter(|_| !base.is_loopback());
        Self {
            id: format!("{cloud}/{tenant}{place}"),
            metadata_url: base.with_path(&format!("/{tenant}/v2.0/.well-known/openid-configuration")),
            graph_url,
            issuer_template: format!("https://{}/{PLACE}/v2.0", cloud.login_host()),
            cloud,
            tenant,
            base,
        }
    }

    /// The tenant in an issuer of this cloud, written in lower case.
    fn tenant_of(&self, issuer: &str) -> Option<Guid> {
        let (before, after) = self.issuer_template.split_once(PLACE)?;
        let segment = issuer.strip_prefix(before)?.strip_suffix(after)?;
        Guid::read(segment).filter(|tenant| tenant.is_written(segment))
    }
}

impl Rules for Entra {
    fn base(&self) -> &Base {
        &self.base
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn metadata_url(&self) -> &Url {
        &self.metadata_url
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
            Tenant::Common | Tenant::Consumers => &["User.Read"],
            Tenant::Id(_) | Tenant::Domain(_) | Tenant::Organizations => &["User.ReadBasic.All"],
        }
    }

    /// Personal accounts have no administrator; in the other many-tenant cases the administrator's own tenant is meant.
    fn admin_consent_url(&self, client_id: Guid) -> Option<Url> {
        let tenant = match &self.tenant {
            Tenant::Consumers => return None,
            Tenant::Common => &Tenant::Organizations,
            tenant => tenant,
        };
        let mut url = self.base.with_path(&format!("/{tenant}/v2.0/adminconsent"));
        url.query_pairs_mut().append_pair("client_id", &client_id.to_string());
        Some(url)
    }

    fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        if matches!(self.tenant, Tenant::Common | Tenant::Consumers) && !self.cloud.has_personal_accounts() {
            return Err(ConfigError::new(ConfigErrorKind::PersonalAccounts, "this cloud has no personal accounts"));
        }
        allowed.check(&self.tenant)
    }

    /// The issuer is never a prefix of the metadata's address, so each form of tenant has its own rule.
    fn accept_issuer(&self, issuer: &str) -> Result<Option<Guid>, String> {
        let found = match &self.tenant {
            Tenant::Common | Tenant::Organizations => (issuer == self.issuer_template).then_some(None),
            Tenant::Id(id) => self.tenant_of(issuer).filter(|tenant| tenant == id).map(Some),
            Tenant::Consumers => self.tenant_of(issuer).filter(|tenant| *tenant == Guid::PERSONAL_ACCOUNTS).map(Some),
            Tenant::Domain(_) => self.tenant_of(issuer).filter(|tenant| *tenant != Guid::PERSONAL_ACCOUNTS).map(Some),
        };
        found.ok_or_else(|| {
            format!("issuer: expected {} for `{}`, got {}", self.issuer_template, self.tenant, clean(issuer, 150))
        })
    }

    fn owns(&self, endpoint: &Url) -> bool {
        self.base.owns(endpoint) || is_https_at(endpoint, |host| self.cloud.owns_login_host(host))
    }

    fn may_answer_as(&self, issuer: &str, _metadata: &Metadata) -> bool {
        let Some(tenant) = self.tenant_of(issuer) else { return false };
        match self.tenant.pinned() {
            Some(own) => own == tenant,
            None => !(self.tenant == Tenant::Organizations && tenant == Guid::PERSONAL_ACCOUNTS),
        }
    }

    fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError> {
        let tid = single(claims, "tid")?;
        let tenant = required_guid("tid", tid)?;
        let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        // Byte for byte, and the tenant of the path is the token's tenant (cases T8, T9).
        if !fills(&self.issuer_template, tid, issuer) || !fills(&metadata.issuer, tid, issuer) {
            return Err(SignInError::new(
                SignInErrorKind::IdTokenIssuer,
                format!("expected {} for tenant {tenant}, got {}", metadata.issuer, clean(issuer, 150)),
            ));
        }
        if self.tenant == Tenant::Organizations && tenant == Guid::PERSONAL_ACCOUNTS {
            return Err(SignInError::new(SignInErrorKind::TenantNotAllowed, "a personal account at `organizations`"));
        }
        let object = required_guid("oid", single(claims, "oid")?)?;
        Ok(Subject {
            account: AccountKey::new(AccountKind::Entra, tenant.to_string(), object.to_string()),
            tenant: Some(tenant),
            object: Some(object),
        })
    }

    /// What keeps a key of the personal accounts, or of another cloud, from signing for a tenant here
    /// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>; case T10).
    fn check_key(&self, key: KeyOrigin<'_>, claims: &Object, metadata: &Metadata) -> Result<(), SignInError> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let refuse = |detail: String| Err(SignInError::new(SignInErrorKind::IdTokenKeyIssuer, detail));
        if let Some(published) = key.issuer
            && !fills(published, text("tid"), text("iss"))
        {
            return refuse(format!(
                "the key is published for {}, the token is of {}",
                clean(published, 150),
                text("iss")
            ));
        }
        let own_cloud = metadata.cloud_instance_name.as_deref().unwrap_or(self.cloud.cloud_instance_name());
        match key.cloud_instance_name {
            Some(cloud) if cloud != own_cloud => {
                refuse(format!("the key is of cloud {}, expected {own_cloud}", clean(cloud, 100)))
            }
            _ => Ok(()),
        }
    }
}

/// Whether `text` is `template` with the tenant in its place, or `template` itself when it has none.
fn fills(template: &str, tenant: &str, text: &str) -> bool {
    match template.split_once(PLACE) {
        None => template == text,
        Some((before, after)) => text
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|segment| !tenant.is_empty() && segment == tenant),
    }
}

/// The claim, once and as a string; a second one that differs only in case is refused.
fn single<'a>(claims: &'a Object, name: &str) -> Result<&'a str, SignInError> {
    let refuse = |detail: String| SignInError::new(SignInErrorKind::IdTokenTenant, detail);
    if claims.keys().filter(|key| key.eq_ignore_ascii_case(name)).count() > 1 {
        return Err(refuse(format!("`{name}` stands there twice, in another case")));
    }
    json::required_str(claims, name).map_err(refuse)
}

fn required_guid(name: &str, text: &str) -> Result<Guid, SignInError> {
    Guid::read(text).ok_or_else(|| {
        SignInError::new(SignInErrorKind::IdTokenTenant, format!("`{name}` is not a GUID: {}", clean(text, 60)))
    })
}
