//! The extractors that tell a handler who is there.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use entra_oidc::Timestamp;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::{
    errors::RefusalKind,
    refreshes::{failure::Failure, wanted::Wanted},
    refusal::Refusal,
    rejection::{Rejection, asker::Asker},
    roles::Roles,
    session::data::SessionData,
    step_up::StepUp,
    store_error::StoreError,
    tokens::{
        AccessToken, SignedInGraph, TokenError,
        holder::Holder,
        obtain::{Freshness, keep_fresh, token},
    },
    users::{MicrosoftAccount, Picture, User},
    visit::Visit,
};

/// The signed-in user of this request.
///
/// As an extractor it answers for a visitor who is not signed in: a browser that navigates is sent to sign in and comes
/// back to where it was, a program gets 401 and JSON. `Option<SignedIn>` lets the handler decide. Both load the session
/// at most once per request, and both answer 503 when the session store does not.
///
/// ```
/// use entra_sso::SignedIn;
///
/// async fn home(user: Option<SignedIn>) -> String {
///     user.map_or_else(|| "Hello, stranger".to_owned(), |user| format!("Hello, {}", user.name()))
/// }
/// async fn private(user: SignedIn) -> String {
///     format!("OK user={}", user.username())
/// }
/// ```
#[derive(Clone)]
pub struct SignedIn {
    session: Arc<SessionData>,
    asker: Asker,
}

impl SignedIn {
    pub(crate) fn new(session: Arc<SessionData>, asker: Asker) -> SignedIn {
        SignedIn { session, asker }
    }

    pub(crate) fn data(&self) -> &SessionData {
        &self.session
    }

    /// The user, as the session knows him.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.session.user
    }

    /// Whether the user may enter the admin of this site.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.session.site_staff || self.user().is_staff()
    }

    /// Whether the user may do everything.
    #[must_use]
    pub fn is_superuser(&self) -> bool {
        self.user().is_superuser()
    }

    /// The app roles and groups that an administrator of the user's tenant gave him, as of the newest ID token of this
    /// session: the sign-in's, or with `save_access_token` the last refresh's.
    ///
    /// ```
    /// use entra_sso::{SignedIn, testing::TestUser};
    ///
    /// fn may_publish(user: &SignedIn) -> bool {
    ///     user.roles().has_role("Editor") || user.roles().has_group("4b9a3f0e-0000-4000-8000-000000000001")
    /// }
    /// assert!(may_publish(&TestUser::new("adele@contoso.example").role("Editor").signed_in()));
    /// ```
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.session.roles
    }

    /// What to call the user: first and last name, or else the user name.
    #[must_use]
    pub fn name(&self) -> String {
        self.user().full_name()
    }

    /// For showing only; it can change, and never says who someone is.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.user().username
    }

    /// For showing only.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.user().email.as_deref()
    }

    /// The Microsoft account behind the user.
    #[must_use]
    pub fn account(&self) -> Option<&MicrosoftAccount> {
        self.user().account.as_ref()
    }

    /// The verified claims of the newest ID token of this session: the sign-in's, or with `save_access_token` the last
    /// refresh's. Names in `roles` and `groups` are whatever the user's
    /// tenant wrote there: [`SignedIn::roles`] knows which of them count.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.session.claims
    }

    /// When the session began and when it ends.
    #[must_use]
    pub fn session(&self) -> SessionFacts {
        SessionFacts {
            started_at: self.session.created_at,
            absolute_deadline: self.session.absolute_deadline,
            authority: self.session.owner.authority.clone(),
            site: self.session.owner.site.clone(),
            microsoft_session: self.session.sid.is_some(),
        }
    }

    /// The name of the authentication backend that chose this user, if one did.
    #[must_use]
    pub fn backend(&self) -> Option<&str> {
        self.session.backend.as_deref()
    }

    /// An answer that asks the user to prove more, and brings him back to the page of this request: a browser is sent to
    /// the authority, a program gets 401 and the address where that begins.
    ///
    /// ```
    /// use std::time::Duration;
    /// use entra_sso::{Rejection, SignedIn, StepUp};
    ///
    /// async fn delete_account(user: SignedIn) -> Result<&'static str, Rejection> {
    ///     let recently = StepUp::new().max_age(Duration::from_mins(5));
    ///     if !user.has_proved(&recently) {
    ///         return Err(user.step_up(recently));
    ///     }
    ///     Ok("gone")
    /// }
    /// ```
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "it is made for this answer")]
    pub fn step_up(&self, step: StepUp) -> Rejection {
        Rejection::step_up(&self.asker.parts(), &self.session, &step)
    }

    /// Whether this session has proved already what can be proved of it: the recent authentication and the authentication
    /// context. A claims challenge is never proved: the API that made it judges the next token.
    #[must_use]
    pub fn has_proved(&self, step: &StepUp) -> bool {
        let Some(visit) = self.asker.visit() else { return false };
        let context = visit.context();
        self.session.has_proved(step, context.settings.clock_skew, context.clock.now())
    }

    /// The access token of the sign-in, good now: for Microsoft Graph, unless `scopes` asks for another API.
    ///
    /// With `save_access_token` it is kept in the sealed session and refreshed in the background before it is over; only
    /// who asks after it is over waits for Microsoft.
    ///
    /// # Errors
    /// See [`TokenErrorKind`](crate::tokens::TokenErrorKind). The error is an answer, too.
    pub async fn microsoft_sso_access_token(&self) -> Result<AccessToken, TokenError> {
        token(&self.holder(), Ok(Wanted::SignIn)).await
    }

    /// An access token for another API, by its scopes: `api://{client id}/{name}`, all of one API. It is got with the
    /// session's refresh token and kept beside the sign-in's, for at most eight APIs at a time.
    ///
    /// # Errors
    /// As [`SignedIn::microsoft_sso_access_token`].
    ///
    /// ```
    /// use entra_sso::{SignedIn, tokens::TokenError};
    ///
    /// async fn orders(user: SignedIn) -> Result<String, TokenError> {
    ///     let token = user.access_token_for(["api://6731de76-14a6-49ae-97bc-6eba6914391e/orders.read"]).await?;
    ///     Ok(format!("asks the API with {} characters", token.expose().len()))
    /// }
    /// ```
    pub async fn access_token_for<'a>(
        &self,
        scopes: impl IntoIterator<Item = &'a str>,
    ) -> Result<AccessToken, TokenError> {
        let wanted = Wanted::api(scopes);
        token(&self.holder(), wanted).await
    }

    /// Microsoft Graph in the name of this user.
    #[must_use]
    pub fn graph(&self) -> SignedInGraph {
        SignedInGraph::new(self.holder())
    }

    fn holder(&self) -> Holder {
        Holder::new(self.session.clone(), self.asker.clone())
    }

    /// The user's picture, read from the user store; none in a test of a handler, where there is no store.
    ///
    /// # Errors
    /// The store's.
    pub async fn picture(&self) -> Result<Option<Picture>, StoreError> {
        let Some(visit) = self.asker.visit() else { return Ok(None) };
        visit.context().users.picture(&self.user().id).await
    }
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("user", &self.user().id).finish_non_exhaustive()
    }
}

