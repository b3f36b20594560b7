//! Sign-out at Microsoft (`OpenID` Connect RP-Initiated Logout 1.0).

use url::Url;

use crate::{
    app::ClientId,
    error::{SignInError, SignInErrorKind},
    provider::Metadata,
    secret::Secret,
};

/// How the sign-out at Microsoft is asked for. The local session has ended before: the user may stay at Microsoft.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct EndSession {
    post_logout_redirect_uri: Option<Url>,
    logout_hint: Option<String>,
    id_token_hint: Option<Secret>,
}

/// The most an ID token may be to go into an address, in bytes. Servers refuse addresses over 8 KiB (case L5).
const HINT_LIMIT: usize = 4096;

impl EndSession {
    /// A sign-out that ends on Microsoft's page, after the user has said which account.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the browser may come back to. Must be registered as a redirect URI.
    pub fn post_logout_redirect_uri(mut self, uri: Url) -> Self {
        self.post_logout_redirect_uri = Some(uri);
        self
    }

    /// The ID token's claim `login_hint`: signs that account out without asking. An address does not do.
    pub fn logout_hint(mut self, hint: impl Into<String>) -> Self {
        self.logout_hint = Some(hint.into());
        self
    }

    /// The ID token of the sign-in that ends. Standard providers, and B2C when it is set to require one, come back to
    /// `post_logout_redirect_uri` only with it; Entra does without. One over 4 KiB is left out.
    pub fn id_token_hint(mut self, id_token: Secret) -> Self {
        self.id_token_hint = Some(id_token);
        self
    }

    /// The address for the browser.
    pub(crate) fn url(&self, metadata: &Metadata, client_id: &ClientId) -> Result<Url, SignInError> {
        let endpoint = metadata.end_session_endpoint().ok_or_else(|| {
            SignInError::new(SignInErrorKind::MetadataInvalid, "the authority has no end_session_endpoint")
        })?;
        let mut url = endpoint.clone();
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", client_id.as_str());
        if let Some(uri) = &self.post_logout_redirect_uri {
            query.append_pair("post_logout_redirect_uri", uri.as_str());
        }
        if let Some(hint) = &self.logout_hint {
            query.append_pair("logout_hint", hint);
        }
        if let Some(token) = self.id_token_hint.as_ref().filter(|token| token.expose().len() <= HINT_LIMIT) {
            query.append_pair("id_token_hint", token.expose());
        }
        drop(query);
        Ok(url)
    }
}
