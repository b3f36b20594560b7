//! Who asked: a browser that shows a page, or a program that reads an answer.

use http::{HeaderMap, Method, header, request::Parts};

/// The form in which an answer that is not the handler's own is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A browser that navigates: a redirect or a page.
    Page,
    /// htmx: 401 with `HX-Redirect`, which makes the whole page go there.
    Htmx,
    /// `fetch`, an API client, a form, an upgrade: a status and JSON.
    Json,
}

impl Audience {
    /// Decided in this order: `HX-Request`; not GET or HEAD, or an upgrade; `Sec-Fetch-Mode`; `Accept`.
    ///
    /// htmx comes first because it asks with `fetch`, in every method, and can be sent elsewhere all the same. A client that accepts anything (`*/*`, or says nothing) is led through the sign-in like a browser; one that
    /// asks for JSON and not for HTML is told.
    ///
    /// Before all of these comes a guard's own word.
    pub(crate) fn of(parts: &Parts) -> Audience {
        if let Some(said) = parts.extensions.get::<Audience>() {
            return *said;
        }
        let headers = &parts.headers;
        if headers.contains_key("hx-request") {
            return Audience::Htmx;
        }
        if !matches!(parts.method, Method::GET | Method::HEAD) || headers.contains_key(header::UPGRADE) {
            return Audience::Json;
        }
        by_headers(headers)
    }

    /// At a door where a browser navigates by POST as well as by GET: the callback, the sign-out.
    pub(crate) fn who_navigates(parts: &Parts) -> Audience {
        by_headers(&parts.headers)
    }
}

fn by_headers(headers: &HeaderMap) -> Audience {
    match text(headers, "sec-fetch-mode") {
        Some("navigate") => Audience::Page,
        Some(_) => Audience::Json,
        None => accepted(headers),
    }
}

fn accepted(headers: &HeaderMap) -> Audience {
    let accept = text(headers, "accept").unwrap_or("*/*").to_ascii_lowercase();
    if accept.contains("json") && !accept.contains("html") { Audience::Json } else { Audience::Page }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    type Case = (&'static str, &'static [(&'static str, &'static str)], Audience);

    #[test]
    fn the_audience_is_decided_in_order() {
        let cases: &[Case] = &[
            ("GET", &[], Audience::Page),
            ("GET", &[("accept", "*/*")], Audience::Page),
            ("GET", &[("accept", "text/html,application/xhtml+xml")], Audience::Page),
            ("GET", &[("accept", "application/json")], Audience::Json),
            ("GET", &[("accept", "application/problem+json")], Audience::Json),
            ("GET", &[("accept", "application/json, text/html;q=0.5")], Audience::Page),
            ("HEAD", &[("accept", "text/html")], Audience::Page),
            ("POST", &[("accept", "text/html")], Audience::Json),
            ("GET", &[("upgrade", "websocket"), ("accept", "text/html")], Audience::Json),
            ("GET", &[("sec-fetch-mode", "navigate"), ("accept", "application/json")], Audience::Page),
            ("GET", &[("sec-fetch-mode", "cors"), ("accept", "text/html")], Audience::Json),
            ("GET", &[("sec-fetch-mode", "no-cors"), ("accept", "text/html")], Audience::Json),
            ("GET", &[("hx-request", "true"), ("sec-fetch-mode", "cors")], Audience::Htmx),
            ("POST", &[("hx-request", "true")], Audience::Htmx),
        ];
        for (method, headers, expected) in cases {
            let mut request = Request::builder().method(*method);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(Audience::of(&parts), *expected, "{method} {headers:?}");
        }
    }
}
