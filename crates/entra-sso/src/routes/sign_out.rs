//! `{prefix}/logout/`: a POST of our own origin ends the session; a GET asks.

use std::sync::Arc;

use axum::{Extension, extract::Request, response::Response};
use http::request::Parts;

use crate::{audit, csrf, pages::SignOutPage, paths, refusal::Refusal, rejection, visit::Visit};

pub(super) async fn ask(Extension(visit): Extension<Arc<Visit>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let settings = &visit.context().settings;
    match visit.session(&parts).await {
        Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
        Ok(session) => visit.context().pages.sign_out(&SignOutPage {
            name: session.map(|session| session.user.full_name()),
            action: paths::logout(&settings.prefix),
            home: &settings.logout_redirect_path,
        }),
    }
}

pub(super) async fn sign_out(Extension(visit): Extension<Arc<Visit>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match end(&visit, &parts).await {
        Ok(()) => rejection::see_other(&visit.context().settings.logout_redirect_path),
        Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
    }
}

/// The local session ends first; the cookie goes with the attributes it came with.
async fn end(visit: &Visit, parts: &Parts) -> Result<(), Refusal> {
    let context = visit.context();
    let origin = visit.origin(parts)?;
    csrf::check(&parts.headers, origin)?;
    let cookies = visit.cookies(origin);
    if let Some(id) = cookies.session(&parts.headers) {
        let session = context.sessions.load(&id, context.clock.now()).await?;
        context.sessions.end(&id).await?;
        if let Some(session) = session {
            audit::signed_out(&session.data().user.id);
        }
    }
    visit.set_cookie(cookies.clear_session());
    Ok(())
}
