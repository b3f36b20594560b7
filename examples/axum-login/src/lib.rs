//! Sign in with Microsoft in an application that has axum-login.
//!
//! The application keeps what it has: its own list of [`Staff`], axum-login's sessions, `login_required!` before its pages.
//! Only the way in is new:
//!
//! 1. [`Door`] is the [`AuthenticationBackend`](entra_sso::AuthenticationBackend): it looks the user of `entra-sso` up among
//!    the application's own people, enters who is new, and refuses who has left.
//! 2. [`in_step`] is a middleware that hands the same person over to axum-login, and takes him away again. Two sessions could
//!    disagree: somebody signs out, is deactivated, signs out at Microsoft, or axum-login's sessions are lost at a restart.
//!    So it compares them at each request, and `entra-sso`'s decides. (If it only handed over once, at the sign-in, a lost
//!    session would be a circle: `login_required!` sends the user to the login page, which sees that he is signed in and sends
//!    him back.)
//!
//! axum-login's cookie must be `SameSite=Lax`. With `Strict`, its default, the browser does not send it on the way back from
//! Microsoft, which begins at another site, and `login_required!` would send the user away again.
//!
//! ```sh
//! entra-sso emulator                  # in one terminal; paste what it prints into the other
//! cargo run -p axum-login-example     # http://localhost:8000
//! ```

#![forbid(unsafe_code)]

mod door;
mod staff;

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, Request},
    http::{StatusCode, request::Parts},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use axum_login::{AuthManagerLayerBuilder, AuthSession, login_required, tower_sessions::cookie::SameSite};
use entra_sso::{EntraSso, Settings, SignedIn, SsoError};
use tower_sessions::{MemoryStore, SessionManagerLayer};

pub use self::{
    door::Door,
    staff::{Employee, Staff},
};

/// Sign-in with Microsoft, which lets in who is of the staff.
///
/// # Errors
/// What is wrong with the settings, with its cure.
pub fn sso(settings: Settings, staff: &Staff) -> Result<EntraSso, SsoError> {
    EntraSso::builder(settings).authentication_backend(Door::of(staff)).build()
}

/// The application. `secure` says whether it is served over https.
pub fn app(sso: &EntraSso, staff: Staff, secure: bool) -> Router {
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(secure).with_same_site(SameSite::Lax);
    let sign_out = sso.sign_out_form();
    Router::new()
        .route("/desk", get(async move |session: AuthSession<Staff>| desk(session, &sign_out)))
        .route_layer(login_required!(Staff, login_url = "/microsoft_sso/login/"))
        .route("/", get(home))
        .layer(from_fn(in_step))
        .merge(sso.routes())
        .layer(sso.layer())
        .layer(AuthManagerLayerBuilder::new(staff, sessions).build())
}

async fn home(session: AuthSession<Staff>) -> String {
    session.user.map_or_else(
        || "The office. /desk is for the staff.".to_owned(),
        |employee| format!("Hello, {}", employee.name),
    )
}

/// A page that knows nothing of Microsoft.
fn desk(session: AuthSession<Staff>, sign_out: &str) -> Result<Html<String>, StatusCode> {
    let employee = session.user.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Html(format!("<!doctype html><title>Desk</title><p>Desk of employee {}</p>{sign_out}", employee.number)))
}

/// Brings axum-login's session into step with `entra-sso`'s.
///
/// It goes inside both layers: axum-login's, which makes the `AuthSession`, and `entra-sso`'s, which makes `SignedIn`.
pub async fn in_step(mut session: AuthSession<Staff>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let user = match SignedIn::from_request_parts(&mut parts, &()).await {
        Ok(user) => Some(user),
        Err(rejection) => {
            let answer = rejection.into_response();
            // A store that does not answer is no reason to throw anybody out, nor to let anybody in.
            if answer.status().is_server_error() {
                return answer;
            }
            None
        }
    };
    let employee = user.map(|user| session.backend.employee(user.user()));
    if employee.as_ref().is_some_and(|employee| employee.has_left) {
        return (StatusCode::FORBIDDEN, "You do not work here any more.").into_response();
    }
    let changed = match employee {
        Some(employee) if session.user.as_ref() == Some(&employee) => return go_on(parts, body, next).await,
        Some(employee) => session.login(&employee).await,
        None if session.user.is_some() => session.logout().await.map(|_| ()),
        None => return go_on(parts, body, next).await,
    };
    if changed.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    parts.extensions.insert(session);
    go_on(parts, body, next).await
}

async fn go_on(parts: Parts, body: Body, next: Next) -> Response {
    next.run(Request::from_parts(parts, body)).await
}
