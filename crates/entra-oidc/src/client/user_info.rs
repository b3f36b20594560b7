use crate::{
    client::EntraClient,
    error::{SignInError, SignInErrorKind},
    http_client::{Endpoint, HttpErrorKind, Limits},
    identity::Identity,
    token::TokenSet,
    user_info::{self, UserInfo},
};

impl EntraClient {
    /// What the `UserInfo` endpoint says about a user who has signed in, asked with his own tokens. It ends no sign-in:
    /// the ID token has proved everything that matters.
    ///
    /// # Errors
    /// [`UserInfoUnavailable`](SignInErrorKind::UserInfoUnavailable) when there is no such endpoint
    /// ([`Authority::asks_user_info`](crate::provider::Authority::asks_user_info)), no answer or a refusal,
    /// [`UserInfoInvalid`](SignInErrorKind::UserInfoInvalid),
    /// [`UserInfoSubject`](SignInErrorKind::UserInfoSubject) when it speaks of somebody else,
    /// [`AnotherUser`](SignInErrorKind::AnotherUser) when the tokens are not this user's.
    #[tracing::instrument(level = "debug", skip_all, fields(authority = %self.0.authority.id()))]
    pub async fn user_info(&self, identity: &Identity, tokens: &TokenSet) -> Result<UserInfo, SignInError> {
        if tokens.owner().is_none_or(|owner| owner.account != *identity.account()) {
            return Err(SignInError::new(SignInErrorKind::AnotherUser, "the tokens are not this user's"));
        }
        let access_token = tokens
            .access_token()
            .ok_or_else(|| SignInError::new(SignInErrorKind::UserInfoUnavailable, "the tokens have no access token"))?;
        let metadata = self.0.published.metadata().await?;
        let endpoint = metadata.user_info_endpoint().ok_or_else(|| {
            SignInError::new(SignInErrorKind::UserInfoUnavailable, "the provider publishes no userinfo_endpoint")
        })?;
        let mut request = user_info::user_info_request(endpoint, access_token)?;
        request.extensions_mut().insert(Endpoint::UserInfo);
        let limits = Limits::new(user_info::LIMIT, self.0.http_timeout);
        let response = self.0.http.send(request, limits).await.map_err(|error| {
            let kind = match error.kind() {
                HttpErrorKind::TooLarge => SignInErrorKind::UserInfoInvalid,
                _ => SignInErrorKind::UserInfoUnavailable,
            };
            SignInError::new(kind, error.to_string())
        })?;
        user_info::user_info(&response, identity.claims().subject())
    }
}
