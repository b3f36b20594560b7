//! The authorization endpoint: who signs in, whether they may, and the answer to the application.

mod consent;
mod reply;
mod request;

use http::Method;
use http::header::SET_COOKIE;

use crate::aadsts::Refusal;
use crate::call::{Answer, Call, add_header, text};
use crate::directory::{App, Directory, User};
use crate::faults::{Fault, Point};
use crate::grants::{Code, Login};
use crate::pages;
use crate::params::Params;
use crate::place::Place;
use crate::session::{Session, SignedIn};
use crate::version::Version;

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

/// `/{tenant}/login`: what the account page and the consent page post.
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
        (Some("cancel"), _) => request.reply.cancelled(),
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
        [(user, account)] if !asks => finish(call, directory, request, user, account, Consent::AsRecorded),
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
    let known = session.accounts.iter().filter(fresh).filter_map(|account| {
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
    })
}

/// An account was picked or typed.
fn picked(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    match request.account(directory, name) {
        Ok(user) => signed_in(call, directory, request, user, Consent::AsRecorded),
        Err(refusal) if refusal.number == 50034 => {
            ask(call, directory, request, Some("AADSTS50034: There is no such account here."))
        }
        Err(refusal) => pages::error(call, &refusal),
    }
}

/// Consent was given by somebody who picked the account a moment ago.
fn accepted(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    let session = call.service.sessions.get(call.cookie(&call.service.cookie_name()));
    let account = session.accounts.iter().find(|account| account.name.eq_ignore_ascii_case(name));
    let user = request.account(directory, name).ok();
    let (Some(account), Some(user)) = (account, user) else {
        return ask(call, directory, request, Some("Please pick the account again."));
    };
    finish(call, directory, request, user, account, Consent::Given)
}

fn automatic(call: &Call<'_>, directory: &Directory, request: &Request, name: &str) -> Answer {
    match request.account(directory, name) {
        Ok(user) => signed_in(call, directory, request, user, Consent::Given),
        Err(refusal) => pages::error(call, &refusal),
    }
}

fn signed_in(call: &Call<'_>, directory: &Directory, request: &Request, user: &User, consent: Consent) -> Answer {
    if !user.enabled {
        return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
    }
    let cookie = call.cookie(&call.service.cookie_name());
    let account = call.service.sessions.sign_in(cookie, user.signs_in_as(), call.now());
    let mut answer = finish(call, directory, request, user, &account, consent);
    add_header(&mut answer, SET_COOKIE, &call.service.set_cookie(&account.cookie, ""));
    answer
}

/// Whether the user agreed just now.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum Consent {
    AsRecorded,
    Given,
}

/// The user is known: may they, did they agree, and the code.
fn finish(
    call: &Call<'_>,
    directory: &Directory,
    request: &Request,
    user: &User,
    account: &SignedIn,
    consent: Consent,
) -> Answer {
    let silent = request.prompt == Some(Prompt::None);
    if !user.enabled {
        return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
    }
    if !is_assigned(directory, &request.app, user) {
        let refusal = Refusal::of(50105).about(user.signs_in_as());
        return if silent { request.reply.refuse(call, &refusal) } else { pages::error(call, &refusal) };
    }
    if consent == Consent::Given {
        consent::record(call.service, request, user);
    } else {
        let missing = consent::missing(call.service, request, user);
        if !missing.is_empty() && silent {
            return request.reply.refuse(call, &Refusal::of(65001));
        }
        if !missing.is_empty() || request.prompt == Some(Prompt::Consent) {
            return consent::ask(call, directory, request, user);
        }
    }
    call.service.sessions.note(account, &request.app.id, call.now());
    issue(call, request, user, account)
}

fn issue(call: &Call<'_>, request: &Request, user: &User, account: &SignedIn) -> Answer {
    let faults = call.service.faults.take(Point::AuthorizationResponse);
    for fault in &faults {
        match fault {
            Fault::AuthorizePage(number) => return pages::error(call, &Refusal::of(*number)),
            Fault::AuthorizeError(error) => return request.reply.refuse(call, &Refusal::from(error)),
            _ => {}
        }
    }
    let long = faults.iter().find_map(|fault| match fault {
        Fault::LongCode(length) => Some(*length),
        _ => None,
    });
    let code = Code {
        login: login(call, request, user, account),
        redirect_uri: request.reply.requested.clone(),
        challenge: request.challenge.clone(),
        reusable: faults.contains(&Fault::ReusableCode),
        issued: call.now(),
        redeemed: false,
    };
    let code = call.service.grants.add_code(code, long.unwrap_or_default());
    let client_info = request.client_info.then(|| crate::token::client_info(&request.segment, user));
    request.reply.succeed(&code, &account.sid, client_info.as_deref(), &faults)
}

fn login(call: &Call<'_>, request: &Request, user: &User, account: &SignedIn) -> Login {
    Login {
        number: call.service.grants.new_login(),
        app: request.app.id.clone(),
        user: user.id.clone(),
        tenant: user.tenant.clone(),
        segment: request.segment.clone(),
        scopes: request.scopes.clone(),
        nonce: request.nonce.clone(),
        sid: account.sid.clone(),
        auth_time: account.auth_time,
        wants_auth_time: request.max_age.is_some(),
        new_user: false,
        acrs: request.acrs.clone(),
    }
}

/// "Assignment required": a role or a plain assignment, of the user or of one of its groups.
fn is_assigned(directory: &Directory, app: &App, user: &User) -> bool {
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
