//! The doors: one file each, the table below.

mod callback;
mod login_page;
mod me;
mod sign_in;
mod sign_out;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, get},
};

use crate::{context::Context, errors::RefusalKind, paths, refusal::Refusal, rejection, visit::Visit};

/// None of our forms is larger.
const LARGEST_BODY: usize = 64 * 1024;

/// | path | method | what |
/// |---|---|---|
/// | `/` | GET | login page |
/// | `/login/` | GET | start |
/// | `/callback/` | GET | the answer from Microsoft |
/// | `/logout/` | GET, POST | the question; sign-out |
/// | `/me` | GET | who is signed in, as JSON |
///
/// `inner` is the prefix as the router in hand sees it.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(context: Arc<Context>, inner: &str) -> Router<S> {
    let doors: [(&str, MethodRouter<Arc<Context>>); 5] = [
        ("", get(login_page::show)),
        ("/login", get(sign_in::start)),
        ("/callback", get(callback::receive).post(callback::refuse_post)),
        ("/logout", get(sign_out::ask).post(sign_out::sign_out)),
        ("/me", get(me::show)),
    ];
    let mut router = Router::new();
    for (door, methods) in doors {
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

/// Every door works with and without the layer around it, and refuses to stand at another path than it believes.
async fn enter(State(context): State<Arc<Context>>, mut request: Request, next: Next) -> Response {
    let outer = Visit::present(request.extensions(), &context);
    if !outer {
        request.extensions_mut().insert(Arc::new(Visit::new(context.clone())));
    }
    let (parts, body) = request.into_parts();
    let visit = parts.extensions.get::<Arc<Visit>>().expect("inserted above").clone();
    let mut response = if let Err(refusal) = paths::check(&parts, &context.settings.prefix) {
        rejection::answer(Some(&visit), &parts, &refusal)
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    if !outer {
        visit.finish(response.headers_mut());
    }
    response
}

/// A refusal to a request whose parts are at hand.
fn refuse(visit: &Visit, parts: &http::request::Parts, kind: RefusalKind, detail: &str) -> Response {
    rejection::answer(Some(visit), parts, &Refusal::new(kind, detail))
}
