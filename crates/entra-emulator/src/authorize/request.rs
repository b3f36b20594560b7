//! An authorization request, read and judged.

use serde_json::Value;

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::{App, Directory, User, UserFlowKind, redirect_uri_matches};
use crate::grants::Challenge;
use crate::login_hint::account_of_hint;
use crate::params::Params;
use crate::pkce;
use crate::place::Place;
use crate::scope::{Resource, Scopes};
use crate::version::Version;

use super::reply::{Mode, ReplyTo};

/// A request that may be answered.
pub(super) struct Request {
    pub(super) version: Version,
    pub(super) segment: Segment,
    pub(super) app: App,
    pub(super) reply: ReplyTo,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Option<Prompt>,
    pub(super) login_hint: Option<String>,
    domain_hint: Option<String>,
    pub(super) challenge: Option<Challenge>,
    pub(super) client_info: bool,
    /// In seconds.
    pub(super) max_age: Option<i64>,
    pub(super) acrs: Vec<String>,
    /// Everything as it was sent, for the pages to post back.
    pub(super) parameters: Params,
}

/// `prompt`
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Prompt {
    None,
    Login,
    SelectAccount,
    Consent,
    /// Sign up; External ID only.
    Create,
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
        match Self::read_rest(call, directory, place.version, &segment, &app, &parameters) {
            Ok(rest) => Ok(Self { segment, app, reply, parameters, ..rest }),
            Err(refusal) => Err(Refused::Reply(Box::new(reply), refusal)),
        }
    }

    /// Everything whose refusal goes to the application; segment, application and reply are filled in by the caller.
    fn read_rest(
        call: &Call<'_>,
        directory: &Directory,
        version: Version,
        segment: &Segment,
        app: &App,
        parameters: &Params,
    ) -> Result<Self, Refusal> {
        response_type(parameters)?;
        let scopes = match (Scopes::asked(version, segment, parameters, app, call.service.cloud, directory)?, version) {
            (Some(scopes), _) => scopes,
            (None, Version::V1) => Scopes::of_resource(&Resource::Graph, app),
            (None, Version::V2) => return Err(Refusal::missing("scope")),
        };
        let text = |name| parameters.get(name).map(str::to_owned);
        Ok(Self {
            version,
            segment: Segment::Common,
            app: App::new("", "", ""),
            reply: ReplyTo::default(),
            scopes,
            nonce: text("nonce"),
            prompt: Prompt::read(parameters, segment)?,
            login_hint: parameters.get("login_hint").map(account_of_hint),
            domain_hint: text("domain_hint"),
            challenge: pkce::read(parameters, call.service.strict_pkce)?,
            client_info: parameters.get("client_info") == Some("1"),
            max_age: max_age(parameters)?,
            acrs: authentication_contexts(parameters)?,
            parameters: Params::default(),
        })
    }

    /// Whether an account belongs to the domain that was hinted at; a domain that nobody knows hides nobody.
    pub(super) fn suits_domain_hint(&self, directory: &Directory, user: &User) -> bool {
        match self.domain_hint.as_deref() {
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

impl Prompt {
    fn read(parameters: &Params, segment: &Segment) -> Result<Option<Self>, Refusal> {
        match parameters.get("prompt") {
            None => Ok(None),
            Some("none") => Ok(Some(Self::None)),
            Some("login") => Ok(Some(Self::Login)),
            Some("select_account") => Ok(Some(Self::SelectAccount)),
            Some("consent") => Ok(Some(Self::Consent)),
            Some("create") if matches!(segment, Segment::External(_)) => Ok(Some(Self::Create)),
            Some(_) => Err(Refusal::of(90023).about("prompt")),
        }
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

fn response_type(parameters: &Params) -> Result<(), Refusal> {
    let asked = parameters.get("response_type").ok_or_else(|| Refusal::missing("response_type"))?;
    if asked == "code" {
        return Ok(());
    }
    let id_token = asked.split(' ').any(|part| part == "id_token");
    Err(Refusal::of(if id_token { 700_054 } else { 70005 }).about(asked))
}

fn max_age(parameters: &Params) -> Result<Option<i64>, Refusal> {
    let Some(text) = parameters.get("max_age") else { return Ok(None) };
    let seconds = text.parse::<i64>().ok().filter(|seconds| *seconds >= 0);
    seconds.map(Some).ok_or_else(|| Refusal::of(90023).about("max_age"))
}

/// `claims={"id_token":{"acrs":{"essential":true,"value":"c1"}}}`; `values` is a list.
fn authentication_contexts(parameters: &Params) -> Result<Vec<String>, Refusal> {
    let Some(text) = parameters.get("claims") else { return Ok(Vec::new()) };
    let claims: Value = serde_json::from_str(text).map_err(|_| Refusal::of(90023).about("claims"))?;
    let acrs = &claims["id_token"]["acrs"];
    let listed = acrs["values"].as_array().into_iter().flatten();
    Ok(listed.chain([&acrs["value"]]).filter_map(Value::as_str).map(str::to_owned).collect())
}
