use std::fmt;

use entra_oidc::{Secret, Timestamp, TokenSet};

/// An access token of the signed-in user, for Microsoft Graph or another API. `Debug` does not show it.
///
/// It is a key and no proof: who the user is, is what [`SignedIn`](crate::SignedIn) says.
#[derive(Clone)]
pub struct AccessToken {
    token: Secret,
    expires_at: Timestamp,
    scope: Option<String>,
}

impl AccessToken {
    pub(crate) fn of(tokens: &TokenSet) -> Option<AccessToken> {
        let token = tokens.access_token()?.clone();
        Some(AccessToken { token, expires_at: tokens.expires_at(), scope: tokens.scope().map(str::to_owned) })
    }

    /// The token, for `Authorization: Bearer …`. Each call is a place to look at in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.token.expose()
    }

    /// The token as [`entra_oidc`] takes it, such as [`Graph::call`](entra_oidc::Graph::call).
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.token
    }

    /// From this moment it is no longer accepted.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The scopes that were granted, separated by blanks; none when Microsoft did not say.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("scope", &self.scope)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
