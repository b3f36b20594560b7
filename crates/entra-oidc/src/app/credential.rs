use crate::{
    app::client_secret::{ClientSecret, SecretPlace},
    secret::Secret,
};

/// How the application proves itself at the token endpoint
/// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A secret from the portal.
    Secret(ClientSecret),
}

impl Credential {
    /// A secret that is sent in the form (`client_secret_post`), as Microsoft's own libraries do.
    #[must_use]
    pub fn secret(value: impl Into<String>) -> Self {
        Self::Secret(ClientSecret::new(Secret::new(value), SecretPlace::Form))
    }

    /// A secret that is sent in the `Authorization` header (`client_secret_basic`, RFC 6749 section 2.3.1).
    #[must_use]
    pub fn secret_basic(value: impl Into<String>) -> Self {
        Self::Secret(ClientSecret::new(Secret::new(value), SecretPlace::Header))
    }
}
