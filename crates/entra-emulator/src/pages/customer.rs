//! The pages of customers: sign-up, password reset, profile.

use serde_json::json;

use crate::answer::Answer;
use crate::directory::User;

use super::render::render;

/// What every one of them has.
pub(crate) struct Asking<'a> {
    /// The application's name.
    pub(crate) app: &'a str,
    /// Where the form posts to.
    pub(crate) action: String,
    /// The authorization request, form-encoded.
    pub(crate) request: String,
    pub(crate) problem: Option<&'a str>,
}

/// What the fields hold.
#[derive(Default)]
pub(crate) struct Filled<'a> {
    pub(crate) address: &'a str,
    pub(crate) display_name: &'a str,
    pub(crate) given_name: &'a str,
    pub(crate) surname: &'a str,
}

/// Makes an account.
pub(crate) fn sign_up(asking: &Asking<'_>, filled: &Filled<'_>) -> Answer {
    page("sign_up.html", asking, filled, &[], None)
}

/// Resets a password.
pub(crate) fn reset_password(asking: &Asking<'_>, accounts: &[&User], hint: Option<&str>) -> Answer {
    page("reset_password.html", asking, &Filled::default(), accounts, hint)
}

/// Edits a profile.
pub(crate) fn edit_profile(asking: &Asking<'_>, filled: &Filled<'_>) -> Answer {
    page("edit_profile.html", asking, filled, &[], None)
}

fn page(template: &str, asking: &Asking<'_>, filled: &Filled<'_>, accounts: &[&User], hint: Option<&str>) -> Answer {
    let accounts: Vec<&str> = accounts.iter().map(|user| user.signs_in_as()).collect();
    let values = json!({
        "app": asking.app,
        "action": asking.action,
        "request": asking.request,
        "problem": asking.problem,
        "address": filled.address,
        "display_name": filled.display_name,
        "given_name": filled.given_name,
        "surname": filled.surname,
        "accounts": accounts,
        "hint": hint,
    });
    render(template, values)
}
