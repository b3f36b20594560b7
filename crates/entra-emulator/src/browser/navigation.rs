//! One navigation: what is sent, and what a redirect makes of it.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, ORIGIN, USER_AGENT};
use http::{Method, StatusCode};
use url::Url;

use super::cookies::Reach;
use super::error::BrowserError;
use super::site::{self, Relation};

/// One navigation before it is sent.
#[derive(Clone)]
pub(super) struct Navigation {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<(&'static str, Bytes)>,
    /// The page whose form or link started it; none: somebody typed the address.
    pub(super) initiator: Option<Url>,
    /// An iframe, not the page itself.
    pub(super) framed: bool,
    /// Redirects to URLs that begin so are returned and not followed.
    pub(super) stop: Option<String>,
}

impl Navigation {
    pub(super) fn get(url: Url) -> Self {
        Self { method: Method::GET, url, body: None, initiator: None, framed: false, stop: None }
    }

    pub(super) fn post(from: Url, url: Url, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let body = Some(("application/x-www-form-urlencoded", Bytes::from(body)));
        Self { method: Method::POST, body, initiator: Some(from), ..Self::get(url) }
    }

    /// Turns into the request that follows a redirect.
    pub(super) fn redirect(&mut self, status: u16, next: Url) {
        let keeps_method =
            status == StatusCode::TEMPORARY_REDIRECT.as_u16() || status == StatusCode::PERMANENT_REDIRECT.as_u16();
        if !keeps_method && self.method != Method::HEAD {
            self.method = Method::GET;
            self.body = None;
        }
        let fragment = self.url.fragment().map(str::to_owned);
        self.url = next;
        if self.url.fragment().is_none() {
            self.url.set_fragment(fragment.as_deref());
        }
    }

    pub(super) fn reach(&self, relation: Relation) -> Reach {
        match relation {
            Relation::Typed | Relation::SameOrigin | Relation::SameSite => Reach::Everything,
            Relation::CrossSite if self.method == Method::GET && !self.framed => Reach::Lax,
            Relation::CrossSite => Reach::CrossSite,
        }
    }
}

pub(super) fn own_headers(navigation: &Navigation, relation: Relation) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64) entra-emulator-browser");
    set(ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8");
    set(ACCEPT_LANGUAGE, "en-US,en;q=0.9");
    set(HeaderName::from_static("upgrade-insecure-requests"), "1");
    set(HeaderName::from_static("sec-fetch-mode"), "navigate");
    set(HeaderName::from_static("sec-fetch-dest"), if navigation.framed { "iframe" } else { "document" });
    set(HeaderName::from_static("sec-fetch-site"), relation.as_str());
    if !navigation.framed {
        set(HeaderName::from_static("sec-fetch-user"), "?1");
    }
    if navigation.method == Method::POST {
        let origin = navigation.initiator.as_ref().map_or_else(|| "null".to_owned(), site::origin);
        if let Ok(origin) = HeaderValue::try_from(origin) {
            headers.insert(ORIGIN, origin);
        }
    }
    headers
}

/// An address that a browser can open.
pub(super) fn parse(url: &str) -> Result<Url, BrowserError> {
    let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    parsed.ok_or_else(|| BrowserError::Address(url.to_owned()))
}
