//! What an authorization request asks for, of an application that may be answered.

use serde_json::Value;

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::{App, Directory};
use crate::login_hint::account_of_hint;
use crate::params::Params;
use crate::pkce::{self, Challenge};
use crate::scope::{Resource, Scopes};
use crate::version::Version;

/// What is wanted: for whom, of whom, and how it is bound.
pub(super) struct Wanted {
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Option<Prompt>,
    pub(super) login_hint: Option<String>,
    pub(super) domain_hint: Option<String>,
    pub(super) challenge: Option<Challenge>,
    pub(super) client_info: bool,
    /// In seconds.
    pub(super) max_age: Option<i64>,
    pub(super) acrs: Vec<String>,
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

impl Wanted {
    /// Reads everything whose refusal goes to the application.
    pub(super) fn read(
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
            scopes,
            nonce: text("nonce"),
            prompt: Prompt::read(parameters, segment)?,
            login_hint: parameters.get("login_hint").map(account_of_hint),
            domain_hint: text("domain_hint"),
            challenge: pkce::read(parameters, call.service.strict_pkce)?,
            client_info: parameters.get("client_info") == Some("1"),
            max_age: max_age(parameters)?,
            acrs: authentication_contexts(parameters)?,
        })
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
