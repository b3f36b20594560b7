use std::{fmt, time::Duration};

use axum::response::{IntoResponse, Response};
use entra_oidc::{ClaimsChallenge, SignInError, SignInErrorKind};

use super::holder::Holder;
use crate::{
    errors::RefusalKind, refreshes::failure::Failure, refusal::Refusal, rejection::Rejection, step_up::StepUp,
};

/// A session younger than this has no token because none came with its sign-in: another one would bring none either.
const JUST_NOW: Duration = Duration::from_mins(1);

/// There is no access token for the signed-in user.
///
/// As an answer it does what helps: where a new sign-in does, a page is sent through one and comes back, and a program gets
/// 401 with the address; where waiting does, it is 503 with `Retry-After`; a fault of the application's own is 500, with its
/// code in the log.
///
/// ```
/// use entra_sso::{SignedIn, tokens::TokenError};
///
/// async fn calendar(user: SignedIn) -> Result<String, TokenError> {
///     let token = user.microsoft_sso_access_token().await?;
///     Ok(format!("good until {}", token.expires_at().unix()))
/// }
/// ```
#[derive(Clone)]
pub struct TokenError(Box<Inside>);

#[derive(Clone)]
struct Inside {
    failure: Failure,
    holder: Holder,
}

/// Why there is none.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// `save_access_token` is off.
    NotSaved,
    /// The user has to sign in again: the session has none, it is over and cannot be refreshed, or the sign-in is over.
    SignInAgain,
    /// Microsoft asks the user for another step before it gives this token.
    StepUp,
    /// Somebody has to allow the application first.
    ConsentRequired,
    /// Microsoft or the session store cannot be reached. The session and its tokens are what they were.
    Unavailable,
    /// The scopes are none, or too many, or Microsoft refused the application.
    Refused,
}

impl TokenError {
    pub(super) fn new(failure: Failure, holder: Holder) -> TokenError {
        TokenError(Box::new(Inside { failure, holder }))
    }

    /// What helps.
    #[must_use]
    pub fn kind(&self) -> TokenErrorKind {
        match &self.0.failure {
            Failure::NotSaved => TokenErrorKind::NotSaved,
            Failure::Missing | Failure::Over | Failure::SignedOut => TokenErrorKind::SignInAgain,
            Failure::Store(_) | Failure::Unstored(_) => TokenErrorKind::Unavailable,
            Failure::Scopes | Failure::Broken => TokenErrorKind::Refused,
            Failure::Protocol(error) if error.is_temporary() => TokenErrorKind::Unavailable,
            Failure::Protocol(error) => match error.kind() {
                SignInErrorKind::InteractionRequired => TokenErrorKind::StepUp,
                SignInErrorKind::ConsentRequired => TokenErrorKind::ConsentRequired,
                _ => TokenErrorKind::Refused,
            },
        }
    }

    /// What the next sign-in has to prove, when Microsoft says so.
    #[must_use]
    pub fn claims(&self) -> Option<ClaimsChallenge> {
        ClaimsChallenge::from_json(self.protocol()?.claims()?)
    }

    /// How long Microsoft asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.protocol()?.retry_after()
    }

    pub(super) fn holder(&self) -> &Holder {
        &self.0.holder
    }

    fn protocol(&self) -> Option<&SignInError> {
        match &self.0.failure {
            Failure::Protocol(error) => Some(error),
            _ => None,
        }
    }

    fn rejection(&self) -> Rejection {
        let Inside { failure, holder } = &*self.0;
        let parts = &holder.asker().parts();
        match self.kind() {
            TokenErrorKind::SignInAgain => match failure {
                Failure::SignedOut => Rejection::not_signed_in(parts),
                Failure::Missing if self.just_began() => Rejection::of(parts, &RefusalKind::TokenAbsent.into()),
                _ => holder.step_up(&StepUp::new()),
            },
            TokenErrorKind::StepUp => {
                let step = StepUp::new();
                holder.step_up(&match self.claims() {
                    Some(claims) => step.claims(claims.as_json()),
                    None => step,
                })
            }
            TokenErrorKind::Unavailable => Rejection::of(parts, &self.refusal()).retry_after(self.retry_after()),
            _ => Rejection::of(parts, &self.refusal()),
        }
    }

    fn refusal(&self) -> Refusal {
        match &self.0.failure {
            Failure::NotSaved => RefusalKind::TokensNotSaved.into(),
            Failure::Missing | Failure::Over | Failure::SignedOut => RefusalKind::TokenAbsent.into(),
            Failure::Scopes => RefusalKind::TokenScopesInvalid.into(),
            Failure::Broken => RefusalKind::TokenRefreshBroken.into(),
            Failure::Store(cause) | Failure::Unstored(cause) => Refusal::new(RefusalKind::StoreUnavailable, cause),
            Failure::Protocol(error) if error.is_temporary() => {
                Refusal::new(RefusalKind::TokenUnavailable, error.to_string())
            }
            Failure::Protocol(error) => error.clone().into(),
        }
    }

    fn just_began(&self) -> bool {
        let Some(visit) = self.0.holder.asker().visit() else { return true };
        visit.context().clock.now().since(self.0.holder.session().created_at) < JUST_NOW
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        self.rejection().into_response()
    }
}

/// For handlers with other reasons to refuse.
impl From<TokenError> for Rejection {
    fn from(error: TokenError) -> Rejection {
        error.rejection()
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.failure {
            Failure::SignedOut => f.write_str("the session has ended"),
            Failure::Over => f.write_str("the access token is over and cannot be refreshed"),
            _ => self.refusal().fmt(f),
        }
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenError({:?}: {self})", self.kind())
    }
}

impl std::error::Error for TokenError {}
