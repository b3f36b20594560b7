//! `{prefix}/callback/` and `{prefix}/{name}/callback/`: the answer from Microsoft, or from a provider beside it, becomes
//! a session, or a refusal that leaves nothing behind.

mod answer;

use std::sync::Arc;

use axum::{Extension, body::Body, extract::Request, response::Response};
use entra_oidc::{AuthorizationResponse, PendingSignIn, State};
use http::request::Parts;

use super::{
    door::Door,
    unfinished::{again, go_on},
};
use crate::{
    errors::RefusalKind,
    journey::Journey,
    message::Message,
    messages,
    metrics::{labels::SignIn, record},
    pending::{Attempt, AttemptError},
    provider::Provider,
    refusal::Refusal,
    rejection::{self, audience::Audience},
    request_span,
    session::Mark,
    sign_in::{
        accept::{self, Outcome},
        begin::Start,
        establish, user_flow,
    },
    visit::Visit,
};

pub(super) async fn receive(
    Extension(visit): Extension<Arc<Visit>>,
    Extension(door): Extension<Door>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let audience = Audience::who_navigates(&parts);
    parts.extensions.insert(audience);
    if let Err(refusal) = answer::expect_method(visit.context().settings.response_mode(), &parts.method) {
        return rejection::answer(Some(&visit), &parts, &refusal);
    }
    match finish(&visit, &parts, body, &door).await {
        Ok(response) => response,
        Err(refusal) => super::sign_in_failed(&visit, &parts, &refusal).await,
    }
}

/// Local checks, then the mark "used", then the network.
async fn finish(visit: &Visit, parts: &Parts, body: Body, door: &Door) -> Result<Response, Refusal> {
    let context = visit.context();
    let origin = visit.origin(parts)?;
    let site = visit.site(parts)?;
    let provider = door.enter(visit, site)?;
    let response = answer::read(context.settings.response_mode(), parts, body).await?;
    let state = response.state().unwrap_or("").to_owned();
    let attempt = match Attempt::open(&context.sealer, &state, context.clock.now()) {
        Ok(attempt) => attempt,
        Err(AttemptError::Expired(attempt)) => {
            return again(visit, parts, *attempt, RefusalKind::AttemptExpired.into()).await;
        }
        Err(error) => {
            let refusal = Refusal::new(RefusalKind::AttemptUnknown, error.to_string());
            return go_on(visit, parts, provider, &site.home, refusal).await;
        }
    };
    request_span::record("attempt", &attempt.id);
    let next = site.next(&attempt.next);
    visit.leads_to(&next);
    if attempt.owner != *provider.owner() && site.provider_of(&attempt.owner).is_some() {
        return go_on(visit, parts, provider, &next, mixed_up(&attempt, provider)).await;
    }
    let redirect_uri = origin.callback_url(&context.settings.prefix, provider.name());
    if attempt.owner != *provider.owner() || attempt.expected.redirect_uri != redirect_uri {
        return again(visit, parts, attempt, RefusalKind::AttemptElsewhere.into()).await;
    }
    let cookies = visit.cookies(origin);
    let Some(seed) = cookies.seed(&parts.headers, &attempt.id).filter(|seed| attempt.matches_seed(seed)) else {
        return again(visit, parts, attempt, RefusalKind::AttemptForeign.into()).await;
    };
    // An answer without a code redeems nothing, and leaves no mark.
    if response.has_code() && context.once.use_up(&state, attempt.deadline()).await? == Mark::Again {
        return again(visit, parts, attempt, RefusalKind::AttemptUsed.into()).await;
    }
    visit.set_cookie(cookies.clear_seed(&attempt.id));
    if let Some(session) = attempt.session_before(&context.sealer, &seed) {
        visit.had(session);
    }

    let pending = PendingSignIn::resume(seed, State::new(state)?, attempt.expected);
    let start = Start::on(attempt.journey, next, attempt.trail);
    match start.journey {
        Journey::SignIn => sign_in(visit, parts, provider, start, pending, response).await,
        Journey::ResetPassword | Journey::EditProfile => {
            user_flow::finish(visit, parts, provider, start, pending, response).await
        }
    }
}

/// The one journey that can end in a session.
async fn sign_in(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    start: Start,
    pending: PendingSignIn,
    response: AuthorizationResponse,
) -> Result<Response, Refusal> {
    let proof = match provider.client().complete(pending, response).await {
        Ok(proof) => proof,
        Err(error) if user_flow::is_forgotten_password(provider, &start, &error) => {
            return user_flow::reset_password(visit, parts, provider, start).await;
        }
        Err(error) => return Err(error.into()),
    };
    let accepted = match accept::accept(visit, parts, provider, &start, proof).await? {
        Outcome::Accepted(accepted) => *accepted,
        Outcome::Elsewhere(path) => {
            record::sign_in(SignIn::Elsewhere, record::NO_CODE);
            return Ok(rejection::see_other(&path.location()));
        }
    };
    establish::establish(visit, parts, provider.owner(), &accepted).await?;
    messages::add(visit, parts, Message::success(accepted.welcome(visit.language(parts))));
    accepted.tell(visit, parts, provider, &start.next).await?;
    let next = accepted.landing(visit.site(parts)?, start.next);
    Ok(rejection::see_other(&next.location()))
}

/// S5, S7: one provider's answer to another one's question. Nothing is started in its place.
fn mixed_up(attempt: &Attempt, provider: &Provider) -> Refusal {
    let detail = format!("expected an attempt of {}, got one of {}", provider.owner(), attempt.owner);
    Refusal::new(RefusalKind::AnotherProvider, detail)
}
