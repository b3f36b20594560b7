//! The one update that a sign-in makes to its user.

use super::arrival::Arrival;
use crate::{
    audit,
    errors::RefusalKind,
    refusal::Refusal,
    users::{Change, Grant, GrantChange, Grants, Updated, User, UserUpdate},
};

/// The same update, with what a hook or the backend changed between `before` and `after`. Permissions that they give are the
/// application's; those that they take go, whatever gave them.
pub(super) fn with_changes(mut update: UserUpdate, before: &User, after: &User) -> UserUpdate {
    if after.email != before.email {
        update.email = after.email.clone().map_or(Change::Clear, Change::Set);
    }
    if after.first_name != before.first_name {
        update.first_name = Some(after.first_name.clone());
    }
    if after.last_name != before.last_name {
        update.last_name = Some(after.last_name.clone());
    }
    if after.is_active != before.is_active {
        update.is_active = Some(after.is_active);
    }
    update.staff = of_application(before.staff, after.staff);
    update.superuser = of_application(before.superuser, after.superuser);
    update
}

fn of_application(before: Grants, after: Grants) -> GrantChange {
    let mut change = GrantChange::NONE;
    for taken in before.iter().filter(|grant| !after.contains(*grant)) {
        change = change.and(taken, false);
    }
    if after.iter().any(|grant| !before.contains(grant)) {
        change = change.and(Grant::Application, true);
    }
    change
}

/// # Errors
/// E314 for a user who was deleted meanwhile, E315 for one who was deactivated, E320 from the store.
pub(super) async fn store(arrival: &Arrival<'_>, stored: &User, mut update: UserUpdate) -> Result<User, Refusal> {
    let context = arrival.context;
    update.last_login = Some(context.clock.now());
    let asks_for_first = update.first_superuser;
    let user = changed(context.users.update(update).await?, stored)?;
    if asks_for_first {
        context.people.first_superuser_is_known();
    }
    if may_differently(stored, &user) {
        audit::permissions(&user);
        context.sessions.recheck_user(&user.id).await?;
    }
    if user.is_active { Ok(user) } else { Err(RefusalKind::UserInactive.into()) }
}

/// Another user than the account's own keeps everything but the time.
///
/// # Errors
/// As [`store`].
pub(super) async fn note_login(arrival: &Arrival<'_>, user: &User) -> Result<User, Refusal> {
    store(arrival, user, UserUpdate::of(user.id.clone())).await
}

/// A hook or the backend deactivated the user: that is kept, and nothing else of the sign-in.
///
/// # Errors
/// E320 from a store.
pub(super) async fn note_deactivation(arrival: &Arrival<'_>, stored: &User) -> Result<(), Refusal> {
    if !stored.is_active {
        return Ok(());
    }
    let mut update = UserUpdate::of(stored.id.clone());
    update.is_active = Some(false);
    let user = changed(arrival.context.users.update(update).await?, stored)?;
    audit::permissions(&user);
    arrival.context.sessions.recheck_user(&stored.id).await?;
    Ok(())
}

fn changed(updated: Updated, user: &User) -> Result<User, Refusal> {
    let gone = || Refusal::new(RefusalKind::UnknownUser, format!("user {} was deleted meanwhile", user.id));
    updated.into_user().ok_or_else(gone)
}

/// What sessions elsewhere have to know.
fn may_differently(before: &User, after: &User) -> bool {
    (before.is_staff(), before.is_superuser(), before.is_active)
        != (after.is_staff(), after.is_superuser(), after.is_active)
}
