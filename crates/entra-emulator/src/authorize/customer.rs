//! What customers do besides signing in: sign up, reset a password, edit their profile.

use crate::aadsts::Refusal;
use crate::answer::Answer;
use crate::call::Call;
use crate::chance;
use crate::directory::{Directory, User};
use crate::pages;

use super::ask;
use super::finish::{Answered, finish, signed_in};
use super::request::Request;

/// The longest address and the longest name, in characters.
const LONGEST: usize = 254;

/// Makes the account and signs it in.
pub(super) fn sign_up(call: &Call<'_>, request: &Request) -> Answer {
    let Some(tenant) = request.segment.realm() else {
        return pages::error(call, &Refusal::of(90023).about("decision"));
    };
    let (address, name) = match (field(call, "address"), field(call, "display_name")) {
        (Some(address), Some(name)) if is_address(address) => (address, name),
        _ => return ask::sign_up(call, request, Some("Both a mail address and a name are needed.")),
    };
    let id = chance::guid();
    let made = call.service.directory.change(|directory| {
        let domain = directory.tenant(tenant).and_then(|tenant| tenant.domains.first()).cloned().unwrap_or_default();
        directory.users.push(User::customer(&id, tenant, &domain, address, name));
        Ok(())
    });
    if made.is_err() {
        return ask::sign_up(call, request, Some("There is an account with this address already."));
    }
    let directory = call.service.directory.read();
    match request.account(&directory, address) {
        Ok(user) => signed_in(call, &directory, request, user, Answered::SignUp),
        Err(refusal) => pages::error(call, &refusal),
    }
}

/// Nobody has a password here: whose it is counts as signed in.
pub(super) fn reset_password(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    match request.account(directory, name) {
        Ok(user) if user.social().is_none() => signed_in(call, directory, request, user, Answered::Page),
        _ => ask::reset(call, directory, request, Some("There is no such account with a password here.")),
    }
}

/// Changes the profile of somebody who signed in a moment ago.
pub(super) fn edit_profile(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    let session = call.session();
    let Some((account, user)) = request.returning(&session, directory, name) else {
        return ask::account(call, directory, request, Some("Please pick the account again."));
    };
    let Some(display_name) = field(call, "display_name") else {
        return ask::profile(call, request, user, Some("A name is needed."));
    };
    let text = |name| field(call, name).map(str::to_owned);
    let changed = call.service.directory.change_user(&user.id, |user| {
        user.display_name = Some(display_name.to_owned());
        user.given_name = text("given_name");
        user.surname = text("surname");
    });
    if changed.is_err() {
        return ask::profile(call, request, user, Some("The profile could not be changed."));
    }
    finish(call, &call.service.directory.read(), request, user, account, Answered::Page)
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
