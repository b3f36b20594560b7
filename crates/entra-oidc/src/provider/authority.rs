use std::sync::Arc;

use url::Url;

use crate::{
    app::ClientId,
    error::{ConfigError, SignInError, SignInErrorKind},
    json::{self, Object},
    provider::{
        cloud::Cloud,
        entra::Entra,
        guid::Guid,
        judgement::{KeyOrigin, Subject},
        metadata::Metadata,
        rules::Rules,
        tenant::{AllowedTenants, Tenant},
    },
};

/// The most a metadata document may be, in bytes.
const METADATA_LIMIT: usize = 256 * 1024;

/// Who signs users in. This one value decides addresses, issuers, keys, account keys and scopes; nobody else needs to
/// know which kind of authority it is. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority(Arc<Kind>);

/// The kinds. Each has a file of its own, where it answers the questions of [`Rules`].
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Entra(Entra),
}

impl Authority {
    /// Entra ID, v2 endpoints, at the cloud's own login host.
    #[must_use]
    pub fn entra(cloud: Cloud, tenant: Tenant) -> Self {
        Self(Arc::new(Kind::Entra(Entra::new(cloud, tenant))))
    }

    /// Reads `https://login.microsoftonline.com/{tenant}`, with or without `/v2.0` and a slash at the end; likewise for
    /// the login hosts of the other clouds. Aliases become the cloud's preferred host.
    ///
    /// # Errors
    /// [`Authority`](crate::error::ConfigErrorKind::Authority) for other hosts and shapes,
    /// [`Tenant`](crate::error::ConfigErrorKind::Tenant) when the tenant is none.
    pub fn from_url(url: &Url) -> Result<Self, ConfigError> {
        Entra::from_url(url).map(|entra| Self(Arc::new(Kind::Entra(entra))))
    }

    /// The same authority at another host that speaks for it: a proxy, or an emulator. Issuers stay the cloud's own.
    ///
    /// # Errors
    /// [`AuthorityHost`](crate::error::ConfigErrorKind::AuthorityHost): not https (or http on loopback), or with path,
    /// query, fragment or credentials.
    pub fn with_host(self, base: Url) -> Result<Self, ConfigError> {
        match &*self.0 {
            Kind::Entra(entra) => entra.with_host(base).map(|entra| Self(Arc::new(Kind::Entra(entra)))),
        }
    }

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
        self.rules().base().url()
    }

    /// Whether it is on this machine. Such an authority is for development and tests.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.rules().base().is_loopback()
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
        self.rules().metadata_url().clone()
    }

    /// Where Microsoft Graph is, without the version. None for an authority on loopback, whose tokens are not for
    /// Microsoft.
    #[must_use]
    pub fn graph_url(&self) -> Option<Url> {
        self.rules().graph_url().cloned()
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
        self.rules().admin_consent_url(client_id.guid()?)
    }

    /// A stable text for sessions: two authorities with the same one are the same authority. Such as `public/common`;
    /// a host of its own is part of it.
    #[must_use]
    pub fn id(&self) -> String {
        self.rules().id().to_owned()
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
        if document.len() > METADATA_LIMIT {
            return Err(SignInError::new(SignInErrorKind::MetadataInvalid, "the document is over 256 KiB"));
        }
        json::object(document)
            .and_then(|document| Metadata::read(&document, self.rules()))
            .map_err(|detail| SignInError::new(SignInErrorKind::MetadataInvalid, detail))
    }

    /// Whether the authority may be the `iss` of an authorization response (RFC 9207).
    pub(crate) fn may_answer_as(&self, issuer: &str, metadata: &Metadata) -> bool {
        self.rules().may_answer_as(issuer, metadata)
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

    /// The one place where a kind becomes its rules.
    fn rules(&self) -> &dyn Rules {
        match &*self.0 {
            Kind::Entra(entra) => entra,
        }
    }
}
