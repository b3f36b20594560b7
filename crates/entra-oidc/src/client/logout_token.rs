use std::sync::Arc;

use crate::{
    client::EntraClient,
    error::SignInError,
    jose::KeySet,
    provider::KeyUse,
    token::{LogoutToken, LogoutTokenVerifier},
};

impl EntraClient {
    /// Judges the `logout_token` that a provider has posted (`OpenID` Connect Back-Channel Logout 1.0 section 2.5). The
    /// caller remembers its `jti` and ends the sessions that it names.
    ///
    /// # Errors
    /// What of the token does not hold, or no metadata or keys.
    #[tracing::instrument(level = "debug", skip_all, fields(authority = %self.0.authority.id()))]
    pub async fn verify_logout_token(&self, raw: &str) -> Result<LogoutToken, SignInError> {
        let inside = &*self.0;
        // A token that is none fetches nothing.
        let key_id = LogoutTokenVerifier::key_id(raw)?;
        let metadata = inside.published.metadata().await?;
        let verifier = LogoutTokenVerifier::new(
            inside.authority.clone(),
            Arc::clone(&metadata),
            inside.registration.client_id().clone(),
            inside.clock_skew,
        );
        let judge = |keys: &KeySet| verifier.verify(raw, keys, inside.clock.now());
        inside.published.judge(&metadata, KeyUse::Logout, || Ok(key_id), judge).await
    }
}
