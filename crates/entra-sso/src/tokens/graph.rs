use std::fmt;

use axum::response::{IntoResponse, Response};
use entra_oidc::{GraphCall, GraphError, GraphErrorKind, GraphReply};
use serde_json::{Map, Value};

use super::{error::TokenError, holder::Holder, obtain::token};
use crate::{
    errors::RefusalKind,
    refreshes::{failure::Failure, wanted::Wanted},
    refusal::Refusal,
    rejection::Rejection,
    step_up::StepUp,
};

/// Microsoft Graph in the name of the signed-in user. Made by [`SignedIn::graph`](crate::SignedIn::graph).
///
/// It takes a token that is good now by itself (`save_access_token`), asks the configured Graph and no other address, asks
/// once, and reads answers of at most 1 MiB. What else there is to say of a question, a [`GraphCall`] says.
///
/// ```
/// use axum::Json;
/// use entra_sso::{SignedIn, tokens::GraphCallError};
/// use serde_json::{Map, Value};
///
/// async fn manager(user: SignedIn) -> Result<Json<Map<String, Value>>, GraphCallError> {
///     Ok(Json(user.graph().get("me/manager").await?))
/// }
/// ```
#[derive(Clone)]
pub struct SignedInGraph {
    holder: Holder,
    wanted: Result<Wanted, Failure>,
}

impl SignedInGraph {
    pub(crate) fn new(holder: Holder) -> SignedInGraph {
        SignedInGraph { holder, wanted: Ok(Wanted::SignIn) }
    }

    /// With a token for these scopes in place of the sign-in's, such as `https://graph.microsoft.com/Mail.Read`.
    #[must_use]
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> SignedInGraph {
        self.wanted = Wanted::api(scopes);
        self
    }

    /// The JSON object at this path below `v1.0`, such as `me/manager`.
    ///
    /// # Errors
    /// As [`SignedInGraph::call`].
    pub async fn get(&self, path: &str) -> Result<Map<String, Value>, GraphCallError> {
        self.object(GraphCall::get(path)).await
    }

    /// Posts a JSON body to this path; gives the answer, which may be empty (204).
    ///
    /// # Errors
    /// As [`SignedInGraph::call`].
    pub async fn post_json(&self, path: &str, body: &Value) -> Result<GraphReply, GraphCallError> {
        self.call(GraphCall::post(path, body)).await
    }

    /// The next page of a list, by the `@odata.nextLink` of the one before.
    ///
    /// # Errors
    /// As [`SignedInGraph::call`]; a link that leads elsewhere is refused.
    pub async fn next_page(&self, link: &str) -> Result<Map<String, Value>, GraphCallError> {
        self.object(GraphCall::next_page(link)).await
    }

    /// Any question.
    ///
    /// # Errors
    /// There is no token; the authority has no Graph; Graph does not answer, or refuses. Each turns into the answer that
    /// helps.
    pub async fn call(&self, call: GraphCall) -> Result<GraphReply, GraphCallError> {
        let Some(graph) = self.graph() else { return Err(self.failed(Cause::NoGraph)) };
        let token = token(&self.holder, self.wanted.clone()).await?;
        graph.call(token.secret(), &call).await.map_err(|error| self.failed(Cause::Graph(error)))
    }

    async fn object(&self, call: GraphCall) -> Result<Map<String, Value>, GraphCallError> {
        let reply = self.call(call).await?;
        reply.json().map_err(|error| self.failed(Cause::Graph(error)))
    }

    fn graph(&self) -> Option<entra_oidc::Graph> {
        let visit = self.holder.asker().visit()?;
        let owner = &self.holder.session().owner;
        let provider = visit.context().sites.all().find_map(|site| site.provider_of(owner))?;
        provider.client().graph().cloned()
    }

    fn failed(&self, cause: Cause) -> GraphCallError {
        GraphCallError(Box::new(Inside { cause, holder: self.holder.clone() }))
    }
}

impl fmt::Debug for SignedInGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedInGraph").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}

/// Graph was asked in the name of the signed-in user, and there is nothing to show for it.
///
/// As an answer it does what helps: a claims challenge sends the user through a stronger sign-in and back, a busy Graph is
/// 503 with `Retry-After`, anything else 502; without a token it answers as [`TokenError`] does.
#[derive(Clone)]
pub struct GraphCallError(Box<Inside>);

#[derive(Clone)]
struct Inside {
    cause: Cause,
    holder: Holder,
}

#[derive(Clone)]
enum Cause {
    Token(TokenError),
    NoGraph,
    Graph(GraphError),
}

impl GraphCallError {
    /// Why there is no token, when that is it.
    #[must_use]
    pub fn token(&self) -> Option<&TokenError> {
        match &self.0.cause {
            Cause::Token(error) => Some(error),
            _ => None,
        }
    }

    /// What Graph said, when it was asked: status, claims challenge, how long to wait.
    #[must_use]
    pub fn graph(&self) -> Option<&GraphError> {
        match &self.0.cause {
            Cause::Graph(error) => Some(error),
            _ => None,
        }
    }

    fn rejection(&self) -> Rejection {
        let Inside { cause, holder } = &*self.0;
        match cause {
            Cause::Token(error) => error.clone().into(),
            Cause::Graph(error) => match error.claims() {
                Some(claims) => holder.step_up(&StepUp::new().claims(claims.as_json())),
                None => Rejection::of(&holder.asker().parts(), &self.refusal()).retry_after(error.retry_after()),
            },
            Cause::NoGraph => Rejection::of(&holder.asker().parts(), &self.refusal()),
        }
    }

    fn refusal(&self) -> Refusal {
        match &self.0.cause {
            Cause::Graph(error) => {
                let kind = match error.kind() {
                    GraphErrorKind::Unreachable | GraphErrorKind::Busy => RefusalKind::GraphUnavailable,
                    GraphErrorKind::CallInvalid => RefusalKind::GraphCallInvalid,
                    _ => RefusalKind::GraphRefused,
                };
                Refusal::new(kind, error.to_string())
            }
            _ => RefusalKind::GraphAbsent.into(),
        }
    }
}

impl From<TokenError> for GraphCallError {
    fn from(error: TokenError) -> GraphCallError {
        let holder = error.holder().clone();
        GraphCallError(Box::new(Inside { cause: Cause::Token(error), holder }))
    }
}

impl IntoResponse for GraphCallError {
    fn into_response(self) -> Response {
        self.rejection().into_response()
    }
}

/// For handlers with other reasons to refuse.
impl From<GraphCallError> for Rejection {
    fn from(error: GraphCallError) -> Rejection {
        error.rejection()
    }
}

impl fmt::Display for GraphCallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Token(error) => error.fmt(f),
            Cause::Graph(error) => error.fmt(f),
            Cause::NoGraph => self.refusal().fmt(f),
        }
    }
}

impl fmt::Debug for GraphCallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GraphCallError({self})")
    }
}

impl std::error::Error for GraphCallError {}
