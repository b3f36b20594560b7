//! Microsoft Graph: `/me`, the photo, and the groups that a token has no room for, which a sign-in needs
//! (<https://learn.microsoft.com/graph/api/user-get>); and whatever else an application asks in the name of its user.
//!
//! 1. Profile and photo are asked at the same time, each with its own bounds; each has its own outcome. Nothing here
//!    ends a sign-in.
//! 2. Nothing is tried twice. A photo that does not exist is an answer, not an error.
//! 3. A profile of another account than the tokens' is an error.
//! 4. The access token goes to the configured Graph and nowhere else.

mod call;
mod error;
mod member_objects;
mod photo;
mod profile;
mod reply;

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join;
use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION},
    request,
};
use url::Url;

use crate::{
    error::RequestIds,
    http_client::{Endpoint, Limits, SharedHttpClient},
    secret::Secret,
    token::TokenSet,
};

pub use call::GraphCall;
pub use error::{GraphError, GraphErrorKind};
pub use photo::Photo;
pub use profile::GraphProfile;
pub use reply::GraphReply;

/// The most a profile may be, in bytes.
const PROFILE_LIMIT: usize = 256 * 1024;

/// Asks Graph in the name of a user.
#[derive(Clone)]
pub struct Graph {
    http: SharedHttpClient,
    base: Url,
    timeout: Duration,
    photo_limit: usize,
}

/// What Graph said about a user. Each half may have failed by itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GraphAnswer {
    /// `/me`.
    pub me: Result<GraphProfile, GraphError>,
    /// `/me/photo/$value`; `Ok(None)` when the user has none.
    pub photo: Result<Option<Photo>, GraphError>,
}

impl GraphAnswer {
    /// An answer with these halves.
    #[must_use]
    pub const fn new(me: Result<GraphProfile, GraphError>, photo: Result<Option<Photo>, GraphError>) -> Self {
        Self { me, photo }
    }
}

impl Graph {
    pub(crate) const fn new(http: SharedHttpClient, base: Url, timeout: Duration, photo_limit: usize) -> Self {
        Self { http, base, timeout, photo_limit }
    }

    /// Profile and photo, asked at the same time.
    pub async fn profile(&self, tokens: &TokenSet) -> GraphAnswer {
        let (me, photo) = join(self.me(tokens), self.photo(tokens)).await;
        GraphAnswer { me, photo }
    }

    /// The user's profile.
    ///
    /// # Errors
    /// No answer, a refusal, or a profile of another account than the tokens'.
    pub async fn me(&self, tokens: &TokenSet) -> Result<GraphProfile, GraphError> {
        let path = format!("v1.0/me?$select={}", profile::FIELDS);
        let response = self.get(Endpoint::GraphProfile, &path, "application/json", tokens, PROFILE_LIMIT).await?;
        if response.status() != StatusCode::OK {
            return Err(GraphError::refused(&response));
        }
        let profile = GraphProfile::parse(response.body())?;
        match tokens.owner() {
            Some(owner) if !profile.is_account(&owner.account) => {
                Err(GraphError::new(GraphErrorKind::AnotherUser, "the profile is of another account"))
            }
            _ => Ok(profile),
        }
    }

    /// The user's photo, when there is one.
    ///
    /// # Errors
    /// No answer, a refusal other than 404, too large, or not an image that browsers show.
    pub async fn photo(&self, tokens: &TokenSet) -> Result<Option<Photo>, GraphError> {
        let response =
            self.get(Endpoint::GraphPhoto, "v1.0/me/photo/$value", "image/*", tokens, self.photo_limit).await?;
        match response.status() {
            StatusCode::OK => Photo::new(response.into_body()).map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(GraphError::refused(&response)),
        }
    }

    /// A question of the application's own, with an access token for Graph. Asked once; an answer that is not 2xx is an
    /// error.
    ///
    /// # Errors
    /// [`CallInvalid`](GraphErrorKind::CallInvalid) before anything is sent; no answer in time or too large a one; a
    /// refusal, with [`claims`](GraphError::claims) when Graph asks for a stronger sign-in and
    /// [`retry_after`](GraphError::retry_after) when it is busy.
    pub async fn call(&self, access_token: &Secret, call: &GraphCall) -> Result<GraphReply, GraphError> {
        let address = match call.page() {
            Some(link) => self.own(link)?,
            None => call.address(&self.base)?,
        };
        let response = self.send_as(access_token, call.request(&address)?, call.most()).await?;
        if response.status().is_success() { Ok(GraphReply::new(response)) } else { Err(GraphError::refused(&response)) }
    }

    async fn get(
        &self,
        endpoint: Endpoint,
        path: &str,
        accept: &'static str,
        tokens: &TokenSet,
        limit: usize,
    ) -> Result<Response<Bytes>, GraphError> {
        let request = Request::get(format!("{}{path}", self.base)).extension(endpoint);
        self.send(request, accept, Bytes::new(), tokens, limit).await
    }

    async fn send(
        &self,
        request: request::Builder,
        accept: &'static str,
        body: Bytes,
        tokens: &TokenSet,
        limit: usize,
    ) -> Result<Response<Bytes>, GraphError> {
        let unusable = |_| GraphError::new(GraphErrorKind::Invalid, "the request cannot be made");
        let token = tokens
            .access_token()
            .ok_or_else(|| GraphError::new(GraphErrorKind::TokenMissing, "no access token came with the sign-in"))?;
        self.send_as(token, request.header(ACCEPT, accept).body(body).map_err(unusable)?, limit).await
    }

    async fn send_as(
        &self,
        access_token: &Secret,
        mut request: Request<Bytes>,
        limit: usize,
    ) -> Result<Response<Bytes>, GraphError> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", access_token.expose()))
            .map_err(|_| GraphError::new(GraphErrorKind::Invalid, "the access token is not a header"))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        let ids = RequestIds::name(request.headers_mut());
        let response = self.http.send(request, Limits::new(limit, self.timeout)).await;
        let mut response = response.map_err(|error| GraphError::unreachable(&error).asked_as(Some(ids.clone())))?;
        let ids = ids.answered(response.headers());
        response.extensions_mut().insert(ids);
        Ok(response)
    }
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graph").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}
