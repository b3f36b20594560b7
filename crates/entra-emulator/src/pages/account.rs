//! An account as a page lists it.

use serde::Serialize;

use crate::avatar;
use crate::directory::{App, Directory, User};
use crate::session::Session;

#[derive(Debug, Serialize)]
pub(super) struct ListedAccount {
    pub(super) name: String,
    /// The sign-in name.
    pub(super) address: String,
    initials: String,
    colour: usize,
    /// The organisation, and what else tells accounts apart.
    note: String,
    pub(super) signed_in: bool,
}

pub(super) fn listed(directory: &Directory, user: &User, session: &Session) -> ListedAccount {
    let address = user.signs_in_as();
    let name = user.display_name.as_deref().unwrap_or(address);
    let tenant = directory.tenant(&user.tenant).map(|tenant| tenant.name.as_str());
    let mut note = tenant.unwrap_or("Personal account").to_owned();
    if user.is_guest() {
        note.push_str(" · guest");
    }
    match user.social() {
        Some(provider) => note.extend([" · ", provider]),
        None if user.is_customer() => note.push_str(" · local account"),
        None => {}
    }
    if !user.enabled {
        note.push_str(" · disabled");
    }
    ListedAccount {
        initials: initials(name),
        colour: avatar::colour_index(&user.id),
        note,
        signed_in: session.accounts.iter().any(|account| {
            account.name.eq_ignore_ascii_case(address)
                && account.realm.as_ref().is_none_or(|realm| *realm == user.tenant)
        }),
        name: name.to_owned(),
        address: address.to_owned(),
    }
}

pub(super) fn signed_in(session: &Session) -> Vec<&str> {
    session.accounts.iter().map(|account| account.name.as_str()).collect()
}

/// The organisation that registered an application.
pub(super) fn publisher(directory: &Directory, app: &App) -> String {
    directory.tenant(&app.tenant).map_or_else(|| app.tenant.clone(), |tenant| tenant.name.clone())
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}
