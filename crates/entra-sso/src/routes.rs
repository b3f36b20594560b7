//! The doors: one file each, the table below.

mod back_channel_logout;
mod callback;
mod door;
mod form;
mod front_channel_logout;
mod login_page;
mod me;
mod sign_in;
mod sign_out;
mod unfinished;
mod user_flow;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, get, post},
};

use http::StatusCode;
use tracing::Instrument;

use self::door::Door;
use crate::{
    context::Context,
    errors::RefusalKind,
    journey::Journey,
    metrics::{labels::SignIn, record},
    paths,
    refusal::Refusal,
    rejection, request_span,
    sign_in::hooks,
    visit::Visit,
};

/// None of our forms is larger.
const LARGEST_BODY: usize = 64 * 1024;

/// | path | method | what |
/// |---|---|---|
/// | `/` | GET | login page |
/// | `/login/`, `/{name}/login/` | GET | start, with Microsoft or a provider beside it |
/// | `/callback/`, `/{name}/callback/` | GET, or POST with `require_secure_callback` | the answer from there |
/// | `/reset_password/`, `/edit_profile/` | GET | start of a user flow (B2C), where it is configured |
/// | `/logout/` | GET, POST | the question; sign-out |
/// | `/front_channel_logout/`, `/{name}/front_channel_logout/` | GET | who signed out there, in a frame |
/// | `/{name}/back_channel_logout/` | POST | a provider tells of a sign-out |
/// | `/me` | GET | who is signed in, as JSON |
///
/// `inner` is the prefix as the router in hand sees it.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(context: Arc<Context>, inner: &str) -> Router<S> {
    let mut router = Router::new();
    for (door, methods) in doors(&context) {
        let path = format!("{inner}{door}");
        router = router.route(&format!("{path}/"), methods.clone());
        if !path.is_empty() {
            router = router.route(&path, methods);
        }
    }
    router
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(context.clone(), enter))
        .with_state(context)
}

type Doors = Vec<(String, MethodRouter<Arc<Context>>)>;

fn doors(context: &Context) -> Doors {
    let mut doors = provider_doors("", &Door::microsoft());
    doors.extend([
        (String::new(), get(login_page::show)),
        ("/logout".to_owned(), get(sign_out::ask).post(sign_out::sign_out)),
        ("/me".to_owned(), get(me::show)),
    ]);
    if context.sites.offers(Journey::ResetPassword) {
        doors.push(("/reset_password".to_owned(), get(user_flow::reset_password)));
    }
    if context.sites.offers(Journey::EditProfile) {
        doors.push(("/edit_profile".to_owned(), get(user_flow::edit_profile)));
    }
    for name in context.sites.provider_names() {
        let door = Door::named(name);
        doors.extend(provider_doors(&format!("/{name}"), &door));
        let told = post(back_channel_logout::receive).layer(Extension(door));
        doors.push((format!("/{name}/back_channel_logout"), told));
    }
    doors
}

/// The doors that each provider has its own of.
fn provider_doors(under: &str, door: &Door) -> Doors {
    let doors = [
        ("login", get(sign_in::start)),
        ("callback", get(callback::receive).post(callback::receive)),
        ("front_channel_logout", get(front_channel_logout::receive)),
    ];
    doors.map(|(path, methods)| (format!("{under}/{path}"), methods.layer(Extension(door.clone())))).into()
}

/// Every door works with and without the layer around it, and refuses to stand at another path than it believes.
async fn enter(State(context): State<Arc<Context>>, mut request: Request, next: Next) -> Response {
    let outer = Visit::present(request.extensions(), &context);
    if !outer {
        request.extensions_mut().insert(Arc::new(Visit::new(context.clone())));
    }
    let (parts, body) = request.into_parts();
    let visit = parts.extensions.get::<Arc<Visit>>().expect("inserted above").clone();
    let span = request_span::of(&parts, &context.settings);
    if let Some(site) = visit.site(&parts).ok().filter(|_| !span.is_disabled()) {
        span.record("site", site.name());
    }
    let answer = async {
        match paths::check(&parts, &context.settings.prefix) {
            Err(refusal) => rejection::answer(Some(&visit), &parts, &refusal),
            Ok(()) => next.run(Request::from_parts(parts, body)).await,
        }
    };
    let mut response = answer.instrument(span).await;
    if !outer {
        visit.finish(response.headers_mut());
    }
    response
}

/// A sign-in that came to nothing: the application hears of it too.
async fn sign_in_failed(visit: &Visit, parts: &http::request::Parts, refusal: &Refusal) -> Response {
    // Whoever is signed in must not be led on: a guard could send him to sign in again (R6).
    // Whose cookies are lost would not get a message on the next page either.
    let is_lost = refusal.kind() == Some(RefusalKind::CallbackCookieLost);
    let stays = is_lost || matches!(visit.session(parts).await, Ok(Some(_)));
    tell_failed(visit, parts, refusal, stays).await
}

/// The same; `stays`: on a page of its own, because no next page can be relied on.
async fn tell_failed(visit: &Visit, parts: &http::request::Parts, refusal: &Refusal, stays: bool) -> Response {
    let outcome = if refusal.status() == StatusCode::FORBIDDEN { SignIn::Denied } else { SignIn::Failed };
    record::sign_in(outcome, refusal.entry().code);
    let failed = rejection::sign_in_failed(visit, parts, refusal, stays);
    hooks::failed(visit.context(), refusal, &failed.reference).await;
    failed.response
}
