//! The client: the only place, beside the kept documents, where anything waits.

mod builder;
mod credential_check;
mod exchange;
mod issuer;
mod logout_token;
mod probe;
mod refresh;
mod user_info;

use std::{fmt, sync::Arc, time::Duration};

use url::Url;

use crate::{
    app::Registration,
    clock::Clock,
    end_session::EndSession,
    error::{SignInError, SignInErrorKind, clean},
    graph::Graph,
    guid::Guid,
    http_client::SharedHttpClient,
    identity::Identity,
    jose::KeySet,
    provider::{AllowedTenants, Authority, KeyUse, Metadata, Published},
    secret::Secret,
    sign_in::{AuthorizationResponse, PendingSignIn, SignInOptions, request::authorization_url},
    token::{IdTokenAnswer, IdTokenVerifier, TokenSet, VerifiedIdToken, request::Grant, response::TokenResponse},
};

pub use builder::EntraClientBuilder;
pub use credential_check::{CredentialCheck, CredentialOutcome};
pub use probe::Probe;
pub use refresh::Refreshed;

/// Signs users in with one authority, as one application. Cheap to clone; share one.
#[derive(Clone)]
pub struct EntraClient(Arc<Inside>);

struct Inside {
    authority: Authority,
    registration: Registration,
    http: SharedHttpClient,
    clock: Clock,
    scopes: Vec<String>,
    allowed: AllowedTenants,
    clock_skew: Duration,
    http_timeout: Duration,
    published: Published,
    graph: Option<Graph>,
}

impl EntraClient {
    /// Begins a sign-in: the address to send the browser to, and what has to wait for the answer.
    ///
    /// # Errors
    /// [`OptionInvalid`](SignInErrorKind::OptionInvalid), or no metadata.
    pub async fn begin(&self, options: SignInOptions) -> Result<(Url, PendingSignIn), SignInError> {
        let metadata = self.0.published.metadata().await?;
        authorization_url(&self.0.authority, &metadata, self.0.registration.client_id(), &self.0.scopes, options)
    }

    /// Ends a sign-in: pending → state → deadline → issuer → error → code → token endpoint → signature and claims →
    /// identity. Everything local comes before anything is sent; the code is redeemed once, never again.
    ///
    /// # Errors
    /// The first of these steps that does not hold.
    #[tracing::instrument(level = "debug", skip_all, fields(authority = %self.0.authority.id()))]
    pub async fn complete(
        &self,
        pending: PendingSignIn,
        response: AuthorizationResponse,
    ) -> Result<(Identity, TokenSet), SignInError> {
        response.check_attempt(&pending, self.0.clock.now())?;
        let metadata = self.0.published.metadata().await?;
        let code = response.check(&pending, &self.0.authority, &metadata, self.0.clock.now())?;
        let answer = self.redeem(&metadata, &Grant::Code { code: &code, pending: &pending }).await?;
        let expected = IdTokenAnswer::to_sign_in(&pending).with_code(&code);
        let accepted = self.accept(&answer, &metadata, expected).await;
        let (verified, id_token) = accepted.map_err(|error| error.asked_as(answer.ids.clone()))?;
        let tokens = answer.tokens.owned_by(verified.owner());
        let identity = Identity::new(verified, &code, &self.0.authority);
        Ok((identity.with_id_token(id_token, &self.0.authority), tokens))
    }

    /// Takes note of an answer that is to have no consequence: the return from a user flow that resets a password or
    /// edits a profile. Checks what [`EntraClient::complete`] checks before it sends anything; the code is dropped.
    ///
    /// # Errors
    /// The first of these checks that does not hold, such as [`Cancelled`](SignInErrorKind::Cancelled).
    pub async fn acknowledge(
        &self,
        pending: PendingSignIn,
        response: AuthorizationResponse,
    ) -> Result<(), SignInError> {
        response.check_attempt(&pending, self.0.clock.now())?;
        let metadata = self.0.published.metadata().await?;
        response.check(&pending, &self.0.authority, &metadata, self.0.clock.now()).map(|_| ())
    }

