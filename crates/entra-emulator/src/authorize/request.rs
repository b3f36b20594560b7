//! An authorization request, read and judged.

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::{App, Directory, User, UserFlowKind, redirect_uri_matches};
use crate::params::Params;
use crate::place::Place;
use crate::session::{Session, SignedIn};
use crate::version::Version;

use super::reply::{Mode, ReplyTo};
use super::wanted::Wanted;

/// A request that may be answered.
pub(super) struct Request {
    pub(super) version: Version,
    pub(super) segment: Segment,
    pub(super) app: App,
    pub(super) reply: ReplyTo,
    pub(super) wanted: Wanted,
    /// Everything as it was sent, for the pages to post back.
    pub(super) parameters: Params,
}

/// Where a refusal is told.
#[derive(Debug)]
pub(super) enum Refused {
    /// On Microsoft's page, status 200: the application cannot be trusted to be the one, so it hears nothing.
    Page(Refusal),
    /// To the application.
    Reply(Box<ReplyTo>, Refusal),
}

impl Request {
    /// Reads a request; cheap and untrusted things first, and nothing goes to a redirect URI before it is known.
    pub(super) fn read(
        call: &Call<'_>,
        directory: &Directory,
        place: &Place<'_>,
        parameters: Params,
    ) -> Result<Self, Refused> {
        let (segment, app) = who_asks(call, directory, place, &parameters).map_err(Refused::Page)?;
        let reply = reply_to(&app, &parameters).map_err(Refused::Page)?;
        let mode = match read_mode(&parameters) {
            Ok(mode) => mode,
            Err(refusal) => return Err(Refused::Reply(Box::new(reply), refusal)),
        };
        let reply = ReplyTo { mode, ..reply };
        match Wanted::read(call, directory, place.version, &segment, &app, &parameters) {
            Ok(wanted) => Ok(Self { version: place.version, segment, app, reply, wanted, parameters }),
            Err(refusal) => Err(Refused::Reply(Box::new(reply), refusal)),
        }
    }

    /// Whether an account belongs to the domain that was hinted at; a domain that nobody knows hides nobody.
    pub(super) fn suits_domain_hint(&self, directory: &Directory, user: &User) -> bool {
        match self.wanted.domain_hint.as_deref() {
            None => true,
            Some("consumers") => user.is_personal(),
            Some("organizations") => !user.is_personal(),
            Some(hint) => {
                let Some(tenant) = directory.tenant(hint) else { return true };
                let domain = user.signs_in_as().rsplit('@').next().unwrap_or_default();
                user.tenant == tenant.id && !user.is_guest() || tenant.has_domain(domain)
            }
        }
    }

    /// The accounts that can sign in.
    pub(super) fn accounts<'a>(&self, directory: &'a Directory) -> Vec<&'a User> {
        let mut accounts = self.segment.accounts(directory, &self.app);
        accounts.retain(|user| self.admits(user));
        accounts
    }

    /// The object of whoever signs in as `name`.
    pub(super) fn account<'a>(&self, directory: &'a Directory, name: &str) -> Result<&'a User, Refusal> {
        let user = self.segment.account(directory, &self.app, name)?;
        if self.admits(user) { Ok(user) } else { Err(Refusal::of(90027)) }
    }

    /// Somebody who signed in a moment ago, as the session and the directory know him.
    pub(super) fn returning<'a>(
        &self,
        session: &'a Session,
        directory: &'a Directory,
        name: &str,
    ) -> Option<(&'a SignedIn, &'a User)> {
        let account = session.find(self.segment.realm(), name)?;
        self.account(directory, name).ok().map(|user| (account, user))
    }

    fn admits(&self, user: &User) -> bool {
        self.version == Version::V2 || !user.is_personal()
    }

    /// Whether a password can be forgotten here.
    pub(super) fn forgets(&self) -> bool {
        self.segment.flow_kind() == Some(UserFlowKind::SignUpOrSignIn)
    }

    /// Where the pages post to: it tells tenant and version, as the authorization endpoint's path did.
    pub(super) fn action(&self, call: &Call<'_>) -> String {
        let name = match self.version {
            Version::V1 => "oauth2/login",
            Version::V2 => "login",
        };
        self.segment.endpoint(&call.base, name)
    }
}

fn who_asks(
    call: &Call<'_>,
    directory: &Directory,
    place: &Place<'_>,
    parameters: &Params,
) -> Result<(Segment, App), Refusal> {
    let segment = Segment::named(directory, call.service.cloud, place)?;
    if let Some(name) = parameters.duplicate() {
        return Err(Refusal::of(90023).about(name));
    }
    let id = parameters.get("client_id").ok_or_else(|| Refusal::missing("client_id"))?;
    let app = segment.client(directory, id)?;
    segment.has_version(place.version)?;
    Ok((segment, app.clone()))
}

fn reply_to(app: &App, parameters: &Params) -> Result<ReplyTo, Refusal> {
    let first = app.redirect_uris.first().ok_or_else(|| Refusal::of(900_971))?;
    let requested = parameters.get("redirect_uri").unwrap_or(first);
    if !app.redirect_uris.iter().any(|registered| redirect_uri_matches(registered, requested)) {
        return Err(Refusal::of(50011).about(requested));
    }
    let state = parameters.get("state").map(str::to_owned);
    Ok(ReplyTo { requested: requested.to_owned(), mode: Mode::Query, state })
}

fn read_mode(parameters: &Params) -> Result<Mode, Refusal> {
    match parameters.get("response_mode") {
        None | Some("query") => Ok(Mode::Query),
        Some("fragment") => Ok(Mode::Fragment),
        Some("form_post") => Ok(Mode::FormPost),
        Some(other) => Err(Refusal::of(70007).about(other)),
    }
}
