//! Which accounts an application is for.

use serde::{Deserialize, Serialize};

/// Which accounts an application is for ("supported account types").
#[derive(Copy, Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Audience {
    /// Accounts of its own tenant.
    SingleTenant,
    /// Work and school accounts of any tenant.
    MultiTenant,
    /// Those and personal accounts.
    MultiTenantAndPersonal,
    /// Personal accounts only.
    Personal,
}

impl Audience {
    pub(crate) const fn has_personal(self) -> bool {
        matches!(self, Self::MultiTenantAndPersonal | Self::Personal)
    }

    pub(crate) const fn is_multi_tenant(self) -> bool {
        matches!(self, Self::MultiTenant | Self::MultiTenantAndPersonal)
    }
}
