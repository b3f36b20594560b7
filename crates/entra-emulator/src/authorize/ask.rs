//! The pages that ask whoever signs in.

use crate::answer::Answer;
use crate::call::Call;
use crate::directory::{Directory, User};
use crate::pages;
use crate::pages::customer::{Asking, Filled};

use super::request::Request;
use super::wanted::Prompt;

/// Which account?
pub(super) fn account(call: &Call<'_>, directory: &Directory, request: &Request, problem: Option<&str>) -> Answer {
    let session = call.session();
    let accounts = request.accounts(directory);
    let accounts: Vec<&User> = accounts.into_iter().filter(|user| request.suits_domain_hint(directory, user)).collect();
    pages::accounts(&pages::AccountsPage {
        directory,
        app: &request.app,
        action: request.action(call),
        request: request.parameters.encode(),
        accounts,
        session: &session,
        hint: request.wanted.login_hint.as_deref().filter(|_| request.wanted.prompt != Some(Prompt::SelectAccount)),
        problem,
        customers: request.segment.realm().is_some(),
        forgets: request.forgets(),
    })
}

/// The page that asks for consent to everything that was requested.
pub(super) fn consent(call: &Call<'_>, directory: &Directory, request: &Request, user: &User) -> Answer {
    pages::consent(&pages::ConsentPage {
        directory,
        app: &request.app,
        action: request.action(call),
        request: request.parameters.encode(),
        user,
        scopes: request.wanted.scopes.all(),
    })
}

/// The page that makes an account.
pub(super) fn sign_up(call: &Call<'_>, request: &Request, problem: Option<&str>) -> Answer {
    let filled = Filled {
        address: call.form.get("address").or(request.wanted.login_hint.as_deref()).unwrap_or_default(),
        display_name: call.form.get("display_name").unwrap_or_default(),
        ..Filled::default()
    };
    pages::customer::sign_up(&asking(call, request, problem), &filled)
}

/// The page that resets a password. Social accounts have none.
pub(super) fn reset(call: &Call<'_>, directory: &Directory, request: &Request, problem: Option<&str>) -> Answer {
    let accounts = request.accounts(directory);
    let local: Vec<&User> = accounts.into_iter().filter(|user| user.social().is_none()).collect();
    pages::customer::reset_password(&asking(call, request, problem), &local, request.wanted.login_hint.as_deref())
}

/// The page that edits a profile.
pub(super) fn profile(call: &Call<'_>, request: &Request, user: &User, problem: Option<&str>) -> Answer {
    let filled = Filled {
        address: user.signs_in_as(),
        display_name: user.display_name.as_deref().unwrap_or_default(),
        given_name: user.given_name.as_deref().unwrap_or_default(),
        surname: user.surname.as_deref().unwrap_or_default(),
    };
    pages::customer::edit_profile(&asking(call, request, problem), &filled)
}

fn asking<'a>(call: &Call<'_>, request: &'a Request, problem: Option<&'a str>) -> Asking<'a> {
    Asking { app: &request.app.name, action: request.action(call), request: request.parameters.encode(), problem }
}
