//! A tenant as TOML has it.

use serde::Deserialize;
use toml::Spanned;

use crate::directory::b2c::{B2c, PolicyClaim, UserFlow, UserFlowKind};
use crate::directory::tenant::{Tenant, TenantKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTenant {
    id: String,
    name: String,
    domains: Option<Vec<String>>,
    region: Option<String>,
    country: Option<String>,
    /// The subdomain of an External ID tenant.
    external_id: Option<String>,
    /// The name of a B2C tenant.
    b2c: Option<Spanned<String>>,
    custom_domain: Option<String>,
    #[serde(default)]
    query_endpoints: bool,
    #[serde(default)]
    user_flow: Vec<Spanned<WrittenFlow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFlow {
    name: String,
    kind: UserFlowKind,
    #[serde(default)]
    policy_claim: PolicyClaim,
    #[serde(default)]
    policy_in_issuer: bool,
    #[serde(default)]
    tenant_claim: bool,
    #[serde(default)]
    logout_needs_id_token: bool,
}

/// What is wrong with a tenant, and where in the text, in bytes.
pub(super) struct Wrong {
    pub(super) start: usize,
    pub(super) message: &'static str,
}

impl WrittenTenant {
    pub(super) fn into_tenant(self) -> Result<Tenant, Wrong> {
        let mut tenant = match (self.external_id, self.b2c) {
            (Some(_), Some(b2c)) => {
                return Err(Wrong { start: b2c.span().start, message: "b2c: the tenant is external_id already" });
            }
            (Some(subdomain), None) => Tenant::external_id(&self.id, &self.name, &subdomain),
            (None, Some(name)) => {
                let mut b2c = B2c::new(name.as_ref());
                b2c.custom_domain = self.custom_domain;
                b2c.query_endpoints = self.query_endpoints;
                Tenant::b2c(&self.id, &self.name, b2c)
            }
            (None, None) => {
                let mut tenant = Tenant::new(&self.id, &self.name, "");
                tenant.domains.clear();
                tenant
            }
        };
        for flow in self.user_flow {
            let start = flow.span().start;
            let TenantKind::B2c(b2c) = &mut tenant.kind else {
                return Err(Wrong { start, message: "user_flow: only a tenant with `b2c` has user flows" });
            };
            b2c.user_flows.push(flow.into_inner().into_flow());
        }
        tenant.domains = self.domains.unwrap_or(tenant.domains);
        tenant.region = self.region.unwrap_or(tenant.region);
        tenant.country = self.country.unwrap_or(tenant.country);
        Ok(tenant)
    }
}

impl WrittenFlow {
    fn into_flow(self) -> UserFlow {
        let mut flow = UserFlow::new(&self.name, self.kind);
        flow.policy_claim = self.policy_claim;
        flow.policy_in_issuer = self.policy_in_issuer;
        flow.tenant_claim = self.tenant_claim;
        flow.logout_needs_id_token = self.logout_needs_id_token;
        flow
    }
}
