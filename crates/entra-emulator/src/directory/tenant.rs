//! A tenant.

use serde::Serialize;

use super::b2c::B2c;

/// The tenant id of every personal account.
pub(crate) const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A tenant: an organisation's own, or one that an organisation keeps for its customers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Tenant {
    /// The tenant's GUID.
    pub id: String,
    /// The organisation's name, as pages show it.
    pub name: String,
    /// Who is in it: it decides paths, issuer, keys and the shape of tokens.
    pub kind: TenantKind,
    /// Verified domains; the first is the one that new guests get their UPN in.
    pub domains: Vec<String>,
    /// `tenant_region_scope`, such as `NA` or `EU`.
    pub region: String,
    /// Two-letter country: `tenant_ctry`.
    pub country: String,
}

impl Tenant {
    /// An organisation's tenant with one verified domain, region `EU`, country `DE`.
    #[must_use]
    pub fn new(id: &str, name: &str, domain: &str) -> Self {
        Self {
            id: id.to_ascii_lowercase(),
            name: name.to_owned(),
            kind: TenantKind::Workforce,
            domains: vec![domain.to_owned()],
            region: "EU".to_owned(),
            country: "DE".to_owned(),
        }
    }

    /// An External ID tenant, whose domain is `{subdomain}.onmicrosoft.com`.
    #[must_use]
    pub fn external_id(id: &str, name: &str, subdomain: &str) -> Self {
        let subdomain = subdomain.to_ascii_lowercase();
        let tenant = Self::new(id, name, &format!("{subdomain}.onmicrosoft.com"));
        Self { kind: TenantKind::ExternalId { subdomain }, ..tenant }
    }

    /// A B2C tenant, whose domain is `{name}.onmicrosoft.com`.
    #[must_use]
    pub fn b2c(id: &str, name: &str, b2c: B2c) -> Self {
        let tenant = Self::new(id, name, &format!("{}.onmicrosoft.com", b2c.name));
        Self { kind: TenantKind::B2c(b2c), ..tenant }
    }

    /// Its user flows, when it is a B2C tenant.
    #[must_use]
    pub fn as_b2c(&self) -> Option<&B2c> {
        match &self.kind {
            TenantKind::B2c(b2c) => Some(b2c),
            TenantKind::Workforce | TenantKind::ExternalId { .. } => None,
        }
    }

    /// Whether its people are customers, who have no way in through `common`.
    pub(crate) fn is_for_customers(&self) -> bool {
        self.kind != TenantKind::Workforce
    }

    /// Whether `id_or_domain` names this tenant.
    pub(crate) fn is(&self, id_or_domain: &str) -> bool {
        self.id.eq_ignore_ascii_case(id_or_domain) || self.has_domain(id_or_domain)
    }

    pub(crate) fn has_domain(&self, domain: &str) -> bool {
        self.domains.iter().any(|verified| verified.eq_ignore_ascii_case(domain))
    }
}

/// What kind of tenant it is.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TenantKind {
    /// An organisation's own people and their guests.
    #[default]
    Workforce,
    /// Entra External ID: customers, who sign in at `https://{subdomain}.ciamlogin.com`.
    ExternalId {
        /// The first label of its host.
        subdomain: String,
    },
    /// Azure AD B2C: customers, by user flows.
    B2c(B2c),
}
