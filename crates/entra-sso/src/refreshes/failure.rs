use std::error::Error as _;

use entra_oidc::{SignInError, SignInErrorKind};

use crate::store_error::StoreError;

/// Why there is no token. Everybody who waits for one call gets a copy.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// `save_access_token` is off.
    NotSaved,
    /// The session has no tokens: it began before they were saved, or none came.
    Missing,
    /// It is over, and there is nothing to get a new one with.
    Over,
    /// The session has ended.
    SignedOut,
    /// These are no scopes, or too many.
    Scopes,
    /// What the protocol says.
    Protocol(SignInError),
    /// The call broke off: a fault of our own.
    Broken,
    /// A store did not answer: what it said, for the log. Nothing was asked of Microsoft.
    Store(String),
    /// A store did not keep what Microsoft gave: what it said, for the log.
    Unstored(String),
}

impl Failure {
    /// Whether the grant is worth nothing any more: the sign-in at the authority is over, or somebody else answers for it.
    pub(crate) fn ends_the_sign_in(error: &SignInError) -> bool {
        matches!(
            error.kind(),
            SignInErrorKind::GrantRefused | SignInErrorKind::AnotherUser | SignInErrorKind::TenantNotAllowed
        )
    }
}

impl Failure {
    pub(crate) fn unstored(error: &StoreError) -> Failure {
        Failure::Unstored(said(error))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Store(said(&error))
    }
}

fn said(error: &StoreError) -> String {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}
