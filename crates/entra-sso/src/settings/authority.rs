//! From settings to the protocol's own types.

use std::collections::BTreeSet;

use entra_oidc::{AllowedTenants, Authority, Cloud, ConfigError, ConfigErrorKind, Guid, Tenant};
use url::Url;

use super::{Access, EndpointVersion, Settings, policies::policy, raw::quoted};
use crate::errors::{Check, Finding};

impl Settings {
    /// Who Microsoft is. Anything that is missing or contradicts itself is a finding of severity error.
    pub(crate) fn authority(&self) -> Result<Authority, Finding> {
        if self.b2c_tenant_name.is_some() || self.b2c_policy.is_some() {
            return self.b2c();
        }
        match (&self.authority, self.tenant_id.as_deref()) {
            (None, None) => Err(Finding::new(
                Check::AuthorityMissing,
                Some("tenant_id"),
                "Neither `tenant_id` nor `authority` nor `b2c_tenant_name` is set.",
            )),
            (Some(url), Some(tenant)) => self.custom_domain(url, tenant),
            (Some(url), None) => self.authority_of_url(url),
            (None, Some(tenant)) => self.authority_of_tenant(tenant),
        }
    }

    /// Which tenants may sign in. With an authority that admits many, nothing said is a finding.
    pub(crate) fn allowed_tenants(&self) -> Result<AllowedTenants, Finding> {
        let authority = self.authority()?;
        let whom = authority.tenant().map_or_else(|| "the authority".to_owned(), |tenant| format!("`{tenant}`"));
        match (authority.is_multi_tenant(), self.allow_any_tenant, self.allowed_tenants.is_empty()) {
            (_, true, false) => {
                Err(tenants("`allowed_tenants` and `allow_any_tenant` are both set.".to_owned(), "Keep one of them."))
            }
            (false, true, true) => {
                Err(tenants(format!("`allow_any_tenant` is set, and {whom} is one tenant."), ONE_TENANT))
            }
            (false, false, false) => {
                Err(tenants(format!("`allowed_tenants` is set, and {whom} is one tenant."), ONE_TENANT))
            }
            (false, false, true) => Ok(AllowedTenants::Pinned),
            (true, true, true) => Ok(AllowedTenants::Any),
            (true, false, false) => {
                guids("allowed_tenants", Check::TenantsInvalid, &self.allowed_tenants).map(AllowedTenants::Only)
            }
            (true, false, true) => Err(Finding::new(
                Check::TenantsUndecided,
                Some("allowed_tenants"),
                format!("{whom} admits many tenants, and neither `allowed_tenants` nor `allow_any_tenant` is set."),
            )),
        }
    }

    /// Whether personal Microsoft accounts may sign in, the default by authority included.
    pub(crate) fn personal_accounts(&self) -> Access {
        let consumers = self.authority().is_ok_and(|authority| authority.tenant() == Some(&Tenant::Consumers));
        self.personal_accounts.unwrap_or(if consumers { Access::Allow } else { Access::Deny })
    }

    /// `trusted_email_tenants`, read.
    pub(crate) fn trusted_email_tenants(&self) -> Result<BTreeSet<Guid>, Finding> {
        guids("trusted_email_tenants", Check::EmailTenantsInvalid, &self.trusted_email_tenants)
    }

    fn authority_of_url(&self, url: &Url) -> Result<Authority, Finding> {
        if self.authority_host.is_some() || self.cloud.is_some() {
            return Err(twice("`authority` names the host already, and `authority_host` or `cloud` is set too."));
        }
        let authority =
            Authority::from_url(url).map_err(|error| refused("authority", &error).cured_by(AN_AUTHORITY))?;
        if self.endpoint_version == EndpointVersion::V1 && url.path().trim_end_matches('/').ends_with("/v2.0") {
            let cause = "`endpoint_version` is `v1`, and `authority` ends in `/v2.0`.";
            return Err(Finding::new(Check::EndpointVersion, Some("endpoint_version"), cause)
                .cured_by("Keep the one that is meant, and remove the other."));
        }
        let of_entra = url.host_str().and_then(Cloud::of_login_host);
        match (of_entra, authority.tenant()) {
            (Some(cloud), Some(tenant)) => self.entra(cloud, tenant.clone()),
            _ => self.of_one_version(authority),
        }
    }

