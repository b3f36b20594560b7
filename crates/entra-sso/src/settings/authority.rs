//! From settings to the protocol's own types.

use entra_oidc::{AllowedTenants, Authority, Cloud, Credential, Guid, Registration, Tenant};
use url::Url;

use super::{Access, Settings};
use crate::errors::{Check, Finding};

impl Settings {
    /// Who Microsoft is. Anything that is missing or contradicts itself is a finding of severity error.
    pub(crate) fn authority(&self) -> Result<Authority, Finding> {
        match (&self.authority, self.tenant_id.as_deref()) {
            (None, None) => Err(Finding::new(Check::AuthorityMissing, Some("tenant_id"), "Neither `tenant_id` nor `authority` is set.")),
            (Some(_), Some(_)) => Err(twice("`tenant_id` and `authority` are both set.")),
            (Some(url), None) => self.authority_of_url(url),
            (None, Some(tenant)) => self.authority_of_tenant(tenant),
        }
    }

    /// Who this application is.
    pub(crate) fn registration(&self) -> Result<Registration, Finding> {
        let Some(id) = self.application_id.as_deref() else {
            return Err(Finding::new(Check::ApplicationMissing, Some("application_id"), "`application_id` is not set."));
        };
        let Ok(id) = Guid::parse(id.trim()) else {
            return Err(Finding::new(Check::ApplicationInvalid, Some("application_id"), format!("`application_id` is {id:?}, not a GUID.")));
        };
        match &self.client_secret {
            Some(secret) if !secret.expose().trim().is_empty() => Ok(Registration::new(id, Credential::secret(secret.clone()))),
            _ => Err(Finding::new(Check::CredentialMissing, Some("client_secret"), "`client_secret` is not set.")),
        }
    }

    /// Which tenants may sign in. With an authority that admits many, nothing said is a finding.
    pub(crate) fn allowed_tenants(&self, authority: &Authority) -> Result<AllowedTenants, Finding> {
        let many = authority.is_multi_tenant();
        let whom = authority.tenant().map_or_else(|| "the authority".to_owned(), |tenant| format!("`{tenant}`"));
        let setting = Some("allowed_tenants");
        match (many, self.allow_any_tenant, self.allowed_tenants.is_empty()) {
            (_, true, false) => {
                Err(Finding::new(Check::TenantsInvalid, setting, "`allowed_tenants` and `allow_any_tenant` are both set.")
                    .cured_by("Keep one of them."))
            }
            (false, true, true) => Err(Finding::new(
                Check::TenantsInvalid,
                Some("allow_any_tenant"),
                format!("`allow_any_tenant` is set, and {whom} is one tenant."),
            )
            .cured_by("Remove `allow_any_tenant`, or choose `organizations` or `common` as `tenant_id`.")),
            (false, false, true) => Ok(AllowedTenants::Pinned),
            (false, false, false) => Err(Finding::new(
                Check::TenantsInvalid,
                setting,
                format!("`allowed_tenants` is set, and {whom} is one tenant."),
            )
            .cured_by("Remove `allowed_tenants`, or choose `organizations` or `common` as `tenant_id`.")),
            (true, true, true) => Ok(AllowedTenants::Any),
            (true, false, true) => Err(Finding::new(
                Check::TenantsUndecided,
                setting,
                format!("{whom} admits many tenants, and neither `allowed_tenants` nor `allow_any_tenant` is set."),
            )),
            (true, false, false) => self.listed_tenants().map(AllowedTenants::Only),
        }
    }

    /// Whether personal Microsoft accounts may sign in.
    pub(crate) fn personal_accounts_allowed(&self, authority: &Authority) -> bool {
        let by_default = if authority.tenant() == Some(&Tenant::Consumers) { Access::Allow } else { Access::Deny };
        self.personal_accounts.unwrap_or(by_default) == Access::Allow
    }

    fn authority_of_url(&self, url: &Url) -> Result<Authority, Finding> {
        if self.authority_host.is_some() || self.cloud.is_some() {
            return Err(twice("`authority` names the host already, and `authority_host` or `cloud` is set too."));
        }
        Authority::from_url(url).map_err(|error| invalid("authority", error.to_string()))
    }

    fn authority_of_tenant(&self, tenant: &str) -> Result<Authority, Finding> {
        let tenant = Tenant::parse(tenant.trim()).map_err(|error| invalid("tenant_id", error.to_string()))?;
        let Some(host) = self.authority_host.as_deref() else {
            return Ok(Authority::entra(self.cloud.unwrap_or_default(), tenant));
        };
        let base = host_url(host.trim()).ok_or_else(|| {
            invalid("authority_host", format!("`authority_host` is {host:?}; expected a host, or a URL without path"))
        })?;
        let named = base.host_str().and_then(Cloud::of_login_host);
        let cloud = match (self.cloud, named) {
            (None, named) => named.unwrap_or_default(),
            (Some(cloud), Some(named)) if cloud.login_host() != named.login_host() => {
                return Err(twice(&format!("`cloud` is `{cloud}`, and `authority_host` is a host of `{named}`.")));
            }
            (Some(cloud), _) => cloud,
        };
        Authority::entra(cloud, tenant).with_host(base).map_err(|error| invalid("authority_host", error.to_string()))
    }

    fn listed_tenants(&self) -> Result<std::collections::BTreeSet<Guid>, Finding> {
        let read = |text: &String| {
            Guid::parse(text).map_err(|_| {
                Finding::new(Check::TenantsInvalid, Some("allowed_tenants"), format!("{text:?} in `allowed_tenants` is not a GUID."))
            })
        };
        self.allowed_tenants.iter().map(read).collect()
    }
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
