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
    let button = |action: Action| Button { href: place.action(&user.id, action), text: texts.say(action.name(), &[]) };
    let permission = |name: &str, held, grants, [give, take]: [Action; 2]| Permission {
        name: texts.say(name, &[]),
        held,
        sources: sources(grants, name, texts),
        action: with_actions.then(|| button_for(grants, give, take).map(button)).flatten(),
    };
    let mut staff = permission("staff", user.is_staff(), user.staff, [Action::GiveStaff, Action::TakeStaff]);
    if user.is_superuser() {
        staff.sources.push(texts.say("source_superuser", &[]));
    }
    let superuser =
        permission("superuser", user.is_superuser(), user.superuser, [Action::GiveSuperuser, Action::TakeSuperuser]);
    [staff, superuser]
}

/// What still gives the permission after an [`Action::TakeStaff`] or [`Action::TakeSuperuser`]; none when nothing does.
pub(super) fn still(action: Action, user: &User, texts: &Texts) -> Option<String> {
    let (name, mut sources, held) = match action {
        Action::TakeStaff => ("staff", sources(user.staff, "staff", texts), user.is_staff()),
        Action::TakeSuperuser => ("superuser", sources(user.superuser, "superuser", texts), user.is_superuser()),
        _ => return None,
    };
    if name == "staff" && user.is_superuser() {
        sources.push(texts.say("source_superuser", &[]));
    }
    held.then(|| sources.join("; "))
}

fn button_for(grants: Grants, give: Action, take: Action) -> Option<Action> {
    if TAKEN_HERE.into_iter().any(|grant| grants.contains(grant)) {
        return Some(take);
    }
    // Beside a list or a role, a grant of the admin's own keeps what those would take back.
    Some(give)
}

fn sources(grants: Grants, permission: &str, texts: &Texts) -> Vec<String> {
    let text = |grant| match grant {
        Grant::List => texts.say(&format!("source_list_{permission}"), &[]),
        other => texts.say(&format!("source_{other}"), &[]),
    };
    grants.iter().map(text).collect()
}
