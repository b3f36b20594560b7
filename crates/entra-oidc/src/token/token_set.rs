use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{account::AccountKey, clock::Timestamp, secret::Secret};

/// The tokens of a session, or of the application itself. `Debug` shows none of them.
#[derive(Clone)]
pub struct TokenSet {
    pub(super) access_token: Option<Secret>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) token_type: String,
    pub(super) scope: Option<String>,
    pub(super) expires_at: Timestamp,
    pub(super) refresh_at: Option<Timestamp>,
    pub(super) owner: Option<TokenOwner>,
}

/// Whose tokens they are. A refresh that answers with an ID token of somebody else is refused (case T23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenOwner {
    /// The account.
    pub account: AccountKey,
    /// `iss` of the ID token.
    pub issuer: String,
    /// `sub` of the ID token.
    pub subject: String,
    /// `auth_time` of the ID token, when it had one.
    pub auth_time: Option<Timestamp>,
}

impl TokenSet {
    /// The access token. It is for Microsoft Graph or another API, never a proof of who somebody is. None when the
    /// sign-in asked for no API: B2C then sends an ID token only.
    #[must_use]
    pub const fn access_token(&self) -> Option<&Secret> {
        self.access_token.as_ref()
    }

    /// The refresh token, when `offline_access` was granted.
    #[must_use]
    pub const fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// How the access token is sent: `Bearer`.
    #[must_use]
    pub fn token_type(&self) -> &str {
        &self.token_type
    }

    /// The granted scopes, separated by blanks; maybe more than were asked for. None when the answer did not say.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// From this moment the access token is no longer accepted.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// From this moment Microsoft would like it refreshed (`refresh_in`, for long-lived tokens).
    #[must_use]
    pub const fn refresh_at(&self) -> Option<Timestamp> {
        self.refresh_at
    }

    /// Whose tokens they are; none for tokens of the application itself.
    #[must_use]
    pub const fn owner(&self) -> Option<&TokenOwner> {
        self.owner.as_ref()
    }

    /// Everything in the open, to be sealed and stored.
    #[must_use]
    pub fn expose(&self) -> ExposedTokens {
        ExposedTokens {
            access_token: self.access_token.as_ref().map(|token| token.expose().to_owned()),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose().to_owned()),
            token_type: self.token_type.clone(),
            scope: self.scope.clone(),
            expires_at: self.expires_at,
            refresh_at: self.refresh_at,
            owner: self.owner.clone(),
        }
    }

    /// These tokens in the place of older ones: what the answer left out stays.
    pub(crate) fn succeeding(mut self, older: &Self) -> Self {
        self.refresh_token = self.refresh_token.or_else(|| older.refresh_token.clone());
        self.scope = self.scope.or_else(|| older.scope.clone());
        self.owner.clone_from(&older.owner);
        self
    }

    /// These tokens for another API beside older ones: the same owner, and his refresh token unless a new one came.
    pub(crate) fn beside(mut self, older: &Self) -> Self {
        self.refresh_token = self.refresh_token.or_else(|| older.refresh_token.clone());
        self.owner.clone_from(&older.owner);
        self
    }

    pub(crate) fn owned_by(mut self, owner: TokenOwner) -> Self {
        self.owner = Some(owner);
        self
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSet")
            .field("has_refresh_token", &self.refresh_token.is_some())
            .field("scope", &self.scope)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A [`TokenSet`] in the open, which can be serialised. Whoever writes it down seals it first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExposedTokens {
    /// The access token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// The refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// `Bearer`.
    pub token_type: String,
    /// The granted scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// From this moment the access token is no longer accepted.
    pub expires_at: Timestamp,
    /// From this moment Microsoft would like it refreshed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_at: Option<Timestamp>,
    /// Whose tokens they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<TokenOwner>,
}

impl ExposedTokens {
    /// An access token and the moment it expires; nothing else.
    #[must_use]
    pub fn new(access_token: impl Into<String>, expires_at: Timestamp) -> Self {
        Self {
            access_token: Some(access_token.into()),
            refresh_token: None,
            token_type: "Bearer".to_owned(),
            scope: None,
            expires_at,
            refresh_at: None,
            owner: None,
        }
    }

    /// The tokens, hidden again.
    #[must_use]
    pub fn conceal(self) -> TokenSet {
        TokenSet {
            access_token: self.access_token.map(Secret::new),
            refresh_token: self.refresh_token.map(Secret::new),
            token_type: self.token_type,
            scope: self.scope,
            expires_at: self.expires_at,
            refresh_at: self.refresh_at,
            owner: self.owner,
        }
    }
}

impl fmt::Debug for ExposedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExposedTokens(…)")
    }
}
