//! `{prefix}/{name}/back_channel_logout/`: a provider says, from server to server, that a user has signed out there
//! (`OpenID` Connect Back-Channel Logout 1.0).
//!
//! No cookie is read or set, and no session begins. What cannot be judged or kept is refused (L4): 400 for what is wrong,
//! 503 when a store or the provider's keys are not there.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::rejection::BytesRejection,
    response::{IntoResponse, Response},
};
use entra_oidc::{LogoutToken, SignInError, SignInErrorKind};
use http::{HeaderMap, StatusCode, header, request::Parts};
use url::form_urlencoded;

use super::{door::Door, form::is_form};
use crate::{
    audit,
    context::Context,
    errors::RefusalKind,
    provider::Provider,
    refusal::Refusal,
    rejection,
    session::{Mark, SessionKey},
    visit::Visit,
};

pub(super) async fn receive(
    Extension(visit): Extension<Arc<Visit>>,
    Extension(door): Extension<Door>,
    parts: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match end(&visit, &parts, &door, body).await {
        Ok(()) => (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(refusal) => rejection::answer(None, &parts, &refusal),
    }
}

/// Whose sessions they are is looked up before the token counts as used: a store that fails there may be asked again.
async fn end(visit: &Visit, parts: &Parts, door: &Door, body: Result<Bytes, BytesRejection>) -> Result<(), Refusal> {
    let context = visit.context();
    let provider = door.enter(visit, visit.site_or_default(parts))?;
    let body = body.map_err(|error| Refusal::new(RefusalKind::RequestTooLarge, error.to_string()))?;
    let raw = logout_token(&parts.headers, &body)?;
    let token = provider.client().verify_logout_token(&raw).await.map_err(|error| refused(&error))?;
    let sessions = named(context, provider, &token).await?;
    let name = remember(context, provider, &token).await?;
    let ended = match context.sessions.end_all(&sessions).await {
        Ok(ended) => ended,
        Err(error) => {
            // Nobody was signed out: the provider may ask again.
            context.once.give_back(&name).await?;
            return Err(error.into());
        }
    };
    audit::signed_out_elsewhere(provider.owner(), ended, "back");
    Ok(())
}

/// The one `logout_token` of the form.
fn logout_token(headers: &HeaderMap, body: &[u8]) -> Result<String, Refusal> {
    if !is_form(headers) {
        return Err(wrong("expected the content type application/x-www-form-urlencoded"));
    }
    let mut tokens = form_urlencoded::parse(body).filter(|(name, _)| name == "logout_token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Ok(token.into_owned()),
        (None, _) => Err(wrong("expected a `logout_token`")),
        (Some(_), Some(_)) => Err(wrong("expected one `logout_token`, got more")),
    }
}

/// The sessions of `sid`, all of `sub`'s whoever he is here, or those of `sid` as far as they are `sub`'s (K12).
async fn named(context: &Context, provider: &Provider, token: &LogoutToken) -> Result<Vec<SessionKey>, Refusal> {
    let (sessions, authority) = (&context.sessions, &provider.owner().authority);
    let of_subject = match token.subject() {
        Some(subject) => Some(sessions.of_subject(authority, subject).await?),
        None => None,
    };
    let Some(sid) = token.session_id() else { return Ok(of_subject.unwrap_or_default()) };
    let of_sid = sessions.of_sid(authority, sid).await?;
    let Some(of_subject) = of_subject else { return Ok(of_sid) };
    let both: Vec<_> = of_sid.iter().filter(|key| of_subject.contains(key)).copied().collect();
    if both.is_empty() && !of_sid.is_empty() {
        return Err(wrong("the session of `sid` is not one of `sub`"));
    }
    Ok(both)
}

/// Each token counts once, for as long as it would be accepted: under this name.
async fn remember(context: &Context, provider: &Provider, token: &LogoutToken) -> Result<String, Refusal> {
    let owner = provider.owner();
    let name = format!("logout token {} of {} for {}", token.jti(), owner.authority, owner.client_id);
    let until = token.expires_at().plus(context.settings.clock_skew);
    match context.once.use_up(&name, until).await? {
        Mark::First => Ok(name),
        Mark::Again => Err(wrong("this `jti` was used before")),
    }
}

fn refused(error: &SignInError) -> Refusal {
    let kind = match error.kind() {
        SignInErrorKind::MetadataUnreachable
        | SignInErrorKind::MetadataInvalid
        | SignInErrorKind::KeysUnreachable
        | SignInErrorKind::KeysInvalid => RefusalKind::LogoutTokenUnjudged,
        _ => RefusalKind::LogoutTokenRefused,
    };
    Refusal::new(kind, error.to_string())
}

fn wrong(detail: &str) -> Refusal {
    Refusal::new(RefusalKind::LogoutTokenRefused, detail)
}
