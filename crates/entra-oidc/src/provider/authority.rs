mod constructors;

use std::sync::Arc;

use url::Url;

use crate::{
    app::{ClientId, CredentialKind},
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind},
    guid::Guid,
    jose::Algorithm,
    json::{self, Object},
    provider::{
        cloud::Cloud,
        discovery,
        document::Document,
        judgement::{KeyOrigin, Subject},
        kind::Kind,
        membership::Membership,
        metadata::Metadata,
        rules::Rules,
        tenant::{AllowedTenants, Tenant},
    },
};

/// Who signs users in. This one value decides addresses, issuers, keys, account keys and scopes; nobody else needs to
/// know which kind of authority it is. Cheap to clone.
///
/// ```
/// use entra_oidc::{Authority, Cloud, OpenIdProvider, Policy, Tenant};
///
/// # fn main() -> Result<(), entra_oidc::ConfigError> {
/// let company = Authority::entra(Cloud::Public, Tenant::parse("contoso.onmicrosoft.com")?);
/// let customers = Authority::external_id("contosocustomers", None)?;
/// let shop = Authority::b2c("contosob2c", &Policy::parse("B2C_1_susi")?, None)?;
/// let adfs = Authority::openid(OpenIdProvider::new("https://fs.contoso.com/adfs")?);
/// assert_eq!(
///     customers.metadata_url().host_str(),
///     Some("contosocustomers.ciamlogin.com")
/// );
/// # let _ = (company, shop, adfs);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority(Arc<Kind>);

impl Authority {
    /// The tenant segment; an authority that has no tenants has none.
    #[must_use]
    pub fn tenant(&self) -> Option<&Tenant> {
        self.rules().tenant()
    }

    /// The cloud, when it is one of Microsoft's.
    #[must_use]
    pub fn cloud(&self) -> Option<Cloud> {
        self.rules().cloud()
    }

    /// Scheme, host and port that its documents are fetched from.
    #[must_use]
    pub fn base(&self) -> &Url {
        self.rules().location().base.url()
    }

