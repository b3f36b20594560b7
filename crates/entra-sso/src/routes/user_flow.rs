//! `{prefix}/reset_password/` and `{prefix}/edit_profile/`: off to a user flow of B2C. They exist where it is configured.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, Request, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use http::request::Parts;
use serde::Deserialize;

use crate::{
    journey::{Journey, Trail},
    next_url::NextUrl,
    paths,
    refusal::Refusal,
    rejection::{self, Rejection},
    sign_in::begin::{self, Start},
    visit::Visit,
};

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    next: Option<String>,
}

type AskedQuery = Result<Query<Asked>, QueryRejection>;

/// Whoever forgot a password is not signed in.
pub(super) async fn reset_password(
    Extension(visit): Extension<Arc<Visit>>,
    asked: AskedQuery,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answer(&visit, &parts, reset(&visit, &parts, asked).await)
}

/// For who is signed in, and with this authority.
pub(super) async fn edit_profile(
    Extension(visit): Extension<Arc<Visit>>,
    asked: AskedQuery,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answer(&visit, &parts, edit(&visit, &parts, asked).await)
}

async fn reset(visit: &Visit, parts: &Parts, asked: AskedQuery) -> Result<Response, Refusal> {
    let door = paths::reset_password(&visit.context().settings.prefix, None);
    go(visit, parts, &door, Journey::ResetPassword, asked).await
}

async fn edit(visit: &Visit, parts: &Parts, asked: AskedQuery) -> Result<Response, Refusal> {
    let context = visit.context();
    let main = context.sites.resolve(parts).main();
    match visit.session(parts).await? {
        Some(session) if session.owner == *main.owner() => {
            let door = paths::edit_profile(&context.settings.prefix, None);
            go(visit, parts, &door, Journey::EditProfile, asked).await
        }
        _ => Ok(Rejection::not_signed_in(parts).into_response()),
    }
}

async fn go(
    visit: &Visit,
    parts: &Parts,
    door: &str,
    journey: Journey,
    asked: AskedQuery,
) -> Result<Response, Refusal> {
    let context = visit.context();
    let origin = visit.origin(parts)?;
    if let Some(there) = origin.elsewhere(parts, door) {
        return Ok(rejection::see_other(&there));
    }
    let next = asked.ok().and_then(|Query(asked)| NextUrl::parse(&asked.next?, &context.settings.prefix));
    let next = next.unwrap_or_else(|| context.home.clone());
    visit.leads_to(&next);
    let trail = match journey {
        Journey::ResetPassword => Trail::default().through_reset(),
        Journey::SignIn | Journey::EditProfile => Trail::default(),
    };
    let provider = context.sites.resolve(parts).main();
    begin::begin(visit, parts, origin, provider, Start::on(journey, next, trail)).await
}

fn answer(visit: &Visit, parts: &Parts, outcome: Result<Response, Refusal>) -> Response {
    outcome.unwrap_or_else(|refusal| rejection::sign_in_failed(visit, parts, &refusal))
}
