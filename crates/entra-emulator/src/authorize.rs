//! The authorization endpoint: who signs in, whether they may, and the answer to the application.

mod consent;
mod customer;
mod issue;
mod reply;
mod request;

use http::Method;
use http::header::SET_COOKIE;

use crate::aadb2c::{self, CANCELLED, PASSWORD_FORGOTTEN};
use crate::aadsts::Refusal;
use crate::call::{Answer, Call, add_header, text};
use crate::directory::{App, Directory, User, UserFlowKind};
use crate::pages;
use crate::params::Params;
use crate::place::Place;
use crate::session::{Session, SignedIn};
use crate::version::Version;

pub(crate) use self::consent::{missing_consent, record_consent};

use self::request::{Prompt, Refused, Request};

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
        (Some("sign_up"), _) if request.segment.realm().is_some() => customer::ask_sign_up(call, &request, None),
        (Some("create"), _) => customer::sign_up(call, &request),
        (Some("reset"), Some(name)) => customer::reset_password(call, &directory, &request, name),
        (Some("edit"), Some(name)) => customer::edit_profile(call, &directory, &request, name),
        (Some("decline"), _) => request.reply.refuse(call, &Refusal::of(65004)),
        (Some("accept"), Some(name)) => accepted(call, &directory, &request, name),
        (_, Some(name)) => picked(call, &directory, &request, name),
        (_, None) => ask(call, &directory, &request, Some("Choose an account, or type its name.")),
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
    let silent = request.prompt == Some(Prompt::None);
    if request.prompt == Some(Prompt::Create) {
        return customer::ask_sign_up(call, request, None);
    }
    if request.segment.flow_kind() == Some(UserFlowKind::ResetPassword) {
        if silent {
            return request.reply.refuse(call, &Refusal::of(50058));
        }
        return customer::ask_reset(call, directory, request, None);
    }
    if let Some(name) = call.service.auto_sign_in.as_deref().filter(|_| !silent) {
        return automatic(call, directory, request, name);
    }
    let session = call.service.sessions.get(call.cookie(&call.service.cookie_name()));
    let mut candidates = candidates(&session, directory, request, call.now());
    if let Some(hint) = &request.login_hint {
        candidates.retain(|(_, account)| account.name.eq_ignore_ascii_case(hint));
    }
    let asks = matches!(request.prompt, Some(Prompt::Login | Prompt::SelectAccount));
    match candidates.as_slice() {
        [(user, account)] if !asks => finish(call, directory, request, user, account, Answered::Nothing),
        [] if silent => request.reply.refuse(call, &Refusal::of(50058)),
        _ if silent => request.reply.refuse(call, &Refusal::of(16000)),
        _ => ask(call, directory, request, None),
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
    let fresh = |account: &&SignedIn| request.max_age.is_none_or(|age| in_time(age, account));
    let known = session.of(request.segment.realm()).into_iter().filter(fresh).filter_map(|account| {
        let user = request.account(directory, &account.name).ok()?;
        Some((user, account.clone()))
    });
    known.filter(|(user, _)| request.suits_domain_hint(directory, user)).collect()
}

fn ask(call: &Call<'_>, directory: &Directory, request: &Request, problem: Option<&str>) -> Answer {
    let session = call.service.sessions.get(call.cookie(&call.service.cookie_name()));
    let accounts = request.accounts(directory);
    let accounts: Vec<&User> = accounts.into_iter().filter(|user| request.suits_domain_hint(directory, user)).collect();
    pages::accounts(&pages::AccountsPage {
        directory,
        app: &request.app,
        action: request.action(call),
        request: request.parameters.encode(),
        accounts,
        session: &session,
        hint: request.login_hint.as_deref().filter(|_| request.prompt != Some(Prompt::SelectAccount)),
        problem,
        customers: request.segment.realm().is_some(),
        forgets: request.forgets(),
    })
}

/// An account was picked or typed.
fn picked(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    match request.account(directory, name) {
        Ok(user) => signed_in(call, directory, request, user, Answered::Nothing),
        Err(refusal) if refusal.number == 50034 || request.segment.realm().is_some() => {
            let refusal = call.worded(&Refusal::of(50034));
            let problem = format!("{}{}: There is no such account here.", refusal.family.prefix(), refusal.number);
            ask(call, directory, request, Some(&problem))
        }
        Err(refusal) => pages::error(call, &refusal),
    }
}

