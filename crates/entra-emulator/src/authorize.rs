//! The authorization endpoint: who signs in, whether they may, and the answer to the application.

mod ask;
mod customer;
mod finish;
mod issue;
mod reply;
mod request;
mod wanted;

use http::Method;

use crate::aadb2c::{self, CANCELLED, PASSWORD_FORGOTTEN};
use crate::aadsts::Refusal;
use crate::answer::{Answer, text};
use crate::auto_sign_in::AutoSignIn;
use crate::call::Call;
use crate::directory::{Directory, User, UserFlowKind};
use crate::pages;
use crate::params::Params;
use crate::place::Place;
use crate::session::{Session, SignedIn};

use self::finish::{Answered, finish, signed_in};
use self::request::{Refused, Request};
use self::wanted::Prompt;

/// `/{tenant}/oauth2/v2.0/authorize`, GET or POST.
pub(crate) fn answer(call: &Call<'_>, place: &Place<'_>) -> Answer {
    if !matches!(call.method, Method::GET | Method::HEAD | Method::POST) {
        return text(405, "Only GET and POST are served here.\n");
    }
    let directory = call.service.directory.read();
    match Request::read(call, &directory, place, call.parameters()) {
        Ok(request) => begin(call, &directory, &request),
        Err(refused) => refuse(call, refused),
    }
}

/// `/{tenant}/login`: what the emulator's own pages post.
pub(crate) fn choice(call: &Call<'_>, place: &Place<'_>) -> Answer {
    if call.method != Method::POST {
        return text(405, "Only POST is served here.\n");
    }
    if call.is_foreign() {
        return text(403, "Only the emulator's own pages post here.\n");
    }
    let asked = Params::parse(call.form.get("request").unwrap_or_default().as_bytes());
    let directory = call.service.directory.read();
    let request = match Request::read(call, &directory, place, asked) {
        Ok(request) => request,
        Err(refused) => return refuse(call, refused),
    };
    let name = call.form.get("account").or_else(|| call.form.get("other_account"));
    match (call.form.get("decision"), name) {
        (Some("cancel"), _) if request.segment.flow().is_some() => request.reply.refuse(call, &aadb2c::own(CANCELLED)),
        (Some("cancel"), _) => request.reply.cancelled(),
        (Some("forgot"), _) if request.forgets() => request.reply.refuse(call, &aadb2c::own(PASSWORD_FORGOTTEN)),
        (Some("sign_up"), _) if request.segment.realm().is_some() => ask::sign_up(call, &request, None),
        (Some("create"), _) => customer::sign_up(call, &request),
        (Some("reset"), Some(name)) => customer::reset_password(call, &directory, &request, name),
        (Some("edit"), Some(name)) => customer::edit_profile(call, &directory, &request, name),
        (Some("decline"), _) => request.reply.refuse(call, &Refusal::of(65004)),
        (Some("accept"), Some(name)) => accepted(call, &directory, &request, name),
        (_, Some(name)) => picked(call, &directory, &request, name),
        (_, None) => ask::account(call, &directory, &request, Some("Choose an account, or type its name.")),
    }
}

fn refuse(call: &Call<'_>, refused: Refused) -> Answer {
    match refused {
        Refused::Page(refusal) => pages::error(call, &refusal),
        Refused::Reply(reply, refusal) => reply.refuse(call, &refusal),
    }
}

/// Decides whether somebody who is signed in goes on, or a page asks.
fn begin(call: &Call<'_>, directory: &Directory, request: &Request) -> Answer {
    let silent = request.wanted.prompt == Some(Prompt::None);
    if request.wanted.prompt == Some(Prompt::Create) {
        return ask::sign_up(call, request, None);
    }
    if request.segment.flow_kind() == Some(UserFlowKind::ResetPassword) {
        if silent {
            return request.reply.refuse(call, &Refusal::of(50058));
        }
        return ask::reset(call, directory, request, None);
    }
    if let Some(who) = call.service.auto_sign_in.as_ref().filter(|_| !silent) {
        return automatic(call, directory, request, who);
    }
    let session = call.session();
    let mut candidates = candidates(&session, directory, request, call.now());
    if let Some(hint) = &request.wanted.login_hint {
        candidates.retain(|(_, account)| account.name.eq_ignore_ascii_case(hint));
    }
    let asks = matches!(request.wanted.prompt, Some(Prompt::Login | Prompt::SelectAccount));
    match candidates.as_slice() {
        [(user, account)] if !asks => finish(call, directory, request, user, account, Answered::Nothing),
        [] if silent => request.reply.refuse(call, &Refusal::of(50058)),
        _ if silent => request.reply.refuse(call, &Refusal::of(16000)),
        _ => ask::account(call, directory, request, None),
    }
}

/// Accounts of this browser that may go on without being asked.
fn candidates<'a>(
    session: &Session,
    directory: &'a Directory,
    request: &Request,
    now: i64,
) -> Vec<(&'a User, SignedIn)> {
    // `max_age=0` means a sign-in now.
    let in_time = |age: i64, account: &SignedIn| age > 0 && now <= account.auth_time.saturating_add(age);
    let fresh = |account: &&SignedIn| request.wanted.max_age.is_none_or(|age| in_time(age, account));
    let known = session.of(request.segment.realm()).into_iter().filter(fresh).filter_map(|account| {
        let user = request.account(directory, &account.name).ok()?;
        Some((user, account.clone()))
    });
    known.filter(|(user, _)| request.suits_domain_hint(directory, user)).collect()
}

/// An account was picked or typed.
fn picked(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    match request.account(directory, name) {
        Ok(user) => signed_in(call, directory, request, user, Answered::Nothing),
        Err(refusal) if refusal.number == 50034 || request.segment.realm().is_some() => {
            let refusal = call.worded(&Refusal::of(50034));
            let problem = format!("{}{}: There is no such account here.", refusal.family.prefix(), refusal.number);
            ask::account(call, directory, request, Some(&problem))
        }
        Err(refusal) => pages::error(call, &refusal),
    }
}

/// Consent was given by somebody who picked the account a moment ago.
fn accepted(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    let session = call.session();
    let Some((account, user)) = request.returning(&session, directory, name) else {
        return ask::account(call, directory, request, Some("Please pick the account again."));
    };
    finish(call, directory, request, user, account, Answered::Page)
}

/// Nobody is asked: the named account, or the first that may.
fn automatic(call: &Call<'_>, directory: &Directory, request: &Request, who: &AutoSignIn) -> Answer {
    let user = match who {
        AutoSignIn::First => {
            let mut accounts = request.accounts(directory).into_iter();
            let able = accounts.find(|user| user.enabled && directory.is_assigned(&request.app, user));
            able.ok_or_else(|| Refusal::of(50034))
        }
        AutoSignIn::Named(name) => request.account(directory, name),
    };
    match user {
        Ok(user) => signed_in(call, directory, request, user, Answered::Automatically),
        Err(refusal) => pages::error(call, &refusal),
    }
}
