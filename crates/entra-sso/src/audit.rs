//! Audit events: who signed in, was denied, signed out. Ids only; target `entra_sso::audit`.

use crate::{
    owner::Owner,
    refusal::Refusal,
    users::{User, UserId},
};

pub(crate) fn signed_in(user: &UserId, created: bool, owner: &Owner) {
    tracing::info!(target: "entra_sso::audit", event = "sign_in", user = user.as_str(), created, site = owner.site, authority = owner.authority);
}

/// A sign-in, a refresh, a hook, the backend, the admin or the application changed what the user may do.
pub(crate) fn permissions(user: &User) {
    let (staff, superuser, active) = (user.staff, user.superuser, user.is_active);
    tracing::info!(target: "entra_sso::audit", event = "permissions", user = user.id.as_str(), ?staff, ?superuser, active);
}

pub(crate) fn signed_out(user: &UserId) {
    tracing::info!(target: "entra_sso::audit", event = "sign_out", user = user.as_str());
}

/// All sessions of a user ended because he said so.
pub(crate) fn signed_out_everywhere(user: &UserId, sessions: u64) {
    tracing::info!(target: "entra_sso::audit", event = "sign_out_everywhere", user = user.as_str(), sessions);
}

/// A session ended by itself: `reason` is `refresh_refused` (Microsoft says that the sign-in is over) or `token_over`
/// (`session_ends_with_token`).
pub(crate) fn session_ended(user: &UserId, owner: &Owner, reason: &str) {
    let authority = &owner.authority;
    tracing::info!(target: "entra_sso::audit", event = "session_ended", user = user.as_str(), site = owner.site, authority, reason);
}

pub(crate) fn signed_out_elsewhere(owner: &Owner, sessions: u64, channel: &str) {
    let authority = &owner.authority;
    tracing::info!(target: "entra_sso::audit", event = "sign_out_elsewhere", site = owner.site, authority, channel, sessions);
}

pub(crate) fn denied(refusal: &Refusal, reference: &str) {
    tracing::info!(target: "entra_sso::audit", event = "denied", code = refusal.entry().code, reference);
}

pub(crate) fn user_deleted(user: &UserId) {
    tracing::info!(target: "entra_sso::audit", event = "user_deleted", user = user.as_str());
}

/// Somebody in the admin did something to a user, or tried: `done`, `denied`, `last_superuser` or `failed`.
#[cfg(feature = "admin")]
pub(crate) fn administered(actor: &UserId, action: &str, user: &UserId, outcome: &str) {
    tracing::info!(target: "entra_sso::audit", event = "admin", actor = actor.as_str(), action, user = user.as_str(), outcome);
}
