//! Entra ID, v2 endpoints
//! (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>).

use serde_json::Value;
use url::Url;

use crate::{
    account::{AccountKey, AccountKind},
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind, clean},
    http_client::is_loopback,
    json::{self, Object},
    provider::{
        cloud::Cloud,
        guid::Guid,
        judgement::{KeyOrigin, Subject},
        metadata::Metadata,
        tenant::{AllowedTenants, Tenant},
    },
};

/// What stands in a published issuer in place of the tenant's id.
const PLACE: &str = "{tenantid}";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entra {
    pub(super) cloud: Cloud,
    pub(super) tenant: Tenant,
    pub(super) base: Url,
    /// `https://{login host}/{tenantid}/v2.0`
    issuer_template: String,
}

impl Entra {
    pub(super) fn new(cloud: Cloud, tenant: Tenant) -> Self {
        let host = cloud.login_host();
        let base = Url::parse(&format!("https://{host}/")).expect("the hosts in the table are hosts");
        Self { cloud, tenant, base, issuer_template: format!("https://{host}/{PLACE}/v2.0") }
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
        let refuse = |why: &str| Err(ConfigError::new(ConfigErrorKind::AuthorityHost, why));
        if has_extras(&base) || base.path() != "/" {
            return refuse("the address has a path, credentials, a query or a fragment");
        }
        match base.scheme() {
            "https" if base.host().is_some() => {}
            "http" if is_loopback(&base) => {}
            _ => return refuse("the address is neither https nor http on loopback"),
        }
        Ok(Self { base, ..self.clone() })
    }

    pub(super) fn metadata_url(&self) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("/{}/v2.0/.well-known/openid-configuration", self.tenant));
        url
    }

    /// Personal accounts have no administrator; in the other many-tenant cases the administrator's own tenant is meant.
    pub(super) fn admin_consent_url(&self, client_id: Guid) -> Option<Url> {
        let tenant = match &self.tenant {
            Tenant::Consumers => return None,
            Tenant::Common => &Tenant::Organizations,
            tenant => tenant,
        };
        let mut url = self.base.clone();
        url.set_path(&format!("/{tenant}/v2.0/adminconsent"));
        url.query_pairs_mut().append_pair("client_id", &client_id.to_string());
        Some(url)
    }

    pub(super) fn graph_url(&self) -> Option<Url> {
        if is_loopback(&self.base) {
            return None;
        }
        Url::parse(&format!("https://{}/", self.cloud.graph_host())).ok()
    }

    pub(super) fn default_scopes(&self) -> &'static [&'static str] {
        match self.tenant {
            Tenant::Common | Tenant::Consumers => &["User.Read"],
            Tenant::Id(_) | Tenant::Domain(_) | Tenant::Organizations => &["User.ReadBasic.All"],
        }
    }

    pub(super) fn id(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        if self.base.scheme() == "https" && self.base.port().is_none() && self.cloud.owns_login_host(host) {
            return format!("{}/{}", self.cloud, self.tenant);
        }
        let origin = self.base.as_str().trim_end_matches('/');
        format!("{}/{}@{origin}", self.cloud, self.tenant)
    }

    pub(super) fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        let refuse = |kind, why: &str| Err(ConfigError::new(kind, why));
        if matches!(self.tenant, Tenant::Common | Tenant::Consumers) && !self.cloud.has_personal_accounts() {
            return refuse(ConfigErrorKind::PersonalAccounts, "this cloud has no personal accounts");
        }
        match allowed {
            AllowedTenants::Pinned if self.tenant.is_multi_tenant() => refuse(
                ConfigErrorKind::AllowedTenantsMissing,
                &format!("accounts of any tenant could sign in at `{}`", self.tenant),
            ),
            AllowedTenants::Only(tenants) if tenants.is_empty() => {
                refuse(ConfigErrorKind::AllowedTenantsContradict, "the list of allowed tenants is empty")
            }
            AllowedTenants::Only(tenants) if self.tenant.pinned().is_some_and(|own| !tenants.contains(&own)) => {
                refuse(ConfigErrorKind::AllowedTenantsContradict, "the authority's own tenant is not an allowed one")
            }
            _ => Ok(()),
        }
    }

    pub(super) fn accept_metadata(&self, document: &Object) -> Result<Metadata, String> {
        let issuer = json::required_str(document, "issuer")?;
        let tenant = self.accept_issuer(issuer)?;
        let endpoint = |name: &str| self.accept_endpoint(name, json::required_str(document, name)?);
        Ok(Metadata {
            issuer: issuer.to_owned(),
            tenant,
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            jwks_uri: endpoint("jwks_uri")?,
            end_session_endpoint: json::optional_str(document, "end_session_endpoint")?
                .map(|text| self.accept_endpoint("end_session_endpoint", text))
                .transpose()?,
            cloud_instance_name: json::optional_str(document, "cloud_instance_name")?.map(str::to_owned),
            msgraph_host: json::optional_str(document, "msgraph_host")?.map(str::to_owned),
        })
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

    /// The tenant in an issuer of this cloud, written in lower case.
    fn tenant_of(&self, issuer: &str) -> Option<Guid> {
        let (before, after) = self.issuer_template.split_once(PLACE)?;
        let segment = issuer.strip_prefix(before)?.strip_suffix(after)?;
        Guid::read(segment).filter(|tenant| tenant.is_written(segment))
    }

    fn accept_endpoint(&self, name: &str, text: &str) -> Result<Url, String> {
        let refuse = || format!("{name}: expected an address on {}, got {}", self.base, clean(text, 150));
        if text.len() > 2048 {
            return Err(refuse());
        }
        let url = Url::parse(text).map_err(|_| refuse())?;
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let here = url.origin() == self.base.origin();
        let clouds_own = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| self.cloud.owns_login_host(host));
        if bare && (here || clouds_own) { Ok(url) } else { Err(refuse()) }
    }

    pub(super) fn may_answer_as(&self, issuer: &str) -> bool {
        let Some(tenant) = self.tenant_of(issuer) else { return false };
        match self.tenant.pinned() {
            Some(own) => own == tenant,
            None => !(self.tenant == Tenant::Organizations && tenant == Guid::PERSONAL_ACCOUNTS),
        }
    }

    pub(super) fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError> {
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
    pub(super) fn check_key(
        &self,
        key: KeyOrigin<'_>,
        claims: &Object,
        metadata: &Metadata,
    ) -> Result<(), SignInError> {
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

fn has_extras(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some()
}
