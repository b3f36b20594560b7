//! Who asked, and for what: as much of a request as an answer to it needs.

use std::sync::{Arc, OnceLock};

use axum::extract::OriginalUri;
use http::{HeaderValue, Method, Request, Uri, header, request::Parts};

use super::audience::Audience;
use crate::visit::Visit;

const COUNT: usize = 6;
/// The headers that decide what an answer looks like.
static HEADERS: [header::HeaderName; COUNT] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::UPGRADE,
    header::HeaderName::from_static("hx-request"),
    header::HeaderName::from_static("hx-current-url"),
    header::HeaderName::from_static("sec-fetch-mode"),
];

/// A request without its body, its cookies, and what is nobody's business later. Every signed-in request makes one, so it
/// is put together as a request only where an answer is made.
pub(crate) struct Asker {
    visit: Option<Arc<Visit>>,
    said: Option<Audience>,
    method: Method,
    uri: Uri,
    headers: [Option<HeaderValue>; COUNT],
    /// Boxed: it is large, and hardly ever there.
    parts: OnceLock<Box<Parts>>,
}

impl Asker {
    pub(crate) fn of(parts: &Parts) -> Asker {
        let original = parts.extensions.get::<OriginalUri>();
        Asker {
            visit: parts.extensions.get::<Arc<Visit>>().cloned(),
            said: parts.extensions.get::<Audience>().copied(),
            method: parts.method.clone(),
            uri: original.map_or(&parts.uri, |original| &original.0).clone(),
            headers: HEADERS.each_ref().map(|name| parts.headers.get(name).cloned()),
            parts: OnceLock::new(),
        }
    }

    /// Nobody: there is no request, as in an application's tests of its handlers.
    #[cfg(feature = "testing")]
    pub(crate) fn nobody() -> Asker {
        Asker::of(&Request::new(()).into_parts().0)
    }

    pub(crate) fn visit(&self) -> Option<&Arc<Visit>> {
        self.visit.as_ref()
    }

    /// As if it were the request.
    pub(crate) fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let (mut parts, ()) = Request::new(()).into_parts();
            parts.method.clone_from(&self.method);
            parts.uri.clone_from(&self.uri);
            for (name, value) in HEADERS.iter().zip(&self.headers) {
                if let Some(value) = value {
                    parts.headers.insert(name.clone(), value.clone());
                }
            }
            if let Some(said) = self.said {
                parts.extensions.insert(said);
            }
            if let Some(visit) = &self.visit {
                parts.extensions.insert(visit.clone());
            }
            Box::new(parts)
        })
    }
}
