//! Sign-out.

mod user_flow;

use http::Method;
use http::header::SET_COOKIE;

use crate::answer::{Answer, add_header, redirect, text};
use crate::authority::{Segment, issuer};
use crate::call::Call;
use crate::directory::{App, Directory, User, redirect_uri_matches};
use crate::faults::{Fault, Point};
use crate::jws::Jws;
use crate::login_hint::account_of_hint;
use crate::pages;
use crate::params::Params;
use crate::place::Place;
use crate::session::SignedIn;
use crate::version::Version;

/// `/{tenant}/oauth2/v2.0/logout`, GET or POST. `state` is echoed by user flows only.
pub(crate) fn answer(call: &Call<'_>, place: &Place<'_>) -> Answer {
    if !matches!(call.method, Method::GET | Method::HEAD | Method::POST) {
        return text(405, "Only GET and POST are served here.\n");
    }
    let parameters = call.parameters();
    let directory = call.service.directory.read();
    let segment = Segment::resolve(&directory, call.service.cloud, place);
    let realm = segment.as_ref().and_then(Segment::realm);
    let flow = segment.as_ref().and_then(Segment::flow);
    let flow_destination = match flow.map(|flow| user_flow::destination(call, &directory, flow, &parameters)) {
        Some(Err(refusal)) => return pages::error(call, &refusal),
        Some(Ok(destination)) => destination,
        None => None,
    };
    let cookie = call.session_cookie();
    let session = call.session();
    let hint = parameters.get("logout_hint").map(account_of_hint);
    let leaving = hint.filter(|hint| session.find(realm, hint).is_some());
    let listed = session.of(realm);
    let asks = flow.is_none() && parameters.get("sign_out").is_none();
    if leaving.is_none() && listed.len() > 1 && asks {
        return pages::sign_out(&parameters, &call.path, &listed);
    }
    let gone = match parameters.get("sign_out") {
        Some("everywhere") => call.service.sessions.end(cookie),
        _ => call.service.sessions.sign_out(cookie, realm, leaving.as_deref()),
    };
    let destination = match flow {
        Some(_) => flow_destination,
        None => destination(&directory, &parameters, &gone),
    };
    // User flows' tokens have no `sid` to tell.
    let frames = if flow.is_some() { Vec::new() } else { frames(call, &directory, &gone) };
    let mut answer = match (&destination, frames.as_slice()) {
        (Some(url), []) => redirect(url),
        _ => pages::signed_out(&frames, destination.as_deref()),
    };
    if call.session().accounts.is_empty() {
        add_header(&mut answer, SET_COOKIE, &call.service.set_cookie("", "; Max-Age=0"));
    }
    answer
}

/// Where to go afterwards: a redirect URI that the application registered. Which application it is says `client_id`,
/// else the audience of `id_token_hint`; else any application will do. Personal accounts go back only to applications
/// with a front-channel logout URL.
fn destination(directory: &Directory, parameters: &Params, gone: &[SignedIn]) -> Option<String> {
    let requested = parameters.get("post_logout_redirect_uri")?;
    let hinted = parameters.get("id_token_hint").and_then(audience);
    let client = parameters.get("client_id").map(str::to_owned).or(hinted);
    let personal = gone.iter().any(|account| directory.user(&account.name).is_some_and(User::is_personal));
    let fits = |app: &&App| {
        client.as_ref().is_none_or(|id| app.id.eq_ignore_ascii_case(id))
            && app.redirect_uris.iter().any(|registered| redirect_uri_matches(registered, requested))
            && (!personal || app.logout_url.is_some())
    };
    directory.apps.iter().find(fits).map(|_| requested.to_owned())
}

/// The front-channel requests: `sid` only, to every application that the accounts went to and that has a URL.
fn frames(call: &Call<'_>, directory: &Directory, gone: &[SignedIn]) -> Vec<String> {
    let mut frames = Vec::new();
    for account in gone {
        for app in account.apps.iter().filter_map(|id| directory.app(id)) {
            let Some(mut url) = app.logout_url.as_deref().and_then(|url| url::Url::parse(url).ok()) else { continue };
            url.query_pairs_mut().append_pair("sid", &account.sid);
            if call.service.faults.take(Point::FrontChannel).contains(&Fault::FrontChannelIssuer) {
                let tenant = directory.user(&account.name).map_or("common", |user| &user.tenant);
                url.query_pairs_mut().append_pair("iss", &issuer(call.service.cloud, Version::V2, tenant));
            }
            frames.push(url.into());
        }
    }
    frames
}

/// The audience of an ID token, unverified: it chooses an application, and the URI must be registered there anyway.
fn audience(token: &str) -> Option<String> {
    Jws::parse(token)?.claim_text("aud").map(str::to_owned)
}