/// Consent was given by somebody who picked the account a moment ago.
fn accepted(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    let session = call.service.sessions.get(call.cookie(&call.service.cookie_name()));
    let account = session.find(request.segment.realm(), name);
    let user = request.account(directory, name).ok();
    let (Some(account), Some(user)) = (account, user) else {
        return ask(call, directory, request, Some("Please pick the account again."));
    };
    finish(call, directory, request, user, account, Answered::Page)
}

/// Nobody is asked: the named account, or the first that may.
fn automatic(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    let user = if name == crate::builder::FIRST {
        let accounts = request.accounts(directory).into_iter();
        let mut able = accounts.filter(|user| user.enabled && is_assigned(directory, &request.app, user));
        able.next().ok_or_else(|| Refusal::of(50034))
    } else {
        request.account(directory, name)
    };
    match user {
        Ok(user) => signed_in(call, directory, request, user, Answered::Automatically),
        Err(refusal) => pages::error(call, &refusal),
    }
}

fn signed_in(call: &Call<'_>, directory: &Directory, request: &Request, user: &User, answered: Answered) -> Answer {
    if !user.enabled {
        return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
    }
    let cookie = call.cookie(&call.service.cookie_name());
    let realm = request.segment.realm();
    let account = call.service.sessions.sign_in(cookie, realm, user.signs_in_as(), call.now());
    let mut answer = finish(call, directory, request, user, &account, answered);
    add_header(&mut answer, SET_COOKIE, &call.service.set_cookie(&account.cookie, ""));
    answer
}

/// What the user answered since the account was picked.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum Answered {
    Nothing,
    /// Consent is given without a question.
    Automatically,
    /// The page that asks last: consent, or a user flow's own.
    Page,
    /// The account was made a moment ago.
    SignUp,
}

/// The user is known: may they, did they agree, and the code.
fn finish(
    call: &Call<'_>,
    directory: &Directory,
    request: &Request,
    user: &User,
    account: &SignedIn,
    answered: Answered,
) -> Answer {
    let silent = request.prompt == Some(Prompt::None);
    if !user.enabled {
        return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
    }
    if !is_assigned(directory, &request.app, user) {
        let refusal = Refusal::of(50105).about(user.signs_in_as());
        return if silent { request.reply.refuse(call, &refusal) } else { pages::error(call, &refusal) };
    }
    if request.segment.flow_kind() == Some(UserFlowKind::EditProfile) && answered != Answered::Page {
        if silent {
            return request.reply.refuse(call, &Refusal::of(50058));
        }
        return customer::ask_profile(call, request, user, None);
    }
    if answered == Answered::Nothing {
        let missing = consent::missing(call.service, request, user);
        if !missing.is_empty() && silent {
            return request.reply.refuse(call, &Refusal::of(65001));
        }
        if !missing.is_empty() || request.prompt == Some(Prompt::Consent) && !user.is_customer() {
            return consent::ask(call, directory, request, user);
        }
    } else {
        consent::record(call.service, request, user);
    }
    call.service.sessions.note(account, &request.app.id, call.now());
    issue::code(call, request, user, account, answered == Answered::SignUp)
}

/// "Assignment required": a role or a plain assignment, of the user or of one of its groups.
pub(crate) fn is_assigned(directory: &Directory, app: &App, user: &User) -> bool {
    if app.unassigned.contains(&user.id) {
        return false;
    }
    if !app.assignment_required {
        return true;
    }
    let groups = directory.groups_of(user).map(|group| &group.id);
    let mut principals = groups.chain([&user.id]);
    principals.any(|principal| {
        app.assigned.contains(principal)
            || app.role_assignments.iter().any(|assignment| assignment.principal == *principal)
    })
}

/// Where the pages post to: it tells tenant and version, as the authorization endpoint's path did.
fn action_of(call: &Call<'_>, request: &Request) -> String {
    let name = match request.version {
        Version::V1 => "oauth2/login",
        Version::V2 => "login",
    };
    request.segment.endpoint(&call.base, name)
}
