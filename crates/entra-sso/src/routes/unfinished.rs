//! An attempt that cannot be finished: who is signed in already goes on; who is not starts once more, quietly; the second
//! time it is explained.
//!
//! A POST from Microsoft's page comes without the session's cookie, so that nobody knows here who is signed in. It is
//! answered with a redirect to the start, where the cookie is; the mark says there what to do. It is not sealed: who
//! makes one himself gets a text that says nothing of him, or a sign-in that does not start once more.

mod stepped_up;

use std::fmt;

use axum::response::Response;
use entra_oidc::ResponseMode;
use http::request::Parts;

use self::stepped_up::SteppedUp;
use crate::{
    errors::RefusalKind,
    journey::Journey,
    metrics::{labels::SignIn, record},
    next_url::NextUrl,
    paths,
    pending::Attempt,
    provider::Provider,
    refusal::Refusal,
    rejection,
    sign_in::begin::{self, Start},
    visit::Visit,
};

/// What the start does for who comes from such an attempt and is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// It begins once more; that was the last time.
    OnceMore,
    /// It explains.
    Told(RefusalKind),
    /// It explains to who is signed in that a cookie is lost, unless his session came out of that very step-up; others begin.
    StepUpLost(SteppedUp),
}

/// What a mark can explain.
const TOLD: [RefusalKind; 7] = [
    RefusalKind::AttemptUnknown,
    RefusalKind::AttemptForeign,
    RefusalKind::AttemptUsed,
    RefusalKind::AttemptExpired,
    RefusalKind::AttemptElsewhere,
    RefusalKind::AnotherProvider,
    RefusalKind::CallbackCookieLost,
];

impl Unfinished {
    const ONCE_MORE: &str = "1";

    pub(super) fn parse(text: &str) -> Option<Unfinished> {
        if text == Unfinished::ONCE_MORE {
            return Some(Unfinished::OnceMore);
        }
        let told = TOLD.into_iter().find(|kind| kind.entry().code == text).map(Unfinished::Told);
        told.or_else(|| SteppedUp::parse(text).map(Unfinished::StepUpLost))
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfinished::OnceMore => out.write_str(Unfinished::ONCE_MORE),
            Unfinished::Told(kind) => out.write_str(kind.entry().code),
            Unfinished::StepUpLost(step) => write!(out, "{step}"),
        }
    }
}

/// Whatever the journey was, it starts once more with the sign-in.
pub(super) async fn again(
    visit: &Visit,
    parts: &Parts,
    attempt: Attempt,
    refusal: Refusal,
) -> Result<Response, Refusal> {
    let site = visit.site(parts)?;
    let next = site.next(&attempt.next);
    visit.leads_to(&next);
    let provider = site.provider_of(&attempt.owner).unwrap_or(site.main());
    if let (Some(step), Some(RefusalKind::AttemptForeign)) = (SteppedUp::of(&attempt), refusal.kind())
        && let Some(answer) = without_cookie(visit, parts, provider, &next, step, &refusal).await?
    {
        return Ok(answer);
    }
    let is_last = attempt.trail.restarted;
    if !is_last && is_posted(visit) {
        record::sign_in(SignIn::Restarted, refusal.entry().code);
        return Ok(at_the_start(visit, provider, &next, Unfinished::OnceMore, &refusal));
    }
    if is_last || visit.session(parts).await?.is_some() {
        return go_on(visit, parts, provider, &next, refusal).await;
    }
    tracing::debug!("the sign-in starts once more: {refusal}");
    record::sign_in(SignIn::Restarted, refusal.entry().code);
    let start = Start::on(Journey::SignIn, next, attempt.trail.once_more());
    begin::begin(visit, parts, provider, start).await
}

/// A step-up whose cookie is not there. `next` would ask for it again, and the cookie might be lost again (R6); unless it
/// was finished, and this is the back button. None for who is not signed in: that begins as any other sign-in does.
async fn without_cookie(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    next: &NextUrl,
    step: SteppedUp,
    refusal: &Refusal,
) -> Result<Option<Response>, Refusal> {
    if is_posted(visit) {
        return Ok(Some(at_the_start(visit, provider, next, Unfinished::StepUpLost(step), refusal)));
    }
    let Some(session) = visit.session(parts).await? else { return Ok(None) };
    let answered = step.is_behind(&session).then(|| rejection::see_other(&next.location()));
    answered.map(Some).ok_or_else(|| RefusalKind::CallbackCookieLost.into())
}

/// Who is signed in already goes on, whatever became of the attempt.
pub(super) async fn go_on(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    next: &NextUrl,
    refusal: Refusal,
) -> Result<Response, Refusal> {
    if let (true, Some(kind)) = (is_posted(visit), refusal.kind()) {
        let over_http = !visit.origin(parts)?.is_https();
        let lost = over_http && kind == RefusalKind::AttemptForeign;
        let mark = Unfinished::Told(if lost { RefusalKind::CallbackCookieLost } else { kind });
        return Ok(at_the_start(visit, provider, next, mark, &refusal));
    }
    match visit.session(parts).await? {
        Some(_) => Ok(rejection::see_other(&next.location())),
        None => Err(refusal),
    }
}

fn is_posted(visit: &Visit) -> bool {
    visit.context().settings.response_mode() == ResponseMode::FormPost
}

/// Where the cookie is that says who is signed in.
fn at_the_start(visit: &Visit, provider: &Provider, next: &NextUrl, mark: Unfinished, refusal: &Refusal) -> Response {
    tracing::debug!("the sign-in goes back to its start: {refusal}");
    let prefix = &visit.context().settings.prefix;
    rejection::see_other(&paths::again(prefix, provider.name(), next, mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_nothing_else_is_one() {
        for mark in TOLD.map(Unfinished::Told).into_iter().chain([Unfinished::OnceMore]) {
            assert_eq!(Unfinished::parse(&mark.to_string()), Some(mark));
        }
        for text in ["", "0", "2", "11", "E316", "E323", "e301", "E301 ", "E320", "<b>"] {
            assert_eq!(Unfinished::parse(text), None, "{text}");
        }
    }
}
