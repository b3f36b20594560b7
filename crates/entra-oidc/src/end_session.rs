//! Sign-out at Microsoft (`OpenID` Connect RP-Initiated Logout 1.0).

use url::Url;

use crate::{
    app::ClientId,
    error::{SignInError, SignInErrorKind},
    guid::Guid,
    provider::{Authority, Metadata},
    secret::Secret,
};

/// How the sign-out at Microsoft is asked for. The local session has ended before: the user may stay at Microsoft.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct EndSession {
    tenant: Option<Guid>,
    post_logout_redirect_uri: Option<Url>,
    logout_hint: Option<Secret>,
    id_token_hint: Option<Secret>,
}

/// The most the whole address may be, in bytes: servers refuse those over 8 KiB (case L5).
const LIMIT: usize = 8000;

impl EndSession {
    /// The most an ID token may be to go into an address, in bytes (case L5).
    pub(crate) const LONGEST_ID_TOKEN: usize = 4096;

    /// A sign-out that ends on Microsoft's page, after the user has said which account.
    pub fn new() -> Self {
        Self::default()
    }

    /// The user's tenant, the claim `tid`: an authority of many tenants (`common`, `organizations`) is asked at this one.
    pub fn tenant(mut self, tenant: Guid) -> Self {
        self.tenant = Some(tenant);
        self
    }

    /// Where the browser may come back to. Must be registered as a redirect URI.
    pub fn post_logout_redirect_uri(mut self, uri: Url) -> Self {
        self.post_logout_redirect_uri = Some(uri);
        self
    }

    /// The ID token's claim `login_hint`: signs that account out without asking. An address does not do. Left out when
    /// the whole address would be over 8,000 bytes.
    pub fn logout_hint(mut self, hint: impl Into<String>) -> Self {
        self.logout_hint = Some(Secret::new(hint));
        self
    }

    /// The ID token of the sign-in that ends. Standard providers, and B2C when it is set to require one, come back to
    /// `post_logout_redirect_uri` only with it; Entra does without. One over 4 KiB is left out, and one with which the
    /// whole address would be over 8,000 bytes.
    pub fn id_token_hint(mut self, id_token: Secret) -> Self {
        self.id_token_hint = Some(id_token);
        self
    }

    /// The address for the browser.
    pub(crate) fn url(
        &self,
        authority: &Authority,
        metadata: &Metadata,
        client_id: &ClientId,
    ) -> Result<Url, SignInError> {
        let mut url = authority.end_session_endpoint(metadata, self.tenant).ok_or_else(|| {
            SignInError::new(SignInErrorKind::MetadataInvalid, "the authority has no end_session_endpoint")
        })?;
        url.query_pairs_mut().append_pair("client_id", client_id.as_str());
        if let Some(uri) = &self.post_logout_redirect_uri {
            url.query_pairs_mut().append_pair("post_logout_redirect_uri", uri.as_str());
        }
        let id_token = self.id_token_hint.as_ref().filter(|token| token.expose().len() <= Self::LONGEST_ID_TOKEN);
        for (name, hint) in [("logout_hint", self.logout_hint.as_ref()), ("id_token_hint", id_token)] {
            url = hint.and_then(|hint| with_hint(&url, name, hint)).unwrap_or(url);
        }
        Ok(url)
    }
}

/// None when the address would be too long: a hint may be missing, the sign-out may not.
fn with_hint(url: &Url, name: &str, hint: &Secret) -> Option<Url> {
    let mut url = url.clone();
    url.query_pairs_mut().append_pair(name, hint.expose());
    (url.as_str().len() <= LIMIT).then_some(url)
}
