//! Audit events: who signed in, was denied, signed out. Ids only; target `entra_sso::audit`.

use crate::{owner::Owner, refusal::Refusal, users::UserId};

pub(crate) fn signed_in(user: &UserId, created: bool, owner: &Owner) {
    tracing::info!(target: "entra_sso::audit", event = "sign_in", user = user.as_str(), created, site = owner.site, authority = owner.authority);
}

pub(crate) fn signed_out(user: &UserId) {
    tracing::info!(target: "entra_sso::audit", event = "sign_out", user = user.as_str());
}

pub(crate) fn signed_out_elsewhere(owner: &Owner, sessions: u64, channel: &str) {
    let authority = &owner.authority;
    tracing::info!(target: "entra_sso::audit", event = "sign_out_elsewhere", site = owner.site, authority, channel, sessions);
}

pub(crate) fn denied(refusal: &Refusal, reference: &str) {
    tracing::info!(target: "entra_sso::audit", event = "denied", code = refusal.entry().code, reference);
}

/// Somebody in the admin did something to a user, or tried: `done`, `denied`, `last_superuser` or `failed`.
#[cfg(feature = "admin")]
pub(crate) fn administered(actor: &UserId, action: &str, user: &UserId, outcome: &str) {
    tracing::info!(target: "entra_sso::audit", event = "admin", actor = actor.as_str(), action, user = user.as_str(), outcome);
}
