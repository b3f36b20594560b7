//! Azure AD B2C: one directory, one issuer, and a metadata document and key list for each policy
//! (<https://learn.microsoft.com/azure/active-directory-b2c/openid-connect>).

use url::Url;

use crate::{
    account::{AccountKey, AccountKind},
    app::CredentialKind,
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind, clean},
    guid::Guid,
    json::{self, Object},
    provider::{
        base::{Base, is_https_at},
        cloud::Cloud,
        judgement::{KeyOrigin, Subject, check_version, required_guid, single, text, wrong_issuer},
        location::Location,
        membership::Membership,
        metadata::Metadata,
        policy::Policy,
        rules::Rules,
        tenant::{AllowedTenants, Tenant, is_label},
    },
};

/// The domains of B2C's hosts, by cloud.
const DOMAINS: [(Cloud, &str); 3] =
    [(Cloud::Public, ".b2clogin.com"), (Cloud::UsGovernment, ".b2clogin.us"), (Cloud::China, ".b2clogin.cn")];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct B2c {
    cloud: Cloud,
    /// `contoso.b2clogin.com`
    host: String,
    tenant: Tenant,
    policy: Policy,
    location: Location,
    /// What issuers begin with: `https://contoso.b2clogin.com/`, and the same of a custom domain.
    issuer_origins: [String; 2],
}

impl B2c {
    pub(super) fn named(name: &str, policy: &Policy, tenant: Option<Guid>) -> Result<Self, ConfigError> {
        let name = name.to_ascii_lowercase();
        let (cloud, domain) = DOMAINS[0];
        let tenant = tenant.map_or_else(|| Tenant::Domain(format!("{name}.onmicrosoft.com")), Tenant::Id);
        Self::at_host(cloud, domain, &name, policy, tenant)
    }

    /// Cloud, domain and name of `contoso.b2clogin.com`.
    pub(super) fn name_of(host: &str) -> Option<(Cloud, &'static str, &str)> {
        DOMAINS.into_iter().find_map(|(cloud, domain)| Some((cloud, domain, host.strip_suffix(domain)?)))
    }

    pub(super) fn from_url(cloud: Cloud, domain: &str, name: &str, url: &Url) -> Result<Self, ConfigError> {
        let segments: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [tenant, policy] | [tenant, policy, "v2.0"] | ["tfp", tenant, policy] | ["tfp", tenant, policy, "v2.0"] => {
                Self::at_host(cloud, domain, name, &Policy::parse(policy)?, Tenant::parse(tenant)?)
            }
            _ => Err(ConfigError::new(
                ConfigErrorKind::Authority,
                "the path is not /TENANT/POLICY, with or without /v2.0 after it or /tfp before it",
            )),
        }
    }

    fn at_host(cloud: Cloud, domain: &str, name: &str, policy: &Policy, tenant: Tenant) -> Result<Self, ConfigError> {
        if !is_label(name) {
            return Err(ConfigError::new(
                ConfigErrorKind::TenantName,
                format!("`{}` is not the name of a B2C tenant", clean(name, 60)),
            ));
        }
        if !matches!(tenant, Tenant::Id(_) | Tenant::Domain(_)) {
            return Err(ConfigError::new(ConfigErrorKind::Tenant, format!("`{tenant}` is not one B2C tenant")));
        }
        let host = format!("{name}{domain}");
        Ok(Self::new(Base::of_host(&host), cloud, host, tenant, policy.clone()))
    }

    pub(super) fn with_host(&self, base: Base) -> Self {
        Self::new(base, self.cloud, self.host.clone(), self.tenant.clone(), self.policy.clone())
    }

    pub(super) fn with_policy(&self, policy: &Policy) -> Self {
        Self::new(self.location.base.clone(), self.cloud, self.host.clone(), self.tenant.clone(), policy.clone())
    }

    fn new(base: Base, cloud: Cloud, host: String, tenant: Tenant, policy: Policy) -> Self {
        let own = base.is_host(|at| at == host);
        let place = if own { host.as_str() } else { base.origin() };
        let id = format!("b2c/{tenant}/{}@{place}", policy.as_str().to_ascii_lowercase());
        let metadata_url = base.with_path(&format!("/{tenant}/{policy}/v2.0/.well-known/openid-configuration"));
        Self {
            issuer_origins: [format!("https://{host}/"), format!("{}/", base.origin())],
            cloud,
            host,
            tenant,
            policy,
            location: Location { base, id, metadata_url },
        }
    }

    /// The tenant in `https://contoso.b2clogin.com/{tenant}/v2.0/` or `…/tfp/{tenant}/{policy}/v2.0/`.
    fn tenant_of(&self, issuer: &str) -> Option<Guid> {
        let path = self.issuer_origins.iter().find_map(|origin| issuer.strip_prefix(origin.as_str()))?;
        let segments: Vec<&str> = path.splitn(6, '/').collect();
        let tenant = match segments.as_slice() {
            [tenant, "v2.0", ""] => tenant,
            ["tfp", tenant, policy, "v2.0", ""] if self.policy.is(policy) => tenant,
            _ => return None,
        };
        Guid::read(tenant).filter(|id| id.is_written(tenant))
    }

    /// The policy that made the token: `tfp`, in tokens of old policies `acr`.
    fn check_policy<'a>(&self, claims: &'a Object) -> Result<&'a str, SignInError> {
        let refuse = |detail: String| SignInError::new(SignInErrorKind::IdTokenPolicy, detail);
        let named = match json::optional_str(claims, "tfp").map_err(refuse)? {
            Some(tfp) => tfp,
            None => json::required_str(claims, "acr").map_err(|_| refuse("neither `tfp` nor `acr`".to_owned()))?,
        };
        if self.policy.is(named) {
            return Ok(named);
        }
        Err(refuse(format!("expected {}, got {}", self.policy, clean(named, 80))))
    }
}

