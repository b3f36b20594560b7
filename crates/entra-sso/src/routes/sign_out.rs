//! `{prefix}/logout/`: a POST of our own origin ends the session; a GET asks.
//!
//! With `slo_enabled` the browser goes on to the end-session endpoint of the provider that began the session
//! (`OpenID` Connect RP-Initiated Logout 1.0). The session here has ended by then, whatever becomes of it there (L5).

use std::sync::Arc;

use axum::{Extension, extract::Request, response::Response};
use entra_oidc::EndSession;
use http::request::Parts;
use serde_json::Value;
use url::Url;

use crate::{
    audit, csrf, pages::SignOutPage, paths, refusal::Refusal, rejection, session::data::SessionData, visit::Visit,
};

pub(super) async fn ask(Extension(visit): Extension<Arc<Visit>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let site = match visit.site(&parts) {
        Ok(site) => site,
        Err(refusal) => return rejection::answer(Some(&visit), &parts, &refusal),
    };
    match visit.session(&parts).await {
        Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
        Ok(session) => site.pages.sign_out(
            visit.language(&parts),
            &SignOutPage {
                name: session.map(|session| session.user.full_name()),
                action: paths::logout(&site.settings.prefix),
                home: &site.settings.logout_redirect_path,
            },
        ),
    }
}

pub(super) async fn sign_out(Extension(visit): Extension<Arc<Visit>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match end(&visit, &parts).await {
        Ok(session) => rejection::see_other(&onward(&visit, &parts, session).await),
        Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
    }
}

/// The local session ends first; the cookie goes with the attributes it came with.
async fn end(visit: &Visit, parts: &Parts) -> Result<Option<Arc<SessionData>>, Refusal> {
    let context = visit.context();
    let origin = visit.origin(parts)?;
    csrf::check(&parts.headers, origin)?;
    let cookies = visit.cookies(origin);
    let mut ended = None;
    if let Some(id) = cookies.session(&parts.headers) {
        ended = context.sessions.load(&id, context.clock.now()).await?.map(|session| session.data().clone());
        context.sessions.end(&id).await?;
    }
    if let Some(session) = &ended {
        audit::signed_out(&session.user.id);
    }
    visit.set_cookie(cookies.clear_session());
    Ok(ended)
}

/// Where the browser goes then: on to the provider, or home when that is not asked for or cannot be.
async fn onward(visit: &Visit, parts: &Parts, session: Option<Arc<SessionData>>) -> String {
    let settings = &visit.site_or_default(parts).settings;
    let there = match session.filter(|_| settings.slo_enabled) {
        Some(session) => end_session_url(visit, parts, &session).await,
        None => None,
    };
    there.map_or_else(|| settings.logout_redirect_path.clone(), Into::into)
}

/// The end-session endpoint of the session's own provider; none for a session of another site, or where there is no
/// such endpoint.
async fn end_session_url(visit: &Visit, parts: &Parts, session: &SessionData) -> Option<Url> {
    let site = visit.site(parts).ok()?;
    let provider = site.provider_of(&session.owner)?;
    let home = visit.origin(parts).ok()?.url(&site.settings.logout_redirect_path);
    let mut ask = EndSession::new().post_logout_redirect_uri(home);
    if let Some(hint) = session.claims.get("login_hint").and_then(Value::as_str) {
        ask = ask.logout_hint(hint);
    }
    let url = provider.client().end_session_url(ask).await;
    url.inspect_err(|error| tracing::warn!("signed out here, and not at {}: {error}", provider.owner())).ok()
}
