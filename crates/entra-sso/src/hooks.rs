//! What an application plugs into a sign-in.
//!
//! Three hooks run in this order, each with its own power, none of them inside a transaction of a store:
//!
//! 1. [`pre_validate`](SignInHooks::pre_validate): the tenant, guest and domain rules have admitted somebody. It can deny.
//! 2. [`pre_create`](SignInHooks::pre_create): a user is about to be created. It can deny, and set any field of him.
//! 3. [`pre_login`](SignInHooks::pre_login): the user is there. It can deny, change him, or lead elsewhere without a session.
//!
//! Whoever denies, at whichever step: no permission, no session and no token is left behind.

use std::{error::Error, fmt, future::Future, pin::Pin, sync::Arc};

use entra_oidc::{Graph, Identity, TokenSet};
use http::request::Parts;

use crate::users::{NewUser, User};

/// What an application does at a sign-in. Every method has a default that does nothing.
pub trait SignInHooks: Send + Sync + 'static {
    /// Somebody was admitted; nothing is stored yet.
    fn pre_validate(&self, signing_in: &SigningIn<'_>) -> impl Future<Output = Result<(), HookError>> + Send {
        let _ = signing_in;
        async { Ok(()) }
    }

    /// A user is about to be created.
    fn pre_create(
        &self,
        user: &mut NewUser,
        signing_in: &SigningIn<'_>,
    ) -> impl Future<Output = Result<(), HookError>> + Send {
        let _ = (user, signing_in);
        async { Ok(()) }
    }

    /// The user is there and is about to be signed in. What is changed of him is stored.
    fn pre_login(
        &self,
        user: &mut User,
        signing_in: &SigningIn<'_>,
    ) -> impl Future<Output = Result<Login, HookError>> + Send {
        let _ = (user, signing_in);
        async { Ok(Login::Continue) }
    }

    /// The session has begun.
    fn signed_in(&self, user: &User, signing_in: &SigningIn<'_>) -> impl Future<Output = ()> + Send {
        let _ = (user, signing_in);
        async {}
    }

    /// A sign-in came to nothing.
    fn failed(&self, failure: &SignInFailure) -> impl Future<Output = ()> + Send {
        let _ = failure;
        async {}
    }
}

/// A sign-in while it happens: who, with which tokens, by which request.
#[derive(Clone, Copy)]
pub struct SigningIn<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) tokens: &'a TokenSet,
    pub(crate) request: &'a Parts,
    pub(crate) site: &'a str,
    pub(crate) next: &'a str,
    pub(crate) graph: Option<&'a Graph>,
}

impl<'a> SigningIn<'a> {
    /// Who has proved who he is, with the claims of the ID token.
    #[must_use]
    pub const fn identity(&self) -> &'a Identity {
        self.identity
    }

    /// The tokens, whether or not they will be saved.
    #[must_use]
    pub const fn tokens(&self) -> &'a TokenSet {
        self.tokens
    }

    /// The request that brought the answer: address, headers and extensions.
    #[must_use]
    pub const fn request(&self) -> &'a Parts {
        self.request
    }

    /// The site's name.
    #[must_use]
    pub const fn site(&self) -> &'a str {
        self.site
    }

    /// Where the sign-in leads: a path on this site.
    #[must_use]
    pub const fn next(&self) -> &'a str {
        self.next
    }

    /// Microsoft Graph, to be asked with [`tokens`](SigningIn::tokens); none where the provider has none.
    #[must_use]
    pub const fn graph(&self) -> Option<&'a Graph> {
        self.graph
    }
}

/// What [`SignInHooks::pre_login`] wants to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Login {
    /// The user is signed in.
    #[default]
    Continue,
    /// Nobody is signed in; the browser goes to this path on this site.
    Redirect(String),
}

/// Why a hook does not let a sign-in go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum HookError {
    /// The user is told this text, which is shown as plain text.
    Denied {
        /// For the user.
        text: String,
    },
    /// Something went wrong: the user gets a page with a reference id, the log the cause.
    Failed(Box<dyn Error + Send + Sync>),
}

impl HookError {
    /// A denial with a text for the user.
    #[must_use]
    pub fn denied(text: impl Into<String>) -> HookError {
        HookError::Denied { text: text.into() }
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for HookError {
    fn from(cause: E) -> HookError {
        HookError::Failed(cause.into())
    }
}

/// A sign-in that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInFailure {
    /// The code of the register, such as `E312`.
    pub code: &'static str,
    /// What the user can quote, and the log has.
    pub reference: String,
}

impl fmt::Debug for SigningIn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SigningIn").field("identity", self.identity).field("site", &self.site).finish_non_exhaustive()
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`SignInHooks`] behind a pointer.
pub(crate) trait DynSignInHooks: Send + Sync + 'static {
    fn pre_validate<'a>(&'a self, signing_in: &'a SigningIn<'a>) -> Answer<'a, Result<(), HookError>>;
    fn pre_create<'a>(
        &'a self,
        user: &'a mut NewUser,
        signing_in: &'a SigningIn<'a>,
    ) -> Answer<'a, Result<(), HookError>>;
    fn pre_login<'a>(
        &'a self,
        user: &'a mut User,
        signing_in: &'a SigningIn<'a>,
    ) -> Answer<'a, Result<Login, HookError>>;
    fn signed_in<'a>(&'a self, user: &'a User, signing_in: &'a SigningIn<'a>) -> Answer<'a, ()>;
    fn failed<'a>(&'a self, failure: &'a SignInFailure) -> Answer<'a, ()>;
}

/// The hooks of an application.
pub(crate) type SharedHooks = Arc<dyn DynSignInHooks>;

/// No hooks.
pub(crate) struct NoHooks;

impl SignInHooks for NoHooks {}

impl<T: SignInHooks> DynSignInHooks for T {
    fn pre_validate<'a>(&'a self, signing_in: &'a SigningIn<'a>) -> Answer<'a, Result<(), HookError>> {
        Box::pin(SignInHooks::pre_validate(self, signing_in))
    }

    fn pre_create<'a>(
        &'a self,
        user: &'a mut NewUser,
        signing_in: &'a SigningIn<'a>,
    ) -> Answer<'a, Result<(), HookError>> {
        Box::pin(SignInHooks::pre_create(self, user, signing_in))
    }

    fn pre_login<'a>(
        &'a self,
        user: &'a mut User,
        signing_in: &'a SigningIn<'a>,
    ) -> Answer<'a, Result<Login, HookError>> {
        Box::pin(SignInHooks::pre_login(self, user, signing_in))
    }

    fn signed_in<'a>(&'a self, user: &'a User, signing_in: &'a SigningIn<'a>) -> Answer<'a, ()> {
        Box::pin(SignInHooks::signed_in(self, user, signing_in))
    }

    fn failed<'a>(&'a self, failure: &'a SignInFailure) -> Answer<'a, ()> {
        Box::pin(SignInHooks::failed(self, failure))
    }
}
