//! A user flow of a B2C tenant, as a path names it.

use crate::directory::{B2c, Tenant, UserFlow};
use crate::place::Place;
use crate::version::Version;

/// A user flow and the form in which it was asked for. Two forms of the same user flow are equal.
#[derive(Clone, Debug)]
pub(crate) struct FlowPath {
    /// The tenant's GUID.
    pub(crate) tenant: String,
    /// The user flow as it is configured.
    pub(crate) flow: UserFlow,
    /// The user flow's name in lower case, as endpoints have it.
    pub(crate) policy: String,
    /// `{tenant}/{policy}`, with `tfp/` before it when it was asked for so.
    pub(super) path: String,
    /// The tenant as the path wrote it, in lower case.
    written: String,
    in_query: bool,
    host: String,
}

impl PartialEq for FlowPath {
    fn eq(&self, other: &Self) -> bool {
        (&self.tenant, &self.policy) == (&other.tenant, &other.policy)
    }
}

impl Eq for FlowPath {}

impl FlowPath {
    /// The user flow that a path names: in the path, else in `?p=`.
    pub(super) fn find(place: &Place<'_>, tenant: &Tenant, b2c: &B2c) -> Option<Self> {
        let flow = b2c.flow(place.policy.or(place.p)?).filter(|_| place.version == Version::V2)?;
        let policy = flow.name.to_ascii_lowercase();
        let written = place.tenant.to_ascii_lowercase();
        let prefix = if place.tfp { "tfp/" } else { "" };
        Some(Self {
            tenant: tenant.id.clone(),
            flow: flow.clone(),
            path: format!("{prefix}{written}/{policy}"),
            policy,
            written,
            in_query: b2c.query_endpoints || place.policy.is_none(),
            host: b2c.custom_domain.clone().unwrap_or_else(|| format!("{}.b2clogin.com", b2c.name)),
        })
    }

    /// An endpoint in the form that was asked for.
    pub(super) fn endpoint(&self, base: &str, rest: &str) -> String {
        if self.in_query {
            format!("{base}/{}/{rest}?p={}", self.written, self.policy)
        } else {
            format!("{base}/{}/{rest}", self.path)
        }
    }

    /// The issuer with a tenant's GUID: of the tenant, or of the user flow when it is configured so. It ends in a slash.
    pub(super) fn issuer_of(&self, tenant: &str) -> String {
        if self.flow.policy_in_issuer {
            format!("https://{}/tfp/{tenant}/{}/v2.0/", self.host, self.policy)
        } else {
            format!("https://{}/{tenant}/v2.0/", self.host)
        }
    }
}
