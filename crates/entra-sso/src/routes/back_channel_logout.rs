//! `{prefix}/{name}/back_channel_logout/`: a provider says, from server to server, that a user has signed out there
//! (`OpenID` Connect Back-Channel Logout 1.0).
//!
//! 1. No cookie is read or set, and no session begins. What cannot be judged or kept is refused (L4): 400 for what is wrong,
//!    503 when a store or the provider's keys are not there.
//! 2. A token counts once, for nobody who signs in after it. Between its mark and the end of its sessions the store or the
//!    provider may go away, so that one that comes again still ends those that began before it and are left: they should be
//!    over, and a replay harms nobody.

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
    // For as long as the token would be accepted.
    let (name, until) = (name(provider, &token), token.expires_at().plus(context.settings.clock_skew));
    let ended = match context.once.use_up(&name, until).await? {
        Mark::First => end_first(context, &name, &sessions).await?,
        Mark::Again => end_left(context, &token, &sessions).await?,
    };
    audit::signed_out_elsewhere(provider.owner(), ended, audit::Channel::Back);
    Ok(())
}

async fn end_first(context: &Context, name: &str, sessions: &[SessionKey]) -> Result<u64, Refusal> {
    match context.sessions.end_all(sessions).await {
        Ok(ended) => Ok(ended),
        Err(error) => {
            // Nobody was signed out: the provider may ask again. A mark that stays leaves `end_left`.
            let _stays = context.once.give_back(name).await;
            Err(error.into())
        }
    }
}

/// What this token should have ended before.
async fn end_left(context: &Context, token: &LogoutToken, sessions: &[SessionKey]) -> Result<u64, Refusal> {
    let left = context.sessions.begun_before(sessions, token.issued_at(), context.clock.now()).await?;
    match context.sessions.end_all(&left).await? {
        0 => Err(wrong("this `jti` was used before")),
        ended => Ok(ended),
    }
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

/// What a token is remembered by.
fn name(provider: &Provider, token: &LogoutToken) -> String {
    let owner = provider.owner();
    format!("logout token {} of {} for {}", token.jti(), owner.authority, owner.client_id)
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
