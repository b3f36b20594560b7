//! What Microsoft sent, for a user who is there already.

use super::{
    arrival::Arrival,
    provision::{self, Found, Origin},
};
use crate::{
    profile::Profile,
    users::{Change, User, UserUpdate},
};

/// With `always_update_user_data` everything that came; for a user who was prepared, what he has not; otherwise nothing. What
/// did not come erases nothing. Without `save_basic_microsoft_info` what is there of the account goes.
pub(super) fn of(arrival: &Arrival<'_>, found: &Found) -> UserUpdate {
    let mut update = UserUpdate::of(found.user.id.clone());
    update.unique_email = arrival.context.settings.unique_email;
    let keeps_account = arrival.context.settings.save_basic_microsoft_info;
    match found.origin {
        Origin::Known | Origin::Linked if arrival.renew => {
            everything(&mut update, arrival);
            if keeps_account {
                of_account(&mut update, arrival.admitted.profile());
            }
        }
        Origin::Linked => blanks(&mut update, arrival, &found.user),
        Origin::Known | Origin::New => {}
    }
    if !keeps_account {
        forget_account(&mut update, &found.user);
    }
    update
}

fn everything(update: &mut UserUpdate, arrival: &Arrival<'_>) {
    let profile = arrival.admitted.profile();
    update.email = Change::sent(provision::email(arrival));
    update.first_name.clone_from(&profile.first_name);
    update.last_name.clone_from(&profile.last_name);
}

fn of_account(update: &mut UserUpdate, profile: &Profile) {
    update.user_principal_name = Change::sent(profile.user_principal_name.clone());
    update.locale = Change::sent(profile.locale.clone());
    update.picture = Change::sent(profile.picture.clone());
}

/// The account came with the link.
fn blanks(update: &mut UserUpdate, arrival: &Arrival<'_>, user: &User) {
    let profile = arrival.admitted.profile();
    if user.email.as_deref().is_none_or(str::is_empty) {
        update.email = Change::sent(provision::email(arrival));
    }
    if user.first_name.is_empty() && user.last_name.is_empty() {
        update.first_name.clone_from(&profile.first_name);
        update.last_name.clone_from(&profile.last_name);
    }
}

/// Only what is there, so that most sign-ins write nothing for it.
fn forget_account(update: &mut UserUpdate, user: &User) {
    let Some(account) = &user.account else { return };
    if account.user_principal_name.is_some() {
        update.user_principal_name = Change::Clear;
    }
    if account.locale.is_some() {
        update.locale = Change::Clear;
    }
    if account.has_picture {
        update.picture = Change::Clear;
    }
}
