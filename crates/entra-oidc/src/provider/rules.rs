use url::Url;

use crate::{
    app::{ClientId, CredentialKind},
    error::{ConfigError, SignInError},
    guid::Guid,
    jose::Algorithm,
    json::{self, Object},
    provider::{
        cloud::Cloud,
        judgement::{KeyOrigin, Subject},
        location::Location,
        membership::Membership,
        metadata::Metadata,
        tenant::{AllowedTenants, Tenant},
    },
};

/// What every kind of authority answers. [`Authority`](super::Authority) asks; nobody else knows that there are kinds.
///
/// Addresses and issuers are put together when the authority is made, never for a sign-in.
pub(super) trait Rules {
    /// Base, id and the address of the metadata.
    fn location(&self) -> &Location;

    /// The tenant segment of its addresses.
    fn tenant(&self) -> Option<&Tenant> {
        None
    }

    /// Which of Microsoft's clouds.
    fn cloud(&self) -> Option<Cloud> {
        None
    }

    /// Where its Microsoft Graph is, when the tokens are for it.
    fn graph_url(&self) -> Option<&Url> {
        None
    }

    /// The resource scopes to ask for when nobody chooses others.
    fn default_scopes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether its access tokens are for Microsoft Graph. When not, no configured Graph is asked either.
    fn has_graph(&self) -> bool {
        false
    }

    /// The resource that v1 endpoints are asked for, in place of scopes.
    fn resource(&self) -> Option<&str> {
        None
    }

    /// The audience of an assertion that another issuer signs in place of a client secret.
    fn credential_audience(&self) -> Option<&'static str> {
        None
    }

    /// Where an administrator consents for his whole tenant.
    fn admin_consent_url(&self, _client_id: &ClientId) -> Option<Url> {
        None
    }

    /// Whether an application may prove itself with this kind of credential here.
    ///
    /// # Errors
    /// Why it may not.
    fn accepts(&self, kind: CredentialKind) -> Result<(), &'static str>;

    /// Whether authority and allowed tenants make sense together.
    fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError>;

    /// Whether this may be the published issuer, and the one tenant that it names.
    ///
    /// # Errors
    /// What was expected and what came.
    fn accept_issuer(&self, issuer: &str) -> Result<Option<Guid>, String>;

    /// Whether an endpoint may be there. The address has no credentials and no fragment.
    fn owns(&self, endpoint: &Url) -> bool;

    /// The published address of the keys, with what has to be asked there.
    fn jwks_uri(&self, published: Url) -> Url {
        published
    }

    /// The published address of the sign-out, for a user of this tenant.
    fn end_session_endpoint(&self, published: &Url, _tenant: Option<Guid>) -> Url {
        published.clone()
    }

    /// Whether a sign-out leads back only with the ID token that it ends, or may be set so.
    fn wants_id_token_hint(&self) -> bool {
        false
    }

    /// What it takes to be a member of its tenant.
    fn membership(&self) -> Membership {
        Membership::None
    }

    /// Whether its tokens speak of a directory: app roles, groups, authentication contexts.
    fn has_directory(&self) -> bool {
        false
    }

    /// Whether the `UserInfo` endpoint is read from the metadata and asked.
    fn asks_user_info(&self) -> bool {
        false
    }

    /// The algorithms that its tokens may be signed with. Microsoft signs with RS256 alone.
    fn algorithms(&self) -> &[Algorithm] {
        &[Algorithm::Rs256]
    }

    /// Whether the authority may be the `iss` of an authorization response (RFC 9207).
    fn may_answer_as(&self, issuer: &str, metadata: &Metadata) -> bool {
        issuer == metadata.issuer
    }

    /// Whether `audience` is this application. Microsoft's ids are GUIDs, in any case.
    fn is_audience(&self, client_id: &ClientId, audience: &str) -> bool {
        client_id.guid().is_some_and(|id| Guid::read(audience) == Some(id))
    }

    /// The one audience that a token names.
    ///
    /// # Errors
    /// `aud` is missing or has a form that this authority does not write.
    fn audience<'a>(&self, claims: &'a Object) -> Result<&'a str, String> {
        json::required_str(claims, "aud")
    }

    /// The rules about issuer, tenant and account of an ID token whose signature holds.
    fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError>;

    /// Whether the key that signed was published for this token's issuer and cloud.
    fn check_key(&self, key: KeyOrigin<'_>, claims: &Object, metadata: &Metadata) -> Result<(), SignInError>;
}
