//! The application's hooks and its authentication backend, called in a sign-in: whatever they do, it ends in an answer.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::{
    context::Context,
    errors::RefusalKind,
    hooks::{HookError, Login, SignInFailure, SigningIn},
    refusal::Refusal,
    users::{NewUser, User},
};

/// The hooks of one sign-in.
pub(crate) struct Hooks<'a> {
    context: &'a Context,
    signing_in: SigningIn<'a>,
}

impl<'a> Hooks<'a> {
    pub(crate) fn new(context: &'a Context, signing_in: SigningIn<'a>) -> Hooks<'a> {
        Hooks { context, signing_in }
    }

    /// # Errors
    /// E341 when the hook denies, E342 when it fails; so with each of them.
    pub(crate) async fn pre_validate(&self) -> Result<(), Refusal> {
        call("pre_validate", async { self.context.hooks.pre_validate(&self.signing_in).await }).await
    }

    pub(crate) async fn pre_create(&self, user: &mut NewUser) -> Result<(), Refusal> {
        call("pre_create", async { self.context.hooks.pre_create(user, &self.signing_in).await }).await
    }

    pub(crate) async fn pre_login(&self, user: &mut User) -> Result<Login, Refusal> {
        call("pre_login", async { self.context.hooks.pre_login(user, &self.signing_in).await }).await
    }

    /// The user whom the backend chooses; without a backend this one.
    pub(crate) async fn authenticate(&self, user: User) -> Result<User, Refusal> {
        match &self.context.backend {
            Some(backend) => call("authenticate", async { backend.authenticate(user, &self.signing_in).await }).await,
            None => Ok(user),
        }
    }

    /// The session has begun; nothing changes that any more.
    pub(crate) async fn signed_in(&self, user: &User) {
        tell("signed_in", async { self.context.hooks.signed_in(user, &self.signing_in).await }).await;
    }
}

/// A sign-in came to nothing.
pub(crate) async fn failed(context: &Context, refusal: &Refusal, reference: &str) {
    let failure = SignInFailure { code: refusal.entry().code, reference: reference.to_owned() };
    tell("failed", async { context.hooks.failed(&failure).await }).await;
}

/// A panic is a failure like any other, and not a dropped connection.
async fn call<T>(name: &str, hook: impl Future<Output = Result<T, HookError>>) -> Result<T, Refusal> {
    match AssertUnwindSafe(hook).catch_unwind().await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(HookError::Denied { text })) => {
            Err(Refusal::new(RefusalKind::HookDenied, format!("{name} denied")).in_words(&text))
        }
        Ok(Err(HookError::Failed(error))) => Err(Refusal::caused_by(RefusalKind::HookFailed, name, &*error)),
        Err(_) => Err(Refusal::new(RefusalKind::HookFailed, format!("{name} panicked"))),
    }
}

async fn tell(name: &str, hook: impl Future<Output = ()>) {
    if AssertUnwindSafe(hook).catch_unwind().await.is_err() {
        tracing::error!("the hook {name} panicked");
    }
}
