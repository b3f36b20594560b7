//! Who asked, and for what: as much of a request as an answer to it needs.

use std::sync::Arc;

use axum::extract::OriginalUri;
use http::{Request, header, request::Parts};

use super::audience::Audience;
use crate::visit::Visit;

/// The headers that decide what an answer looks like.
const HEADERS: [header::HeaderName; 6] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::UPGRADE,
    header::HeaderName::from_static("hx-request"),
    header::HeaderName::from_static("hx-current-url"),
    header::HeaderName::from_static("sec-fetch-mode"),
];

/// A request without its body, its cookies, and what is nobody's business later.
pub(crate) struct Asker(Parts);

impl Asker {
    pub(crate) fn of(parts: &Parts) -> Asker {
        let (mut asker, ()) = Request::new(()).into_parts();
        asker.method.clone_from(&parts.method);
        asker.uri.clone_from(&parts.uri);
        for name in HEADERS {
            if let Some(value) = parts.headers.get(&name) {
                asker.headers.insert(name, value.clone());
            }
        }
        if let Some(original) = parts.extensions.get::<OriginalUri>() {
            asker.extensions.insert(original.clone());
        }
        if let Some(audience) = parts.extensions.get::<Audience>() {
            asker.extensions.insert(*audience);
        }
        if let Some(visit) = parts.extensions.get::<Arc<Visit>>() {
            asker.extensions.insert(visit.clone());
        }
        Asker(asker)
    }

    /// Nobody: there is no request, as in an application's tests of its handlers.
    pub(crate) fn nobody() -> Asker {
        Asker(Request::new(()).into_parts().0)
    }

    pub(crate) fn visit(&self) -> Option<&Arc<Visit>> {
        self.0.extensions.get()
    }

    /// As if it were the request.
    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }
}
