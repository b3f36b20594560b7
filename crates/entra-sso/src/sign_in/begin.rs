//! A new attempt: sealed into `state`, bound to this browser by a seed cookie, and off to the authority.

use axum::response::Response;
use entra_oidc::{Prompt, ResponseMode, Seed, SignInOptions};
use http::{HeaderMap, request::Parts};

use crate::{
    errors::RefusalKind,
    journey::{Journey, Trail},
    metrics::{labels::Started, record},
    next_url::NextUrl,
    pending::{Attempt, AttemptId},
    provider::Provider,
    refusal::Refusal,
    rejection, request_span,
    settings::Settings,
    step_up::StepUp,
    visit::Visit,
};

/// One journey that begins.
pub(crate) struct Start {
    pub(crate) journey: Journey,
    pub(crate) next: NextUrl,
    pub(crate) trail: Trail,
    pub(crate) hints: Hints,
}

/// What this one sign-in asks of the authority's page.
#[derive(Default)]
pub(crate) struct Hints {
    pub(crate) prompt: Option<Prompt>,
    pub(crate) login_hint: Option<String>,
    pub(crate) domain_hint: Option<String>,
    pub(crate) ui_locales: Option<String>,
    /// What the token has to prove.
    pub(crate) step: Option<StepUp>,
}

impl Start {
    /// A journey that leads to `next`, without hints.
    pub(crate) fn on(journey: Journey, next: NextUrl, trail: Trail) -> Start {
        Start { journey, next, trail, hints: Hints::default() }
    }
}

/// 303 to the authority, with the seed cookie of this attempt.
///
/// # Errors
/// E322 for what a page shows or loads and nobody goes to, E338 for a journey that the provider has not, and what
/// [`EntraClient::begin`](entra_oidc::EntraClient::begin) refuses, mostly metadata that cannot be read.
pub(crate) async fn begin(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    start: Start,
) -> Result<Response, Refusal> {
    if !is_gone_to(&parts.headers) {
        return Err(Refusal::new(
            RefusalKind::CrossSiteRequest,
            "a sign-in is begun by going there, or by our own page",
        ));
    }
    let (context, origin) = (visit.context(), visit.origin(parts)?);
    let settings = &visit.site(parts)?.settings;
    let client = provider.client_for(start.journey).ok_or(RefusalKind::JourneyUnknown)?;
    let now = context.clock.now();
    let redirect_uri = origin.callback_url(&settings.prefix, provider.name());
    let mode = context.settings.response_mode();
    let ask = SignInOptions::new(redirect_uri, now.plus(settings.timeout)).response_mode(mode);
    let ask = extra(start.hints.write(ask), provider, settings);
    let seed = Seed::random();
    let mut attempt =
        Attempt::new(AttemptId::new(now), &seed, ask.expected().clone(), provider.owner(), start.next.as_str())
            .on(start.journey, start.trail);
    // A POST from Microsoft's page comes without the session's cookie.
    if let (ResponseMode::FormPost, Some(session)) = (mode, visit.brought(parts)?) {
        attempt = attempt.begun_with(&context.sealer, &seed, &session);
    }
    let state =
        attempt.seal(&context.sealer).map_err(|error| Refusal::new(RefusalKind::RequestTooLarge, error.to_string()))?;
    let cookies = visit.cookies(origin);
    for cookie in cookies.make_room(&parts.headers, settings.timeout, now) {
        visit.set_cookie(cookie);
    }
    visit.set_cookie(cookies.set_seed(&attempt.id, &seed, settings.timeout));
    let (there, _pending) = client.begin(ask.seed(seed).state(state)).await?;
    request_span::record("attempt", &attempt.id);
    record::started(counted(attempt.journey));
    Ok(rejection::see_other(there.as_str()))
}

/// What a page shows (a picture, another site's frame) or another site's script loads begins nothing: each would leave a seed in
/// the browser and crowd out those that wait (S3, S12), most of all where seeds are `SameSite=None`. A script of our own may
/// follow a link here. A browser that says nothing of all this goes there.
fn is_gone_to(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = said("sec-fetch-site");
    match said("sec-fetch-mode") {
        None => true,
        Some("navigate") => {
            site != Some("cross-site") || said("sec-fetch-dest").is_none_or(|shown_as| shown_as == "document")
        }
        Some("cors" | "same-origin") => site.is_none_or(|site| matches!(site, "same-origin" | "none")),
        Some(_) => false,
    }
}

fn counted(journey: Journey) -> Started {
    match journey {
        Journey::SignIn => Started::SignIn,
        Journey::ResetPassword => Started::ResetPassword,
        Journey::EditProfile => Started::EditProfile,
    }
}

/// `auth_extra_arguments` are written for Microsoft, and nobody else is sent them.
fn extra(mut ask: SignInOptions, provider: &Provider, settings: &Settings) -> SignInOptions {
    if provider.name().is_some() {
        return ask;
    }
    for (name, value) in &settings.auth_extra_arguments {
        ask = ask.extra(name, value);
    }
    ask
}

impl Hints {
    fn write(self, mut ask: SignInOptions) -> SignInOptions {
        if let Some(prompt) = self.prompt {
            ask = ask.prompt(prompt);
        }
        if let Some(hint) = self.login_hint {
            ask = ask.login_hint(hint);
        }
        if let Some(hint) = self.domain_hint {
            ask = ask.domain_hint(hint);
        }
        if let Some(locales) = self.ui_locales {
            ask = ask.ui_locales(locales);
        }
        match self.step {
            Some(step) => step.write(ask),
            None => ask,
        }
    }
}
