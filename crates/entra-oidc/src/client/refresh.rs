//! New tokens for a refresh token (`OpenID` Connect Core section 12).

use crate::{
    client::{EntraClient, no_access_token},
    error::{SignInError, SignInErrorKind, clean},
    identity::Identity,
    sign_in::request::{OPENID_SCOPES, is_scope},
    token::{IdTokenAnswer, TokenSet, request::Grant},
};

/// What a refresh brought.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refreshed {
    /// The new tokens. What the answer left out stays from the old ones, the refresh token above all.
    pub tokens: TokenSet,
    /// The user as the new ID token describes him, the very user of the old tokens (case T23). None when no ID token
    /// came.
    pub identity: Option<Identity>,
}

impl EntraClient {
    /// New tokens for the refresh token. The old refresh token stays when the answer has no new one.
    ///
    /// Microsoft is told the scopes of the sign-in once more: a refresh token is bound to no API, and the last token may
    /// have been for another one.
    ///
    /// # Errors
    /// [`RefreshTokenMissing`](SignInErrorKind::RefreshTokenMissing),
    /// [`GrantRefused`](SignInErrorKind::GrantRefused) when the user has to sign in again,
    /// [`InteractionRequired`](SignInErrorKind::InteractionRequired) when he has to do something for this token,
    /// [`AnotherUser`](SignInErrorKind::AnotherUser), or a [temporary](SignInError::is_temporary) fault, which signs
    /// nobody out.
    #[tracing::instrument(level = "debug", skip_all, fields(authority = %self.0.authority.id()))]
    pub async fn refresh(&self, tokens: &TokenSet) -> Result<Refreshed, SignInError> {
        let authority = &self.0.authority;
        // Others may refuse a scope that they did not grant (RFC 6749 section 6); v1 endpoints hear of none.
        let repeats = authority.is_microsoft() && authority.resource().is_none();
        let own = self.0.scopes.iter().map(String::as_str);
        let scope = repeats.then(|| scope(OPENID_SCOPES.into_iter().chain(own)));
        let mut refreshed = self.renew(tokens, scope.as_deref()).await?;
        refreshed.tokens = refreshed.tokens.succeeding(tokens);
        Ok(refreshed)
    }

    /// A token for another API, by its scopes, for the refresh token: `api://{client id}/{name}`, or `{resource}/.default`.
    /// At v1 endpoints one scope names the resource.
    ///
    /// The answer's refresh token takes the place of the old one; the access token for the first API stays good.
    ///
    /// # Errors
    /// As [`EntraClient::refresh`]; [`OptionInvalid`](SignInErrorKind::OptionInvalid) for what cannot be a scope,
    /// [`ConsentRequired`](SignInErrorKind::ConsentRequired) when nobody has allowed it.
    #[tracing::instrument(level = "debug", skip_all, fields(authority = %self.0.authority.id()))]
    pub async fn refresh_for(&self, tokens: &TokenSet, scopes: &[&str]) -> Result<Refreshed, SignInError> {
        let invalid = |detail: String| SignInError::new(SignInErrorKind::OptionInvalid, detail);
        if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(invalid(format!("scope: `{}` is not one", clean(wrong, 60))));
        }
        let scope = match (self.0.authority.resource(), scopes) {
            (_, []) => return Err(invalid("expected at least one scope, got none".to_owned())),
            (Some(_), [resource]) => (*resource).to_owned(),
            (Some(_), _) => return Err(invalid("v1 endpoints know one resource at a time".to_owned())),
            // Without it no new refresh token comes.
            (None, _) => self::scope(scopes.iter().copied().chain(["offline_access"])),
        };
        let mut refreshed = self.renew(tokens, Some(&scope)).await?;
        if refreshed.tokens.access_token().is_none() {
            return Err(no_access_token());
        }
        refreshed.tokens = refreshed.tokens.beside(tokens);
        Ok(refreshed)
    }

    async fn renew(&self, tokens: &TokenSet, scope: Option<&str>) -> Result<Refreshed, SignInError> {
        let token = tokens
            .refresh_token()
            .ok_or_else(|| SignInError::new(SignInErrorKind::RefreshTokenMissing, "the tokens have none"))?;
        let metadata = self.0.published.metadata().await?;
        let answer = self.redeem(&metadata, &Grant::Refresh { token, scope }).await?;
        let Some(id_token) = answer.id_token else {
            return Ok(Refreshed { tokens: answer.tokens, identity: None });
        };
        let owner = tokens.owner().ok_or_else(|| {
            SignInError::new(SignInErrorKind::AnotherUser, "an ID token for tokens that are nobody's")
        })?;
        let mut expected = IdTokenAnswer::to_refresh(owner);
        if let Some(token) = answer.tokens.access_token() {
            expected = expected.with_access_token(token.expose());
        }
        let verified = self.verify(id_token.expose(), &metadata, &expected).await?;
        let identity = Identity::refreshed(verified, &self.0.authority).with_id_token(id_token, &self.0.authority);
        Ok(Refreshed { tokens: answer.tokens, identity: Some(identity) })
    }
}

/// Each scope once, in this order.
fn scope<'a>(scopes: impl IntoIterator<Item = &'a str>) -> String {
    let mut each: Vec<&str> = Vec::new();
    for scope in scopes {
        if !each.contains(&scope) {
            each.push(scope);
        }
    }
    each.join(" ")
}
