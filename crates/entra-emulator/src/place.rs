//! What a path names before its endpoint.

use crate::endpoint::Endpoint;
use crate::version::Version;

/// The tenant and the user flow that a path names, unresolved, and the version of its endpoint.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) struct Place<'a> {
    /// GUID, domain, `common`, `organizations` or `consumers`, as it was written.
    pub(crate) tenant: &'a str,
    /// The user flow in the path: `/{tenant}/{policy}/…` or `/tfp/{tenant}/{policy}/…`.
    pub(crate) policy: Option<&'a str>,
    /// The path begins with `/tfp/`.
    pub(crate) tfp: bool,
    /// The user flow in the query: `?p={policy}`. Means something to B2C tenants only.
    pub(crate) p: Option<&'a str>,
    pub(crate) version: Version,
}

impl<'a> Place<'a> {
    /// Reads the path of an endpoint below a tenant.
    pub(crate) fn of(segments: &'a [&'a str], p: Option<&'a str>) -> Option<(Endpoint, Self)> {
        let (endpoint, version, head) = Endpoint::below_tenant(segments)?;
        let (tfp, tenant, policy) = match head {
            ["tfp", tenant] => (true, *tenant, None),
            ["tfp", tenant, policy] => (true, *tenant, Some(*policy)),
            [tenant] => (false, *tenant, None),
            [tenant, policy] => (false, *tenant, Some(*policy)),
            _ => return None,
        };
        Some((endpoint, Self { tenant, policy, tfp, p, version }))
    }
}
