//! As much of a request as an answer to it may need later.

use axum::extract::OriginalUri;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header, request::Parts};

const COUNT: usize = 6;
/// The headers that decide what an answer looks like.
static HEADERS: [HeaderName; COUNT] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::UPGRADE,
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("hx-current-url"),
    HeaderName::from_static("sec-fetch-mode"),
];

/// A request without its body, its cookies, and what is nobody's business later. It is noted once for a request that somebody
/// signed in makes, and put together as a request again only where an answer is made.
pub(crate) struct Asked {
    method: Method,
    uri: Uri,
    headers: [Option<HeaderValue>; COUNT],
}

impl Asked {
    pub(crate) fn of(parts: &Parts) -> Asked {
        let original = parts.extensions.get::<OriginalUri>();
        Asked {
            method: parts.method.clone(),
            uri: original.map_or(&parts.uri, |original| &original.0).clone(),
            headers: noted(&parts.headers),
        }
    }

    /// As if it were the request.
    pub(crate) fn parts(&self) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method.clone_from(&self.method);
        parts.uri.clone_from(&self.uri);
        for (name, value) in HEADERS.iter().zip(&self.headers) {
            if let Some(value) = value {
                parts.headers.insert(name.clone(), value.clone());
            }
        }
        parts
    }
}

fn noted(headers: &HeaderMap) -> [Option<HeaderValue>; COUNT] {
    HEADERS.each_ref().map(|name| headers.get(name).cloned())
}
