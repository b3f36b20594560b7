//! A tenant.

use serde::Serialize;

/// The tenant id of every personal account.
pub(crate) const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// An organisation's tenant.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Tenant {
    /// The tenant's GUID.
    pub id: String,
    /// The organisation's name, as pages show it.
    pub name: String,
    /// Verified domains; the first is the one that new guests get their UPN in.
    pub domains: Vec<String>,
    /// `tenant_region_scope`, such as `NA` or `EU`.
    pub region: String,
    /// Two-letter country: `tenant_ctry`.
    pub country: String,
}

impl Tenant {
    /// A tenant with one verified domain, region `EU`, country `DE`.
    #[must_use]
    pub fn new(id: &str, name: &str, domain: &str) -> Self {
        Self {
            id: id.to_ascii_lowercase(),
            name: name.to_owned(),
            domains: vec![domain.to_owned()],
            region: "EU".to_owned(),
            country: "DE".to_owned(),
        }
    }

    /// Whether `id_or_domain` names this tenant.
    pub(crate) fn is(&self, id_or_domain: &str) -> bool {
        self.id.eq_ignore_ascii_case(id_or_domain) || self.has_domain(id_or_domain)
    }

    pub(crate) fn has_domain(&self, domain: &str) -> bool {
        self.domains.iter().any(|verified| verified.eq_ignore_ascii_case(domain))
    }
}