    /// Whether it is on this machine. Such an authority is for development and tests.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.rules().location().base.is_loopback()
    }

    /// Whether accounts of many tenants sign in here, so that somebody has to say which.
    #[must_use]
    pub fn is_multi_tenant(&self) -> bool {
        self.tenant().is_some_and(Tenant::is_multi_tenant)
    }

    /// The one tenant, as far as it is known without asking: a GUID, or the personal accounts' tenant.
    #[must_use]
    pub fn pinned_tenant(&self) -> Option<Guid> {
        self.tenant().and_then(Tenant::pinned)
    }

    /// Where its metadata is.
    #[must_use]
    pub fn metadata_url(&self) -> Url {
        self.rules().location().metadata_url.clone()
    }

    /// Where Microsoft Graph is, without the version. None for an authority on loopback, whose tokens are not for
    /// Microsoft.
    #[must_use]
    pub fn graph_url(&self) -> Option<Url> {
        self.rules().graph_url().cloned()
    }

    /// Whether access tokens are for Microsoft Graph. When not, a configured Graph is not asked either: the profile comes
    /// from claims.
    #[must_use]
    pub fn has_graph(&self) -> bool {
        self.rules().has_graph()
    }

    /// The resource that v1 endpoints are asked for in every request, in place of scopes.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.rules().resource()
    }

    /// The audience of an assertion that another issuer signs in place of a client secret, where there is one
    /// (<https://learn.microsoft.com/entra/workload-id/workload-identity-federation>).
    #[must_use]
    pub fn credential_audience(&self) -> Option<&'static str> {
        self.rules().credential_audience()
    }

    /// Whether an application may prove itself with this kind of credential here.
    ///
    /// # Errors
    /// [`CredentialNotAccepted`](ConfigErrorKind::CredentialNotAccepted), and why.
    pub fn accepts(&self, kind: CredentialKind) -> Result<(), ConfigError> {
        self.rules().accepts(kind).map_err(|why| {
            ConfigError::new(
                ConfigErrorKind::CredentialNotAccepted,
                format!("{} at {}: {why}", kind.as_str(), self.id()),
            )
        })
    }

    /// Whether it is Microsoft's, so that AADSTS numbers, Entra's tenants and its administrators exist.
    #[must_use]
    pub fn is_microsoft(&self) -> bool {
        self.cloud().is_some()
    }

    /// The resource scopes to ask for when nobody chooses others: what reading the signed-in user's profile and photo
    /// needs. `openid profile email` come on top in every request.
    #[must_use]
    pub fn default_scopes(&self) -> &'static [&'static str] {
        self.rules().default_scopes()
    }

    /// Where an administrator consents to an application for his whole tenant, if there is such a place
    /// (<https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>).
    #[must_use]
    pub fn admin_consent_url(&self, client_id: &ClientId) -> Option<Url> {
        self.rules().admin_consent_url(client_id)
    }

    /// A stable text for sessions: two authorities with the same one are the same authority. Such as `public/common`;
    /// a host of its own is part of it.
    #[must_use]
    pub fn id(&self) -> String {
        self.rules().location().id.clone()
    }

    /// Whether the `UserInfo` endpoint is asked after a sign-in.
    #[must_use]
    pub fn asks_user_info(&self) -> bool {
        self.rules().asks_user_info()
    }

    /// Reads a metadata document and agrees to it, or not: the issuer must be the one that this authority has to
    /// publish, and every endpoint must stay on the authority's host or on the cloud's own (case J1).
    ///
    /// # Errors
    /// [`SignInErrorKind::MetadataInvalid`].
    pub fn accept_metadata(&self, document: &[u8]) -> Result<Metadata, SignInError> {
        if document.len() > Document::Metadata.limit() {
            return Err(SignInError::new(SignInErrorKind::MetadataInvalid, "the document is over 256 KiB"));
        }
        json::object(document)
            .and_then(|document| discovery::read(&document, self.rules()))
            .map_err(|detail| SignInError::new(SignInErrorKind::MetadataInvalid, detail))
    }

    /// Whether a sign-out leads back only with the ID token that it ends
    /// ([`EndSession::id_token_hint`](crate::EndSession::id_token_hint)), or may be set so: standard providers, and B2C.
    #[must_use]
    pub fn wants_id_token_hint(&self) -> bool {
        self.rules().wants_id_token_hint()
    }

    /// Where a user of this tenant signs out; none where the metadata names no place.
    pub(crate) fn end_session_endpoint(&self, metadata: &Metadata, tenant: Option<Guid>) -> Option<Url> {
        metadata.end_session_endpoint().map(|published| self.rules().end_session_endpoint(published, tenant))
    }

    /// The algorithms that its tokens may be signed with.
    pub(crate) fn algorithms(&self) -> &[Algorithm] {
        self.rules().algorithms()
    }

    /// Whether the authority may be the `iss` of an authorization response (RFC 9207).
    pub(crate) fn may_answer_as(&self, issuer: &str, metadata: &Metadata) -> bool {
        self.rules().may_answer_as(issuer, metadata)
    }

    /// Whether an administrator makes the accounts of its tenants, so that a member's address is the tenant's own word.
    /// Customers of B2C and External ID sign themselves up, with addresses that they bring along.
    #[must_use]
    pub fn has_managed_members(&self) -> bool {
        self.membership() == Membership::Managed
    }

    /// Whether its tokens speak of a directory: app roles and groups that an administrator gave somebody, and
    /// authentication contexts. B2C and standard providers may write claims of these names, and they mean something else.
    #[must_use]
    pub fn has_directory(&self) -> bool {
        self.rules().has_directory()
    }

    /// What it takes to be a member of its tenant.
    pub(crate) fn membership(&self) -> Membership {
        self.rules().membership()
    }

    /// Whether `audience` is this application.
    pub(crate) fn is_audience(&self, client_id: &ClientId, audience: &str) -> bool {
        self.rules().is_audience(client_id, audience)
    }

    /// The one audience that a token names.
    pub(crate) fn audience<'a>(&self, claims: &'a Object) -> Result<&'a str, String> {
        self.rules().audience(claims)
    }

    /// The rules about issuer, tenant and account of an ID token whose signature holds.
    pub(crate) fn judge(&self, claims: &Object, metadata: &Metadata) -> Result<Subject, SignInError> {
        self.rules().judge(claims, metadata)
    }

    /// Whether the key that signed was published for this token's issuer and cloud.
    pub(crate) fn check_key(
        &self,
        key: KeyOrigin<'_>,
        claims: &Object,
        metadata: &Metadata,
    ) -> Result<(), SignInError> {
        self.rules().check_key(key, claims, metadata)
    }

    /// Whether authority and allowed tenants make sense together.
    pub(crate) fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        self.rules().check(allowed)
    }

    fn rules(&self) -> &dyn Rules {
        self.0.rules()
    }
}