impl Rules for B2c {
    fn location(&self) -> &Location {
        &self.location
    }

    fn tenant(&self) -> Option<&Tenant> {
        Some(&self.tenant)
    }

    fn cloud(&self) -> Option<Cloud> {
        Some(self.cloud)
    }

    fn accepts(&self, kind: CredentialKind) -> Result<(), &'static str> {
        match kind {
            CredentialKind::Secret => Ok(()),
            _ => Err("B2C takes client secrets only"),
        }
    }

    fn wants_id_token_hint(&self) -> bool {
        true
    }

    fn membership(&self) -> Membership {
        Membership::SelfMade
    }

    fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        allowed.check(&self.tenant)
    }

    fn accept_issuer(&self, issuer: &str) -> Result<Option<Guid>, String> {
        let named = self.tenant_of(issuer);
        match named.filter(|tenant| self.tenant.pinned().is_none_or(|own| own == *tenant)) {
            Some(tenant) => Ok(Some(tenant)),
            None => Err(format!(
                "issuer: expected {}TENANT/v2.0/ for `{}`, got {}",
                self.issuer_origins[0],
                self.tenant,
                clean(issuer, 150)
            )),
        }
    }

    fn owns(&self, endpoint: &Url) -> bool {
        self.location.base.owns(endpoint) || is_https_at(endpoint, |at| at == self.host)
    }

    /// `sub` is the user in every policy of the directory, so the policy is no part of the account.
    fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError> {
        let issuer = text(claims, "iss");
        let tenant = metadata
            .tenant
            .filter(|_| issuer == metadata.issuer)
            .ok_or_else(|| wrong_issuer(&metadata.issuer, issuer))?;
        check_version(claims, "1.0")?;
        if claims.keys().any(|name| name.eq_ignore_ascii_case("tid")) {
            let tid = required_guid("tid", single(claims, "tid")?)?;
            if tid != tenant {
                return Err(SignInError::new(
                    SignInErrorKind::IdTokenIssuer,
                    format!("tid: expected {tenant}, got {tid}"),
                ));
            }
        }
        let policy = self.check_policy(claims)?.to_owned();
        let subject = check_subject(text(claims, "sub"))?;
        let object = json::optional_str(claims, "oid").ok().flatten().and_then(Guid::read);
        Ok(Subject {
            account: AccountKey::new(AccountKind::B2c, tenant.to_string(), subject),
            tenant: Some(tenant),
            object,
            policy: Some(policy),
        })
    }

    fn check_key(&self, key: KeyOrigin<'_>, claims: &Object, metadata: &Metadata) -> Result<(), SignInError> {
        key.check(claims, metadata, self.cloud.cloud_instance_name())
    }
}

/// A user flow whose subject claim is off gives everybody the same `sub`, a sentence (`Not supported currently. Use oid
/// claim.`). Whoever took it for a user would take all users for one.
fn check_subject(subject: &str) -> Result<&str, SignInError> {
    if subject.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(subject);
    }
    Err(SignInError::new(
        SignInErrorKind::IdTokenClaims,
        "`sub` names no user; set the subject claim of the user flow to ObjectID",
    ))
}
