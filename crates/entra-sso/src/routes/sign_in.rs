//! `{prefix}/login/` and `{prefix}/{name}/login/`: off to Microsoft, or to a provider beside it.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, Request, rejection::QueryRejection},
    response::Response,
};
use entra_oidc::Prompt;
use http::request::Parts;
use serde::Deserialize;

use super::{door::Door, unfinished::Unfinished};
use crate::{
    errors::RefusalKind,
    journey::{Journey, Trail},
    next_url::NextUrl,
    paths,
    refusal::Refusal,
    rejection,
    sign_in::begin::{self, Hints, Start},
    step_up::StepUp,
    visit::Visit,
};

/// What a link may ask for. Everything else in the query is ignored: no link changes the scopes, the redirect URI or
/// anything of the protocol (S14). `step` was sealed by us, or it counts for nothing. `again` comes from the callback; in a
/// link of somebody else's it makes the sign-in the last try, or shows a text about cookies.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    next: Option<String>,
    login_hint: Option<String>,
    domain_hint: Option<String>,
    ui_locales: Option<String>,
    prompt: Option<String>,
    step: Option<String>,
    again: Option<String>,
}

/// The longest hint that is passed on.
const LONGEST_HINT: usize = 320;

pub(super) async fn start(
    Extension(visit): Extension<Arc<Visit>>,
    Extension(door): Extension<Door>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    match go(&visit, &parts, &door, asked).await {
        Ok(response) => response,
        Err(refusal) => super::sign_in_failed(&visit, &parts, &refusal).await,
    }
}

async fn go(visit: &Visit, parts: &Parts, door: &Door, asked: Asked) -> Result<Response, Refusal> {
    let context = visit.context();
    let prefix = &context.settings.prefix;
    let origin = visit.origin(parts)?;
    let site = visit.site(parts)?;
    let provider = door.enter(visit, site)?;
    if let Some(there) = origin.elsewhere(parts, &paths::login(prefix, provider.name(), None)) {
        return Ok(rejection::see_other(&there));
    }
    let next = asked.next.as_deref().and_then(|next| NextUrl::parse(next, prefix));
    let next = next.unwrap_or_else(|| site.home.clone());
    visit.leads_to(&next);
    let prompt = asked.prompt.as_deref().and_then(prompt);
    let mark = asked.again.as_deref().and_then(Unfinished::parse);
    let session = visit.session(parts).await?;
    if let (Some(Unfinished::StepUpLost(step)), Some(session)) = (mark, &session)
        && !step.is_behind(session)
    {
        return Ok(super::tell_failed(visit, parts, &RefusalKind::CallbackCookieLost.into(), true).await);
    }
    let step = asked.step.and_then(|step| StepUp::open(&context.sealer, &step, provider.owner(), context.clock.now()));
    if prompt.is_none() && step.is_none() && session.is_some() {
        return Ok(rejection::see_other(&next.location()));
    }
    if let Some(Unfinished::Told(kind)) = mark {
        return Ok(super::tell_failed(visit, parts, &kind.into(), true).await);
    }
    let own_hint = || session.as_ref().filter(|_| step.is_some())?.login_hint(provider.owner());
    let trail = Trail { restarted: mark.is_some(), ..Trail::asking(step.as_ref()) };
    let hints = Hints {
        prompt,
        login_hint: asked.login_hint.or_else(own_hint).and_then(hint),
        domain_hint: asked.domain_hint.and_then(hint),
        ui_locales: asked.ui_locales.and_then(hint),
        step,
    };
    let start = Start { hints, ..Start::on(Journey::SignIn, next, trail) };
    begin::begin(visit, parts, provider, start).await
}

/// The two that a link may ask for.
fn prompt(asked: &str) -> Option<Prompt> {
    match asked {
        "login" => Some(Prompt::Login),
        "select_account" => Some(Prompt::SelectAccount),
        _ => None,
    }
}

fn hint(asked: String) -> Option<String> {
    let fits = !asked.is_empty() && asked.len() <= LONGEST_HINT && !asked.chars().any(char::is_control);
    fits.then_some(asked)
}
