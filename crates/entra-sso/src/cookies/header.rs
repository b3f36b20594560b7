//! The `Cookie` headers of a request, bounded.

use cookie::Cookie;
use http::{HeaderMap, HeaderValue, header};

/// More bytes than this in all `Cookie` headers together, and none of them is read. (Browsers keep a site below 16 KiB; servers
/// refuse headers of about that size.)
const MAX_BYTES: usize = 16 * 1024;
/// Cookies beyond this many are not considered.
const MAX_COOKIES: usize = 100;

/// The cookies of a request, as names and values. HTTP/2 may split them over several headers (RFC 9113 section 8.2.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct ReceivedCookies<'a>(Option<&'a HeaderMap>);

impl<'a> ReceivedCookies<'a> {
    /// Reads nothing yet, and never will when the headers are too long.
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let length: usize = headers.get_all(header::COOKIE).iter().map(HeaderValue::len).sum();
        Self((length <= MAX_BYTES).then_some(headers))
    }

    /// The value of the cookie with this name, if exactly one has it.
    pub(super) fn only(self, name: &str) -> Option<&'a str> {
        let mut values = self.pairs().filter(|(other, _)| *other == name).map(|(_, value)| value);
        values.next().filter(|_| values.next().is_none())
    }

    /// All names.
    pub(super) fn names(self) -> impl Iterator<Item = &'a str> {
        self.pairs().map(|(name, _)| name)
    }

    /// What is not a cookie is passed over; a header that is not visible ASCII too.
    fn pairs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let lines = self.0.into_iter().flat_map(|headers| headers.get_all(header::COOKIE));
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).filter_map(pair).take(MAX_COOKIES)
    }
}

/// One `name=value`. None of our values needs decoding, so nothing is decoded.
fn pair(text: &str) -> Option<(&str, &str)> {
    let parsed = Cookie::parse(text).ok()?;
    Some((parsed.name_raw()?, parsed.value_raw()?))
}
