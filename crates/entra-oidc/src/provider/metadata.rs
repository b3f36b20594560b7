use url::Url;

use crate::guid::Guid;

/// What an authority publishes about itself (`OpenID` Connect Discovery 1.0 section 3), after
/// [`Authority::accept_metadata`](crate::provider::Authority::accept_metadata) has agreed to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub(super) issuer: String,
    pub(super) tenant: Option<Guid>,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) end_session_endpoint: Option<Url>,
    pub(super) user_info_endpoint: Option<Url>,
    pub(super) answers_with_issuer: bool,
    pub(super) cloud_instance_name: Option<String>,
    pub(super) msgraph_host: Option<String>,
}

impl Metadata {
    /// The issuer as published; for authorities of many tenants with the literal `{tenantid}` in it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The one tenant that the issuer names; none for authorities of many tenants.
    #[must_use]
    pub const fn tenant(&self) -> Option<Guid> {
        self.tenant
    }

    /// Where the browser is sent. May have a query of its own, which stays.
    #[must_use]
    pub const fn authorization_endpoint(&self) -> &Url {
        &self.authorization_endpoint
    }

    /// Where codes and refresh tokens are redeemed.
    #[must_use]
    pub const fn token_endpoint(&self) -> &Url {
        &self.token_endpoint
    }

    /// Where the signing keys are.
    #[must_use]
    pub const fn jwks_uri(&self) -> &Url {
        &self.jwks_uri
    }

    /// Where the browser is sent to sign out.
    #[must_use]
    pub const fn end_session_endpoint(&self) -> Option<&Url> {
        self.end_session_endpoint.as_ref()
    }

    /// Where claims about the user can be asked for; none when the authority does not ask there.
    #[must_use]
    pub const fn user_info_endpoint(&self) -> Option<&Url> {
        self.user_info_endpoint.as_ref()
    }

    /// Whether authorization responses carry `iss` (RFC 9207 section 3). Then one without it is refused.
    #[must_use]
    pub const fn answers_with_issuer(&self) -> bool {
        self.answers_with_issuer
    }

    /// Microsoft's name of the cloud. A key that names another cloud does not sign for this authority.
    #[must_use]
    pub fn cloud_instance_name(&self) -> Option<&str> {
        self.cloud_instance_name.as_deref()
    }

    /// The cloud's host of Microsoft Graph. For showing; [`Authority::graph_url`](crate::provider::Authority::graph_url)
    /// decides.
    #[must_use]
    pub fn msgraph_host(&self) -> Option<&str> {
        self.msgraph_host.as_deref()
    }
}
