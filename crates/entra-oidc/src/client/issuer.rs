use crate::{client::EntraClient, error::SignInError};

impl EntraClient {
    /// Whether this is the authority's own name: what an `iss` outside a token is compared with, such as that of a
    /// front-channel sign-out.
    ///
    /// # Errors
    /// No metadata.
    pub async fn is_issuer(&self, issuer: &str) -> Result<bool, SignInError> {
        let metadata = self.0.published.metadata().await?;
        Ok(self.0.authority.may_answer_as(issuer, &metadata))
    }
}
