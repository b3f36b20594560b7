//! The answers of B2C's user flows for a forgotten password and for the profile. Neither can begin a session: their codes
//! are never redeemed, and they lead back into the sign-in; whoever turns back is where he was.

use axum::response::Response;
use entra_oidc::{AuthorizationResponse, PendingSignIn, SignInError, SignInErrorKind};
use http::request::Parts;

use crate::{
    errors::RefusalKind,
    journey::Journey,
    message::Message,
    messages,
    provider::Provider,
    refusal::Refusal,
    rejection,
    sign_in::begin::{self, Start},
    visit::Visit,
};

/// The end of a user flow that is not a sign-in.
///
/// # Errors
/// What B2C said, other than that the user turned back.
pub(crate) async fn finish(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    start: Start,
    pending: PendingSignIn,
    response: AuthorizationResponse,
) -> Result<Response, Refusal> {
    let client = provider.client_for(start.journey).ok_or(RefusalKind::JourneyUnknown)?;
    match client.acknowledge(pending, response).await {
        Ok(()) => {}
        Err(error) if error.kind() == SignInErrorKind::Cancelled => {
            return turned_back(visit, parts, provider, start).await;
        }
        Err(error) => return Err(error.into()),
    }
    let start = match start.journey {
        // The sign-in brings the new name: the authority knows the browser by now and asks nothing.
        Journey::EditProfile => {
            messages::add(visit, parts, Message::success(visit.language(parts).text("profile_saved", &[])));
            Start { trail: start.trail.through_edit(), ..start }
        }
        // A new password is proved by a sign-in.
        _ => start,
    };
    begin_at(visit, parts, provider, Journey::SignIn, start).await
}

/// Whoever turned back is where he was: at the sign-in, when he is not signed in and wanted a new password.
async fn turned_back(visit: &Visit, parts: &Parts, provider: &Provider, start: Start) -> Result<Response, Refusal> {
    if start.journey == Journey::ResetPassword && visit.session(parts).await?.is_none() {
        return begin_at(visit, parts, provider, Journey::SignIn, start).await;
    }
    Ok(rejection::see_other(&start.next.location()))
}

/// Whether this answer to a sign-in asks for the flow for a forgotten password, and the journey has not been there.
pub(crate) fn is_forgotten_password(provider: &Provider, start: &Start, error: &SignInError) -> bool {
    error.kind() == SignInErrorKind::PasswordForgotten && !start.trail.reset && provider.offers(Journey::ResetPassword)
}

/// Off to the flow for a forgotten password; it leads back into a sign-in that leads to the same place.
///
/// # Errors
/// As [`begin::begin`].
pub(crate) async fn reset_password(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    start: Start,
) -> Result<Response, Refusal> {
    let start = Start { trail: start.trail.through_reset(), ..start };
    begin_at(visit, parts, provider, Journey::ResetPassword, start).await
}

async fn begin_at(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    to: Journey,
    from: Start,
) -> Result<Response, Refusal> {
    let start = Start::on(to, from.next, from.trail);
    begin::begin(visit, parts, provider, start).await
}
