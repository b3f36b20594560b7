//! One standard OpenID provider as it is written.

use super::CredentialSettings;

/// A table of `[[provider]]`.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ProviderTable {
    /// Stands in the routes. Required.
    pub name: Option<String>,
    /// The issuer, as the provider publishes it. Required.
    pub oidc_authority: Option<String>,
    /// The application's id there. Required. Also `client_id`.
    pub application_id: Option<String>,
    /// How the application proves itself there. Required.
    pub credential: CredentialSettings,
    /// The algorithms that may sign its tokens. Empty: RS256 alone.
    pub algorithms: Vec<String>,
    /// Further hosts that its endpoints may be on. Default: none.
    pub endpoint_hosts: Vec<String>,
    /// Scopes beside `openid profile email`. Default: none.
    pub scopes: Vec<String>,
    /// The button's text. Default: `Sign in with` and the name.
    pub text: Option<String>,
}
