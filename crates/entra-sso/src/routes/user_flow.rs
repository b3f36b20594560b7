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
    provider::Provider,
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
    answer(&visit, &parts, go(&visit, &parts, Journey::ResetPassword, asked).await).await
}

/// For who is signed in, and with this authority.
pub(super) async fn edit_profile(
    Extension(visit): Extension<Arc<Visit>>,
    asked: AskedQuery,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answer(&visit, &parts, go(&visit, &parts, Journey::EditProfile, asked).await).await
}

async fn go(visit: &Visit, parts: &Parts, journey: Journey, asked: AskedQuery) -> Result<Response, Refusal> {
    let prefix = &visit.context().settings.prefix;
    let origin = visit.origin(parts)?;
    let edits = journey == Journey::EditProfile;
    let door = if edits { paths::edit_profile(prefix, None) } else { paths::reset_password(prefix, None) };
    if let Some(there) = origin.elsewhere(parts, &door) {
        return Ok(rejection::see_other(&there));
    }
    let site = visit.site(parts)?;
    let provider = site.main();
    if edits && !is_signed_in_with(visit, parts, provider).await? {
        return Ok(Rejection::not_signed_in(parts).into_response());
    }
    let next = asked.ok().and_then(|Query(asked)| NextUrl::parse(&asked.next?, prefix));
    let next = next.unwrap_or_else(|| site.home.clone());
    visit.leads_to(&next);
    let trail = if edits { Trail::default() } else { Trail::default().through_reset() };
    begin::begin(visit, parts, provider, Start::on(journey, next, trail)).await
}

/// A session of another provider has no profile at this one.
async fn is_signed_in_with(visit: &Visit, parts: &Parts, provider: &Provider) -> Result<bool, Refusal> {
    Ok(visit.session(parts).await?.is_some_and(|session| session.owner == *provider.owner()))
}

async fn answer(visit: &Visit, parts: &Parts, outcome: Result<Response, Refusal>) -> Response {
    match outcome {
        Ok(response) => response,
        Err(refusal) => super::sign_in_failed(visit, parts, &refusal).await,
    }
}
