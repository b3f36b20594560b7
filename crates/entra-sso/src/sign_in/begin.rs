//! A new attempt: sealed into `state`, bound to this browser by a seed cookie, and off to Microsoft.

use axum::response::Response;
use entra_oidc::{Prompt, Seed, SignInOptions};
use http::request::Parts;

use crate::{
    callback_url::Origin,
    errors::RefusalKind,
    next_url::NextUrl,
    pending::{Attempt, AttemptId},
    refusal::Refusal,
    rejection,
    visit::Visit,
};

/// What this one sign-in asks for.
pub(crate) struct Start {
    pub(crate) next: NextUrl,
    /// Whether this is already the second try of one journey.
    pub(crate) restarted: bool,
    pub(crate) prompt: Option<Prompt>,
    pub(crate) login_hint: Option<String>,
    pub(crate) domain_hint: Option<String>,
    pub(crate) ui_locales: Option<String>,
}

impl Start {
    /// The second and last try.
    pub(crate) fn once_more(next: NextUrl) -> Start {
        Start { next, restarted: true, prompt: None, login_hint: None, domain_hint: None, ui_locales: None }
    }
}

/// 303 to Microsoft, with the seed cookie of this attempt.
///
/// # Errors
/// What [`EntraClient::begin`](entra_oidc::EntraClient::begin) refuses, mostly metadata that cannot be read.
pub(crate) async fn begin(visit: &Visit, parts: &Parts, origin: &Origin, start: Start) -> Result<Response, Refusal> {
    let context = visit.context();
    let settings = &context.settings;
    let site = context.sites.resolve(parts);
    let now = context.clock.now();
    let mut ask = SignInOptions::new(origin.callback_url(&settings.prefix), now.plus(settings.timeout));
    for (name, value) in &settings.auth_extra_arguments {
        ask = ask.extra(name, value);
    }
    if let Some(prompt) = start.prompt {
        ask = ask.prompt(prompt);
    }
    if let Some(hint) = start.login_hint {
        ask = ask.login_hint(hint);
    }
    if let Some(hint) = start.domain_hint {
        ask = ask.domain_hint(hint);
    }
    if let Some(locales) = start.ui_locales {
        ask = ask.ui_locales(locales);
    }
    let seed = Seed::random();
    let id = AttemptId::new(now);
    let mut attempt = Attempt::new(id, &seed, ask.expected().clone(), site.attempt_owner(), start.next.as_str());
    if start.restarted {
        attempt = attempt.restarted();
    }
    let state =
        attempt.seal(&context.sealer).map_err(|error| Refusal::new(RefusalKind::RequestTooLarge, error.to_string()))?;
    let cookies = visit.cookies(origin);
    for cookie in cookies.make_room(&parts.headers, settings.timeout, now) {
        visit.set_cookie(cookie);
    }
    visit.set_cookie(cookies.set_seed(&attempt.id, &seed, settings.timeout));
    let (microsoft, _pending) = site.client.begin(ask.seed(seed).state(state)).await?;
    Ok(rejection::see_other(microsoft.as_str()))
}
