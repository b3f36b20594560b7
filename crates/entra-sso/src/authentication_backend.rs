//! An application's own word on who is signed in.

use std::{future::Future, pin::Pin, sync::Arc};

use crate::{
    hooks::{HookError, SigningIn},
    users::User,
};

/// Decides who is signed in, when somebody has proved who he is at Microsoft: the user found or made for the account,
/// another user of the same store, or nobody.
pub trait AuthenticationBackend: Send + Sync + 'static {
    /// Kept in the session, and shown by [`SignedIn::backend`](crate::SignedIn::backend).
    fn name(&self) -> &str;

    /// The user to sign in. He must be in the store and active.
    ///
    /// # Errors
    /// A refusal with a text for the user, or what went wrong.
    fn authenticate(
        &self,
        user: User,
        signing_in: &SigningIn<'_>,
    ) -> impl Future<Output = Result<User, HookError>> + Send;
}

/// [`AuthenticationBackend`] behind a pointer.
pub(crate) trait DynAuthenticationBackend: Send + Sync + 'static {
    fn name(&self) -> &str;
    fn authenticate<'a>(
        &'a self,
        user: User,
        signing_in: &'a SigningIn<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<User, HookError>> + Send + 'a>>;
}

/// The backend of an application.
pub(crate) type SharedBackend = Arc<dyn DynAuthenticationBackend>;

impl<T: AuthenticationBackend> DynAuthenticationBackend for T {
    fn name(&self) -> &str {
        AuthenticationBackend::name(self)
    }

    fn authenticate<'a>(
        &'a self,
        user: User,
        signing_in: &'a SigningIn<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<User, HookError>> + Send + 'a>> {
        Box::pin(AuthenticationBackend::authenticate(self, user, signing_in))
    }
}