/// What an application may show of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionFacts {
    /// When the sign-in happened.
    pub started_at: Timestamp,
    /// The end that nothing extends.
    pub absolute_deadline: Timestamp,
    /// Which Microsoft made it: cloud and tenant.
    pub authority: String,
    /// Which site made it.
    pub site: String,
    /// Whether Microsoft named a session of its own (`sid`), which single logout needs.
    pub microsoft_session: bool,
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<SignedIn, Rejection> {
        match read(parts).await {
            Ok(Some(user)) => Ok(user),
            Ok(None) => Err(Rejection::not_signed_in(parts)),
            Err(refusal) => Err(Rejection::of(parts, &refusal)),
        }
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<SignedIn>, Rejection> {
        read(parts).await.map_err(|refusal| Rejection::of(parts, &refusal))
    }
}

/// Who is signed in, if anyone.
///
/// # Errors
/// E321 without a layer, E320 when the store does not answer, and what the request's address is refused for.
pub(crate) async fn read(parts: &Parts) -> Result<Option<SignedIn>, Refusal> {
    let visit =
        parts.extensions.get::<Arc<Visit>>().cloned().ok_or_else(|| Refusal::from(RefusalKind::LayerMissing))?;
    let Some(session) = visit.session(parts).await? else { return Ok(None) };
    // In a box: a session without tokens does not carry it.
    let kept = if session.tokens.is_some() { Box::pin(with_tokens(&visit, session)).await? } else { Some(session) };
    Ok(kept.map(|session| SignedIn::new(session, Asker::of(visit, parts))))
}

/// The session, whose tokens are refreshed when it is time; none when it has ended with its token.
async fn with_tokens(visit: &Visit, session: Arc<SessionData>) -> Result<Option<Arc<SessionData>>, Refusal> {
    let Some(id) = visit.session_id() else { return Ok(Some(session)) };
    let context = visit.context();
    match keep_fresh(context, id, &session).await {
        Ok(Freshness::AsLoaded) => Ok(Some(session)),
        // Its claims and roles are others now.
        Ok(Freshness::Renewed) => {
            let loaded = context.sessions.load(id, context.clock.now()).await?;
            Ok(loaded.map(|loaded| loaded.data().clone()))
        }
        Err(Failure::Store(cause) | Failure::Unstored(cause)) => {
            Err(Refusal::new(RefusalKind::StoreUnavailable, cause))
        }
        Err(_) => Ok(None),
    }
}
