//! Audit events: who signed in, was denied, signed out, and whose rights changed. Ids only; target `entra_sso::audit`, level
//! `info`. The list is closed, and stands in `docs/observability.md`; what is counted of it is counted here as well.

use entra_oidc::AccountKey;

use crate::{
    metrics::{
        labels::{Ended, SignIn, SignOut},
        record,
    },
    owner::Owner,
    refusal::Refusal,
    users::{User, UserId},
};

/// One event, with its name and its fields.
macro_rules! event {
    ($name:literal, $($fields:tt)*) => {
        tracing::info!(target: "entra_sso::audit", event = $name, $($fields)*)
    };
}

pub(crate) fn signed_in(user: &UserId, created: bool, owner: &Owner) {
    event!("sign_in", user = user.as_str(), created, site = owner.site, authority = owner.authority);
    record::sign_in(if created { SignIn::NewUser } else { SignIn::SignedIn }, record::NO_CODE);
}

/// A sign-in began a session that proves more than the one before it.
pub(crate) fn stepped_up(user: &UserId, owner: &Owner) {
    event!("step_up", user = user.as_str(), site = owner.site, authority = owner.authority);
}

/// Nobody knew the account.
pub(crate) fn user_created(user: &UserId, account: &AccountKey) {
    event!("user_created", user = user.as_str(), %account);
}

/// Somebody who was prepared has an account from now on.
pub(crate) fn user_linked(user: &UserId, account: &AccountKey) {
    event!("user_linked", user = user.as_str(), %account);
}

/// `sessions` ended with him; none: the store of sessions could not say so.
pub(crate) fn user_deleted(user: &UserId, sessions: Option<u64>) {
    event!("user_deleted", user = user.as_str(), sessions);
    record::sessions_ended(Ended::UserGone, sessions.unwrap_or(0));
}

/// A sign-in, a refresh, a hook, the backend, the admin or the application changed what the user may do; `active` is false
/// for who was deactivated.
pub(crate) fn permissions(user: &User) {
    let (staff, superuser, active) = (user.staff, user.superuser, user.is_active);
    event!("permissions", user = user.id.as_str(), ?staff, ?superuser, active);
}

/// What was refused to somebody; `account` and `user` where they are known.
pub(crate) fn denied(refusal: &Refusal, reference: &str, account: Option<&AccountKey>, user: Option<&UserId>) {
    let (code, account, user) = (refusal.entry().code, account.map(tracing::field::display), user.map(UserId::as_str));
    event!("denied", code, reference, account, user);
}

pub(crate) fn signed_out(user: &UserId) {
    event!("sign_out", user = user.as_str());
    record::signed_out(SignOut::Browser);
    record::sessions_ended(Ended::SignOut, 1);
}

/// All sessions of a user ended because he said so.
pub(crate) fn signed_out_everywhere(user: &UserId, sessions: u64) {
    event!("sign_out_everywhere", user = user.as_str(), sessions);
    record::signed_out(SignOut::Everywhere);
    record::sessions_ended(Ended::Everywhere, sessions);
}

/// How an authority tells of a sign-out there.
#[derive(Copy, Clone)]
pub(crate) enum Channel {
    Front,
    Back,
}

/// The authority told that somebody has signed out there.
pub(crate) fn signed_out_elsewhere(owner: &Owner, sessions: u64, channel: Channel) {
    let (word, way, reason) = match channel {
        Channel::Front => ("front", SignOut::FrontChannel, Ended::FrontChannel),
        Channel::Back => ("back", SignOut::BackChannel, Ended::BackChannel),
    };
    let authority = &owner.authority;
    event!("sign_out_elsewhere", site = owner.site, authority, channel = word, sessions);
    record::signed_out(way);
    record::sessions_ended(reason, sessions);
}

/// The application ended all sessions of a user.
pub(crate) fn sessions_ended(user: &UserId, sessions: u64) {
    event!("sessions_ended", user = user.as_str(), sessions);
    record::signed_out(SignOut::Application);
    record::sessions_ended(Ended::Application, sessions);
}

/// A session ended by itself: `reason` is `refresh_refused` (Microsoft says that the sign-in is over), `token_over`
/// (`session_ends_with_token`) or `user_gone` (deleted or deactivated).
pub(crate) fn session_ended(user: &UserId, owner: &Owner, reason: Ended) {
    let (authority, word) = (&owner.authority, reason.as_str());
    event!("session_ended", user = user.as_str(), site = owner.site, authority, reason = word);
    record::sessions_ended(reason, 1);
}

/// Somebody in the admin did something to a user, or tried: `done`, `denied`, `last_superuser` or `failed`.
#[cfg(feature = "admin")]
pub(crate) fn administered(actor: &UserId, action: &str, user: &UserId, outcome: &str) {
    event!("admin", actor = actor.as_str(), action, user = user.as_str(), outcome);
}
