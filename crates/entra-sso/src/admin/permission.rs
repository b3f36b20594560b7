//! Staff and superuser, and why somebody is: each permission with its sources, and what a superuser can do about it here.

use serde::Serialize;

use super::{
    action::{Action, TAKEN_HERE},
    place::Place,
    texts::Texts,
};
use crate::users::{Grant, Grants, User};

/// One permission on a user's page.
#[derive(Serialize)]
pub(super) struct Permission {
    name: String,
    held: bool,
    sources: Vec<String>,
    action: Option<Button>,
}

/// A form with one button.
#[derive(Serialize)]
struct Button {
    href: String,
    text: String,
}

/// Both permissions; with buttons when a superuser looks.
pub(super) fn of(user: &User, place: &Place, texts: &Texts, with_actions: bool) -> [Permission; 2] {
    let permission = |name, held, grants, give, take| Permission {
        name: texts.say(name, &[]),
        held,
        sources: sources(user, name, texts),
        action: with_actions.then(|| button(user, grants, [give, take], place, texts)),
    };
    [
        permission("staff", user.is_staff(), user.staff, Action::GiveStaff, Action::TakeStaff),
        permission("superuser", user.is_superuser(), user.superuser, Action::GiveSuperuser, Action::TakeSuperuser),
    ]
}

/// What still gives the permission after an [`Action::TakeStaff`] or [`Action::TakeSuperuser`]; none when nothing does.
pub(super) fn still(action: Action, user: &User, texts: &Texts) -> Option<String> {
    let (name, held) = match action {
        Action::TakeStaff => ("staff", user.is_staff()),
        Action::TakeSuperuser => ("superuser", user.is_superuser()),
        _ => return None,
    };
    held.then(|| sources(user, name, texts).join("; "))
}

/// Takes what only the admin takes, or gives the admin's own grant: beside a list or a role, that keeps what those would
/// take back.
fn button(user: &User, grants: Grants, [give, take]: [Action; 2], place: &Place, texts: &Texts) -> Button {
    let (action, text) = if TAKEN_HERE.into_iter().any(|grant| grants.contains(grant)) {
        (take, take.name())
    } else if grants.is_empty() {
        (give, give.name())
    } else {
        (give, "give_too")
    };
    Button { href: place.action(&user.id, action), text: texts.say(text, &[]) }
}

/// Why the user has the permission with this name, in words.
fn sources(user: &User, permission: &str, texts: &Texts) -> Vec<String> {
    let grants = if permission == "staff" { user.staff } else { user.superuser };
    let text = |grant| match grant {
        Grant::List => texts.say(&format!("source_list_{permission}"), &[]),
        other => texts.say(&format!("source_{other}"), &[]),
    };
    let mut sources: Vec<String> = grants.iter().map(text).collect();
    if permission == "staff" && user.is_superuser() {
        sources.push(texts.say("source_superuser", &[]));
    }
    sources
}