    /// Only External ID has custom domains that need a tenant beside them.
    fn custom_domain(&self, url: &Url, tenant: &str) -> Result<Authority, Finding> {
        if Authority::from_url(url).is_ok() || is_host_of_microsofts(url) {
            return Err(twice("`tenant_id` and `authority` are both set."));
        }
        if self.authority_host.is_some() || self.cloud.is_some() {
            return Err(twice("`authority` names the host already, and `authority_host` or `cloud` is set too."));
        }
        let tenant = tenant_guid(tenant, "the custom domain of an External ID tenant")?;
        let authority = Authority::external_id_at(url.clone(), tenant);
        self.of_one_version(authority.map_err(|error| refused("authority", &error))?)
    }

    fn authority_of_tenant(&self, tenant: &str) -> Result<Authority, Finding> {
        let tenant = Tenant::parse(tenant.trim()).map_err(|error| refused("tenant_id", &error))?;
        let Some(base) = self.host()? else { return self.entra(self.cloud.unwrap_or_default(), tenant) };
        let named = base.host_str().and_then(Cloud::of_login_host);
        let cloud = match (self.cloud, named) {
            (None, named) => named.unwrap_or_default(),
            (Some(cloud), Some(named)) if cloud.login_host() != named.login_host() => {
                return Err(twice(&format!("`cloud` is `{cloud}`, and `authority_host` is a host of `{named}`.")));
            }
            (Some(cloud), _) => cloud,
        };
        self.entra(cloud, tenant)?.with_host(base).map_err(|error| refused("authority_host", &error))
    }

    /// Entra, with the version of its endpoints and the keys of the application.
    fn entra(&self, cloud: Cloud, tenant: Tenant) -> Result<Authority, Finding> {
        if matches!(tenant, Tenant::Common | Tenant::Consumers) && !cloud.has_personal_accounts() {
            let setting = if self.authority.is_some() { "authority" } else { "tenant_id" };
            let cause = format!("`{setting}` names `{tenant}`, and the cloud `{cloud}` has no personal accounts.");
            return Err(invalid(setting, cause).cured_by(ConfigErrorKind::PersonalAccounts.entry().remedy));
        }
        let authority = match self.endpoint_version {
            EndpointVersion::V1 => {
                Authority::entra_v1(cloud, tenant, self.resource.clone()).map_err(|error| v1_refused(&error))?
            }
            EndpointVersion::V2 => {
                self.asks_by_scope()?;
                Authority::entra(cloud, tenant)
            }
        };
        // Without an application there is a finding about that already.
        match self.client_id().ok().filter(|_| self.app_signing_keys) {
            Some(client_id) => authority.with_app_signing_keys(client_id).map_err(|error| {
                let cause = format!("`app_signing_keys`: {}.", error.detail());
                Finding::new(Check::SigningKeysMisplaced, Some("app_signing_keys"), cause)
            }),
            None => Ok(authority),
        }
    }

    fn b2c(&self) -> Result<Authority, Finding> {
        let (Some(name), Some(text)) = (&self.b2c_tenant_name, &self.b2c_policy) else {
            let (set, missing) = match self.b2c_policy {
                Some(_) => ("b2c_policy", "b2c_tenant_name"),
                None => ("b2c_tenant_name", "b2c_policy"),
            };
            let cause = format!("`{set}` is set, and `{missing}` is not.");
            return Err(Finding::new(Check::B2cIncomplete, Some(missing), cause));
        };
        if self.authority.is_some() || self.cloud.is_some() {
            return Err(twice("`b2c_tenant_name` is set, and `authority` or `cloud` is set too."));
        }
        let policy = policy("b2c_policy", text)?;
        let tenant = self.tenant_id.as_deref().map(|tenant| tenant_guid(tenant, "`b2c_tenant_name`")).transpose()?;
        let authority =
            Authority::b2c(name.trim(), &policy, tenant).map_err(|error| refused("b2c_tenant_name", &error))?;
        let authority = match self.host()? {
            Some(base) => authority.with_host(base).map_err(|error| refused("authority_host", &error))?,
            None => authority,
        };
        self.of_one_version(authority)
    }

    /// `authority_host` as a base.
    fn host(&self) -> Result<Option<Url>, Finding> {
        let Some(host) = self.authority_host.as_deref() else { return Ok(None) };
        host_url(host.trim()).map(Some).ok_or_else(|| {
            let cause = format!("`authority_host` is {}; expected a host, or a URL without path.", quoted(host));
            invalid("authority_host", cause).cured_by("Give a host such as `login.microsoftonline.us`, without a path.")
        })
    }

