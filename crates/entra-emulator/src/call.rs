//! One request, read.

use bytes::Bytes;
use http::Method;
use http::header::{COOKIE, HeaderMap, ORIGIN};

use crate::aadb2c;
use crate::aadsts::{Refusal, Trace};
use crate::answer::{self, Answer};
use crate::faults::{Fault, Point};
use crate::params::{Params, decode_segment};
use crate::place::Place;
use crate::service::Service;
use crate::session::{Session, SignedIn};

/// A request whose host is ours and whose body was read.
pub(crate) struct Call<'a> {
    pub(crate) service: &'a Service,
    /// `http://host:port` as the request reached us; never a foreign name.
    pub(crate) base: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Params,
    /// The body's parameters, when it is a form.
    pub(crate) form: Params,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call<'_> {
    /// The path's segments, decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.trim_matches('/').split('/').map(decode_segment).collect()
    }

    pub(crate) fn now(&self) -> i64 {
        self.service.clock.now()
    }

    /// A header's value as text.
    pub(crate) fn header(&self, name: impl AsRef<str>) -> Option<&str> {
        self.headers.get(name.as_ref())?.to_str().ok()
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let headers = self.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(cookie, _)| *cookie == name).map(|(_, value)| value)
    }

    /// The value of the emulator's own cookie.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        self.cookie(&self.service.cookie_name())
    }

    /// The session of this browser; an empty one when it has none.
    pub(crate) fn session(&self) -> Session {
        self.service.sessions.get(self.session_cookie())
    }

    /// Signs an account in, in the session of this browser.
    pub(crate) fn sign_in(&self, realm: Option<&str>, name: &str) -> SignedIn {
        self.service.sessions.sign_in(self.session_cookie(), realm, name, self.now())
    }

    /// Query and form together.
    pub(crate) fn parameters(&self) -> Params {
        self.query.clone().chain(self.form.clone())
    }

    /// Whether the request could come from a page of another site.
    pub(crate) fn is_foreign(&self) -> bool {
        let site = self.header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
        let origin = self.header(ORIGIN).is_some_and(|origin| !origin.eq_ignore_ascii_case(&self.base));
        site || origin
    }

    /// A refusal as whoever was asked words it.
    pub(crate) fn worded(&self, refusal: &Refusal) -> Refusal {
        if self.is_b2c() { aadb2c::translated(refusal) } else { refusal.clone() }
    }

    /// A refusal as an endpoint tells it that is no page.
    pub(crate) fn refused(&self, refusal: &Refusal) -> Answer {
        let refusal = self.worded(refusal);
        answer::json(refusal.status(), &self.trace().body(&refusal))
    }

    /// Whether the path belongs to a B2C tenant, whose errors have numbers of their own.
    pub(crate) fn is_b2c(&self) -> bool {
        let segments = self.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let Some((_, place)) = Place::of(&segments, None) else { return false };
        self.service.directory.read().tenant(place.tenant).is_some_and(|tenant| tenant.as_b2c().is_some())
    }

    /// Ids and time for an error.
    pub(crate) fn trace(&self) -> Trace {
        let line_breaks = self.service.faults.take(Point::ErrorText).contains(&Fault::LineBreaks);
        let sent = self.header("client-request-id").or_else(|| self.query.get("client-request-id"));
        Trace::new(self.now(), sent, line_breaks)
    }
}
