//! What customers do besides signing in: sign up, reset a password, edit their profile.

use crate::aadsts::Refusal;
use crate::call::{Answer, Call};
use crate::chance;
use crate::directory::{Directory, User};
use crate::pages;
use crate::pages::customer::{Asking, Filled};

use super::request::Request;
use super::{Answered, finish, signed_in};

/// The longest address and the longest name, in characters.
const LONGEST: usize = 254;

/// The page that makes an account.
pub(super) fn ask_sign_up(call: &Call<'_>, request: &Request, problem: Option<&str>) -> Answer {
    let filled = Filled {
        address: call.form.get("address").or(request.login_hint.as_deref()).unwrap_or_default(),
        display_name: call.form.get("display_name").unwrap_or_default(),
        ..Filled::default()
    };
    pages::customer::sign_up(&asking(call, request, problem), &filled)
}

/// Makes the account and signs it in.
pub(super) fn sign_up(call: &Call<'_>, request: &Request) -> Answer {
    let Some(tenant) = request.segment.realm() else {
        return pages::error(call, &Refusal::of(90023).about("decision"));
    };
    let (address, name) = match (field(call, "address"), field(call, "display_name")) {
        (Some(address), Some(name)) if is_address(address) => (address, name),
        _ => return ask_sign_up(call, request, Some("Both a mail address and a name are needed.")),
    };
    let id = chance::guid();
    let made = call.service.directory.change(|directory| {
        let domain = directory.tenant(tenant).and_then(|tenant| tenant.domains.first()).cloned().unwrap_or_default();
        directory.users.push(User::customer(&id, tenant, &domain, address, name));
        Ok(())
    });
    if made.is_err() {
        return ask_sign_up(call, request, Some("There is an account with this address already."));
    }
    let directory = call.service.directory.read();
    match request.account(&directory, address) {
        Ok(user) => signed_in(call, &directory, request, user, Answered::SignUp),
        Err(refusal) => pages::error(call, &refusal),
    }
}

/// The page that resets a password. Social accounts have none.
pub(super) fn ask_reset(call: &Call<'_>, directory: &Directory, request: &Request, problem: Option<&str>) -> Answer {
    let accounts = request.accounts(directory);
    let local: Vec<&User> = accounts.into_iter().filter(|user| user.social().is_none()).collect();
    pages::customer::reset_password(&asking(call, request, problem), &local, request.login_hint.as_deref())
}

/// Nobody has a password here: whose it is counts as signed in.
pub(super) fn reset_password(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    match request.account(directory, name) {
        Ok(user) if user.social().is_none() => signed_in(call, directory, request, user, Answered::Page),
        _ => ask_reset(call, directory, request, Some("There is no such account with a password here.")),
    }
}

/// The page that edits a profile.
pub(super) fn ask_profile(call: &Call<'_>, request: &Request, user: &User, problem: Option<&str>) -> Answer {
    let filled = Filled {
        address: user.signs_in_as(),
        display_name: user.display_name.as_deref().unwrap_or_default(),
        given_name: user.given_name.as_deref().unwrap_or_default(),
        surname: user.surname.as_deref().unwrap_or_default(),
    };
    pages::customer::edit_profile(&asking(call, request, problem), &filled)
}

/// Changes the profile of somebody who signed in a moment ago.
pub(super) fn edit_profile(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    let session = call.service.sessions.get(call.cookie(&call.service.cookie_name()));
    let account = session.find(request.segment.realm(), name);
    let user = request.account(directory, name).ok();
    let (Some(account), Some(user)) = (account, user) else {
        return super::ask(call, directory, request, Some("Please pick the account again."));
    };
    let Some(display_name) = field(call, "display_name") else {
        return ask_profile(call, request, user, Some("A name is needed."));
    };
    let text = |name| field(call, name).map(str::to_owned);
    let changed = call.service.directory.change_user(&user.id, |user| {
        user.display_name = Some(display_name.to_owned());
        user.given_name = text("given_name");
        user.surname = text("surname");
    });
    if changed.is_err() {
        return ask_profile(call, request, user, Some("The profile could not be changed."));
    }
    finish(call, &call.service.directory.read(), request, user, account, Answered::Page)
}

fn asking<'a>(call: &Call<'_>, request: &'a Request, problem: Option<&'a str>) -> Asking<'a> {
    Asking { app: &request.app.name, action: request.action(call), request: request.parameters.encode(), problem }
}

/// A field of the form, trimmed; nothing when it is empty or too long.
fn field<'a>(call: &'a Call<'_>, name: &str) -> Option<&'a str> {
    let text = call.form.get(name)?.trim();
    (!text.is_empty() && text.chars().count() <= LONGEST).then_some(text)
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    parts.is_some() && !text.contains(char::is_whitespace)
}