    /// B2C and External ID: no v1, no `resource`, no keys of one application.
    fn of_one_version(&self, authority: Authority) -> Result<Authority, Finding> {
        let what = authority.id();
        if self.endpoint_version == EndpointVersion::V1 {
            let cause = format!("`endpoint_version` is `v1`, and {what} has no such endpoints.");
            return Err(Finding::new(Check::EndpointVersion, Some("endpoint_version"), cause));
        }
        if self.app_signing_keys {
            let cause = format!("`app_signing_keys` is set, and {what} has no keys of one application.");
            return Err(Finding::new(Check::SigningKeysMisplaced, Some("app_signing_keys"), cause));
        }
        self.asks_by_scope().map(|()| authority)
    }

    /// A resource that ends in a slash keeps it: its scope has two (Microsoft, "scopes and permissions").
    fn asks_by_scope(&self) -> Result<(), Finding> {
        let Some(resource) = &self.resource else { return Ok(()) };
        let resource: String = resource.trim().chars().take(200).flat_map(char::escape_debug).collect();
        let cause = "`resource` is set, and these endpoints ask by scope.";
        Err(Finding::new(Check::ResourceMisplaced, Some("resource"), cause).cured_by(format!(
            "Remove `resource` and set `scopes = [\"{resource}/.default\"]`; or, with an Entra tenant, use \
             `endpoint_version = \"v1\"`."
        )))
    }
}

/// Hosts under which Microsoft itself serves tenants.
pub(crate) fn is_host_of_microsofts(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ends = [".ciamlogin.com", ".b2clogin.com", ".b2clogin.us", ".b2clogin.cn", ".b2clogin.de"];
    Cloud::of_login_host(host).is_some() || ends.iter().any(|end| host.ends_with(end))
}

fn tenant_guid(tenant: &str, beside: &str) -> Result<Guid, Finding> {
    Guid::parse(tenant.trim()).map_err(|_| {
        invalid("tenant_id", format!("`tenant_id` is {}, not a GUID, beside {beside}.", quoted(tenant)))
            .cured_by("Give the tenant's id as the portal shows it: 8-4-4-4-12 hexadecimal digits with hyphens.")
    })
}

fn v1_refused(error: &ConfigError) -> Finding {
    let (check, setting) = match error.kind() {
        ConfigErrorKind::Resource => (Check::ResourceMisplaced, "resource"),
        _ => (Check::EndpointVersion, "endpoint_version"),
    };
    Finding::new(check, Some(setting), format!("`{setting}`: {}.", error.detail())).cured_by(error.entry().remedy)
}

/// A bare host is https.
fn host_url(host: &str) -> Option<Url> {
    let url = if host.contains("://") { Url::parse(host) } else { Url::parse(&format!("https://{host}/")) }.ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    (bare && anonymous && matches!(url.scheme(), "https" | "http") && url.has_host()).then_some(url)
}

fn twice(cause: &str) -> Finding {
    Finding::new(Check::AuthorityTwice, Some("tenant_id"), cause)
}

fn invalid(setting: &'static str, cause: String) -> Finding {
    Finding::new(Check::AuthorityInvalid, Some(setting), cause)
}

/// What the protocol says against a value, and its cure.
fn refused(setting: &'static str, error: &ConfigError) -> Finding {
    invalid(setting, format!("`{setting}`: {}.", error.detail())).cured_by(error.entry().remedy)
}

const AN_AUTHORITY: &str = "Give `https://login.microsoftonline.com/TENANT`, `https://NAME.ciamlogin.com` or \
     `https://NAME.b2clogin.com/NAME.onmicrosoft.com/POLICY`. The custom domain of an External ID tenant needs the tenant's \
     GUID in `tenant_id` beside it; that of a B2C tenant is `authority_host` beside `b2c_tenant_name` and `b2c_policy`.";

const ONE_TENANT: &str = "Remove it, or choose `organizations` or `common` as `tenant_id`.";

fn tenants(cause: String, cure: &str) -> Finding {
    Finding::new(Check::TenantsInvalid, Some("allowed_tenants"), cause).cured_by(cure)
}

fn guids(setting: &'static str, check: Check, texts: &[String]) -> Result<BTreeSet<Guid>, Finding> {
    let read = |text: &String| {
        Guid::parse(text)
            .map_err(|_| Finding::new(check, Some(setting), format!("{} in `{setting}` is not a GUID.", quoted(text))))
    };
    texts.iter().map(read).collect()
}
