//! `{prefix}/logout/`: a POST of our own origin ends the session, or with `everywhere=1` all sessions of the user; a GET
//! asks.
//!
//! With `slo_enabled` the browser goes on to the end-session endpoint of the provider that began the session. The session
//! here has ended by then, whatever becomes of it there (L5).

mod onward;

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{Request, rejection::BytesRejection},
    response::Response,
};
use http::{HeaderMap, request::Parts};
use url::form_urlencoded;

use super::form::is_form;
use crate::{
    audit, csrf,
    errors::RefusalKind,
    pages::SignOutPage,
    paths,
    refusal::Refusal,
    rejection::{self, Again, audience::Audience},
    session::{SessionId, data::SessionData},
    visit::Visit,
};

pub(super) async fn ask(Extension(visit): Extension<Arc<Visit>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match question(&visit, &parts).await {
        Ok(response) => response,
        Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
    }
}

async fn question(visit: &Visit, parts: &Parts) -> Result<Response, Refusal> {
    let (context, site) = (visit.context(), visit.site(parts)?);
    let session = visit.session(parts).await?;
    let others = match (&session, visit.session_id()) {
        (Some(session), Some(id)) => {
            let others = context.sessions.others_of_user(&session.user.id, id, context.clock.now()).await?;
            others.map(|others| others.to_string())
        }
        _ => None,
    };
    let page = SignOutPage {
        name: session.map(|session| session.user.full_name()),
        others,
        action: paths::logout(&site.settings.prefix),
        home: &site.settings.logout_redirect_path,
    };
    Ok(site.pages.sign_out(visit.language(parts), &page))
}

pub(super) async fn sign_out(
    Extension(visit): Extension<Arc<Visit>>,
    mut parts: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let audience = Audience::who_navigates(&parts);
    parts.extensions.insert(audience);
    parts.extensions.insert(Again(paths::logout(&visit.context().settings.prefix)));
    match end(&visit, &parts, body).await {
        Ok(session) => rejection::see_other(&onward::address(&visit, &parts, session).await),
        Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
    }
}

/// The local session ends first; the cookie goes with the attributes it came with. A store that does not answer ends
/// nothing, and then the cookie stays.
async fn end(
    visit: &Visit,
    parts: &Parts,
    body: Result<Bytes, BytesRejection>,
) -> Result<Option<Arc<SessionData>>, Refusal> {
    let context = visit.context();
    let origin = visit.origin(parts)?;
    csrf::check(&parts.headers, origin)?;
    let body = body.map_err(|error| Refusal::new(RefusalKind::RequestTooLarge, error.to_string()))?;
    let cookies = visit.cookies(origin);
    let mut ended = None;
    if let Some(id) = cookies.session(&parts.headers) {
        ended = context.sessions.load(&id, context.clock.now()).await?.map(|session| session.data().clone());
        match ended.as_deref().filter(|_| wants_everywhere(&parts.headers, &body)) {
            Some(session) if visit.site(parts)?.provider_of(&session.owner).is_some() => {
                end_everywhere(visit, &id, session).await?;
            }
            _ => end_here(visit, &id, ended.as_deref()).await?,
        }
    }
    visit.set_cookie(cookies.clear_session());
    Ok(ended)
}

async fn end_here(visit: &Visit, id: &SessionId, session: Option<&SessionData>) -> Result<(), Refusal> {
    visit.context().sessions.end(id).await?;
    if let Some(session) = session {
        audit::signed_out(&session.user.id);
    }
    Ok(())
}

/// Every session of the user, at every site. Only a session that counts here may ask for it.
async fn end_everywhere(visit: &Visit, id: &SessionId, session: &SessionData) -> Result<(), Refusal> {
    let user = &session.user.id;
    let ended = visit.context().sessions.end_with_all_of_user(id, user).await?;
    audit::signed_out_everywhere(user, ended);
    Ok(())
}

/// The field `everywhere=1` of a form; anything else is the sign-out of this browser.
fn wants_everywhere(headers: &HeaderMap, body: &[u8]) -> bool {
    is_form(headers) && form_urlencoded::parse(body).any(|(name, value)| name == "everywhere" && value == "1")
}
