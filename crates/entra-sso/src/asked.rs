//! As much of a request as an answer to it may need later.

use axum::extract::OriginalUri;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header, request::Parts, uri::PathAndQuery};

/// The headers that decide what an answer looks like.
static HEADERS: [HeaderName; 6] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::UPGRADE,
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("hx-current-url"),
    HeaderName::from_static("sec-fetch-mode"),
];

/// A request without its body, its address, its cookies, and what is nobody's business later. It is noted once for a request
/// that somebody signed in makes, and put together as a request again only where an answer is made.
pub(crate) struct Asked {
    method: Method,
    path: Option<PathAndQuery>,
    headers: Vec<(&'static HeaderName, HeaderValue)>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts) -> Asked {
        let original = parts.extensions.get::<OriginalUri>();
        let uri = original.map_or(&parts.uri, |original| &original.0);
        Asked {
            method: parts.method.clone(),
            path: uri.path_and_query().cloned(),
            headers: noted(&parts.headers).collect(),
        }
    }

    /// As if it were the request.
    pub(crate) fn parts(&self) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method.clone_from(&self.method);
        if let Some(path) = &self.path {
            parts.uri = path.clone().into();
        }
        parts.headers = self.headers.iter().map(|(name, value)| ((*name).clone(), value.clone())).collect();
        parts
    }
}

fn noted(headers: &HeaderMap) -> impl Iterator<Item = (&'static HeaderName, HeaderValue)> {
    let named = |name: &HeaderName| HEADERS.iter().find(|known| *known == name);
    headers.iter().filter_map(move |(name, value)| Some((named(name)?, value.clone())))
}
