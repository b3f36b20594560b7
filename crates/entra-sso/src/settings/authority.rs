//! From settings to the protocol's own types.

use std::collections::BTreeSet;

use entra_oidc::{AllowedTenants, Authority, Cloud, Credential, Guid, Registration, Tenant};
use url::Url;

use super::{Access, Settings, raw::quoted};
use crate::errors::{Check, Finding};

impl Settings {
    /// Who Microsoft is. Anything that is missing or contradicts itself is a finding of severity error.
    pub(crate) fn authority(&self) -> Result<Authority, Finding> {
        match (&self.authority, self.tenant_id.as_deref()) {
            (None, None) => Err(Finding::new(
                Check::AuthorityMissing,
                Some("tenant_id"),
                "Neither `tenant_id` nor `authority` is set.",
            )),
            (Some(_), Some(_)) => Err(twice("`tenant_id` and `authority` are both set.")),
            (Some(url), None) => self.authority_of_url(url),
            (None, Some(tenant)) => self.authority_of_tenant(tenant),
        }
    }

    /// Who this application is.
    pub(crate) fn registration(&self) -> Result<Registration, Finding> {
        let Some(id) = self.application_id.as_deref() else {
            return Err(Finding::new(
                Check::ApplicationMissing,
                Some("application_id"),
                "`application_id` is not set.",
            ));
        };
        let Ok(id) = Guid::parse(id.trim()) else {
            return Err(Finding::new(
                Check::ApplicationInvalid,
                Some("application_id"),
                format!("`application_id` is {}, not a GUID.", quoted(id)),
            ));
        };
        match &self.client_secret {
            Some(secret) if !secret.expose().trim().is_empty() => {
                Ok(Registration::new(id, Credential::secret(secret.expose())))
            }
            _ => Err(Finding::new(Check::CredentialMissing, Some("client_secret"), "`client_secret` is not set.")),
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
        Authority::from_url(url).map_err(|error| invalid("authority", error.to_string()))
    }

    fn authority_of_tenant(&self, tenant: &str) -> Result<Authority, Finding> {
        let tenant = Tenant::parse(tenant.trim()).map_err(|error| invalid("tenant_id", error.to_string()))?;
        let Some(host) = self.authority_host.as_deref() else {
            return Ok(Authority::entra(self.cloud.unwrap_or_default(), tenant));
        };
        let base = host_url(host.trim()).ok_or_else(|| {
            invalid(
                "authority_host",
                format!("`authority_host` is {}; expected a host, or a URL without path", quoted(host)),
            )
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