    /// A token for the application itself, such as with the scope `https://graph.microsoft.com/.default`.
    ///
    /// # Errors
    /// [`TenantRequired`](SignInErrorKind::TenantRequired) at an authority for many tenants, or a refusal.
    #[tracing::instrument(level = "debug", skip_all, fields(authority = %self.0.authority.id()))]
    pub async fn app_token(&self, scope: &str) -> Result<TokenSet, SignInError> {
        if !self.is_of_one_organisation() {
            return Err(SignInError::new(
                SignInErrorKind::TenantRequired,
                format!("expected an authority of one organisation, got {}", self.0.authority.id()),
            ));
        }
        if !crate::sign_in::request::is_scope(scope) {
            return Err(SignInError::new(
                SignInErrorKind::OptionInvalid,
                format!("scope: `{}` is not one", clean(scope, 60)),
            ));
        }
        let metadata = self.0.published.metadata().await?;
        let tokens = self.redeem(&metadata, &Grant::Application { scope }).await?.tokens;
        if tokens.access_token().is_none() {
            return Err(no_access_token());
        }
        Ok(tokens)
    }

    /// The address to send the browser to for the sign-out at Microsoft. End the local session first.
    ///
    /// # Errors
    /// No metadata, or none that tells where.
    pub async fn end_session_url(&self, ask: EndSession) -> Result<Url, SignInError> {
        let metadata = self.0.published.metadata().await?;
        ask.url(&self.0.authority, &metadata, self.0.registration.client_id())
    }

    /// Reads metadata and keys now rather than at the first sign-in.
    ///
    /// # Errors
    /// Neither can be had.
    pub async fn warm(&self) -> Result<(), SignInError> {
        let metadata = self.0.published.metadata().await?;
        self.0.published.keys(&metadata).await.map(|_| ())
    }

    /// Microsoft Graph; none where the authority has none.
    #[must_use]
    pub fn graph(&self) -> Option<&Graph> {
        self.0.graph.as_ref()
    }

    /// Who signs users in.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.0.authority
    }

    /// As which application.
    #[must_use]
    pub fn registration(&self) -> &Registration {
        &self.0.registration
    }

    /// The tenants that may come in.
    #[must_use]
    pub fn allowed_tenants(&self) -> &AllowedTenants {
        &self.0.allowed
    }

    /// The resource scopes that every sign-in asks for.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }

    /// The one tenant of the authority: configured, the personal accounts', or the domain's once metadata has been read.
    #[must_use]
    pub fn pinned_tenant(&self) -> Option<Guid> {
        self.0.published.tenant()
    }

    /// Whether a sign-in asks for something that only an access token can be.
    fn wants_access_token(&self) -> bool {
        let is_of_openid = |scope: &str| matches!(scope, "openid" | "profile" | "email" | "offline_access");
        self.0.authority.resource().is_some() || self.0.scopes.iter().any(|scope| !is_of_openid(scope))
    }

    /// Application tokens exist nowhere else.
    fn is_of_one_organisation(&self) -> bool {
        !self.0.authority.is_multi_tenant() && self.pinned_tenant() != Some(Guid::PERSONAL_ACCOUNTS)
    }

    /// The ID token of an answer, which must have one, and an access token where that was asked for.
    async fn accept<'a>(
        &self,
        answer: &'a TokenResponse,
        metadata: &Arc<Metadata>,
        mut expected: IdTokenAnswer<'a>,
    ) -> Result<(VerifiedIdToken, Secret), SignInError> {
        let id_token = answer.id_token.as_ref().ok_or_else(|| {
            SignInError::new(SignInErrorKind::TokenResponseInvalid, "there is no ID token in the answer")
        })?;
        match answer.tokens.access_token() {
            Some(token) => expected = expected.with_access_token(token.expose()),
            None if self.wants_access_token() => return Err(no_access_token()),
            None => {}
        }
        let verified = self.verify(id_token.expose(), metadata, &expected).await?;
        Ok((verified, id_token.clone()))
    }

    async fn verify(
        &self,
        raw: &str,
        metadata: &Arc<Metadata>,
        expected: &IdTokenAnswer<'_>,
    ) -> Result<VerifiedIdToken, SignInError> {
        let inside = &*self.0;
        let verifier = IdTokenVerifier::new(
            inside.authority.clone(),
            Arc::clone(metadata),
            inside.registration.client_id().clone(),
            inside.allowed.clone(),
            inside.clock_skew,
        );
        let judge = |keys: &KeySet| verifier.verify(raw, keys, expected, inside.clock.now());
        inside.published.judge(metadata, KeyUse::SignIn, || IdTokenVerifier::key_id(raw), judge).await
    }
}

fn no_access_token() -> SignInError {
    SignInError::new(SignInErrorKind::TokenResponseInvalid, "there is no access token in the answer")
}

impl fmt::Debug for EntraClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntraClient")
            .field("authority", &self.0.authority.id())
            .field("registration", &self.0.registration)
            .finish_non_exhaustive()
    }
}
