//! What only a B2C tenant has: user flows.

use serde::{Deserialize, Serialize};

/// A B2C tenant: its name and its user flows.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct B2c {
    /// The tenant's name: its issuer's host is `{name}.b2clogin.com`.
    pub name: String,
    /// Its user flows.
    pub user_flows: Vec<UserFlow>,
    /// A custom domain that stands in issuers instead of `{name}.b2clogin.com`, such as `login.contoso.example`.
    pub custom_domain: Option<String>,
    /// Discovery names endpoints with `?p={policy}` however it was asked; `false`: only when it was asked with `?p=`.
    pub query_endpoints: bool,
}

impl B2c {
    /// A tenant without user flows.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_ascii_lowercase(), user_flows: Vec::new(), custom_domain: None, query_endpoints: false }
    }

    /// With this user flow.
    #[must_use]
    pub fn user_flow(mut self, flow: UserFlow) -> Self {
        self.user_flows.push(flow);
        self
    }

    /// The user flow with this name, without case.
    #[must_use]
    pub fn flow(&self, name: &str) -> Option<&UserFlow> {
        self.user_flows.iter().find(|flow| flow.name.eq_ignore_ascii_case(name))
    }
}

/// A user flow ("policy") and how its tokens are configured.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UserFlow {
    /// Its name, such as `B2C_1_susi`; tokens carry it as it is written here, endpoints in lower case.
    pub name: String,
    /// What people do in it.
    pub kind: UserFlowKind,
    /// Which claim carries the name.
    pub policy_claim: PolicyClaim,
    /// The issuer is `https://{host}/tfp/{tenant}/{policy}/v2.0/` instead of `https://{host}/{tenant}/v2.0/`.
    pub policy_in_issuer: bool,
    /// Tokens carry `tid`.
    pub tenant_claim: bool,
    /// Sign-out returns to the application only with `id_token_hint` ("Require ID token in logout requests").
    pub logout_needs_id_token: bool,
}

impl UserFlow {
    /// A user flow with Microsoft's defaults: `tfp`, an issuer without the policy, no `tid`.
    #[must_use]
    pub fn new(name: &str, kind: UserFlowKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            policy_claim: PolicyClaim::Tfp,
            policy_in_issuer: false,
            tenant_claim: false,
            logout_needs_id_token: false,
        }
    }
}

/// What people do in a user flow.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UserFlowKind {
    /// Sign in, or sign up.
    SignUpOrSignIn,
    /// Reset a forgotten password.
    ResetPassword,
    /// Change one's own profile.
    EditProfile,
}

/// The claim that names the user flow.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PolicyClaim {
    /// `tfp`
    #[default]
    Tfp,
    /// `acr`, as old policies have it.
    Acr,
}

impl PolicyClaim {
    /// The claim's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tfp => "tfp",
            Self::Acr => "acr",
        }
    }
}
