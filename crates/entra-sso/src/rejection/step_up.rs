//! The answer to who is signed in and has to prove more.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use super::{Rejection, audience::Audience, here, htmx_page, login_needed, see_other};
use crate::{errors::RefusalKind, paths, refusal::Refusal, session::data::SessionData, step_up::StepUp, visit::Visit};

impl Rejection {
    /// A browser goes to the authority for it and comes back here; a program is told where to go. Without a request, as in
    /// a handler's own test, there is nowhere to go.
    pub(crate) fn step_up(parts: &Parts, session: &SessionData, step: &StepUp) -> Rejection {
        let Some(visit) = parts.extensions.get::<Arc<Visit>>() else {
            return Rejection::of(parts, &RefusalKind::StepUpNeeded.into());
        };
        match answer(visit, parts, session, step) {
            Ok(response) => Rejection(Box::new(response)),
            Err(refusal) => Rejection::of(parts, &refusal),
        }
    }
}

fn answer(visit: &Visit, parts: &Parts, session: &SessionData, step: &StepUp) -> Result<Response, Refusal> {
    let context = visit.context();
    let settings = &context.settings;
    let provider = visit.site(parts)?.provider_of(&session.owner).ok_or(RefusalKind::NotSignedIn)?;
    step.check(provider.client().authority())?;
    let now = context.clock.now();
    if session.just_answered(step, now) {
        let detail = "the sign-in that was asked for it a moment ago did not help";
        return Err(Refusal::new(RefusalKind::StepUpImpossible, detail));
    }
    let sealed = step.seal(&context.sealer, &session.owner, now.plus(settings.timeout))?;
    let audience = Audience::of(parts);
    let next = match audience {
        Audience::Page => here(parts, &settings.prefix),
        Audience::Htmx => htmx_page(parts, &settings.prefix),
        Audience::Json => None,
    };
    let login = paths::step_up(&settings.prefix, provider.name(), next.as_ref(), &sealed);
    let told = login_needed(visit, parts, RefusalKind::StepUpNeeded, &login);
    Ok(match audience {
        Audience::Page => see_other(&login),
        Audience::Htmx => ([("hx-redirect", login)], told).into_response(),
        Audience::Json => told,
    })
}
