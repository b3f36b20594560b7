//! The `Cookie` headers of a request, bounded.

use http::{
    HeaderMap, HeaderValue,
    header::{self, GetAll},
};

/// More bytes than this in all `Cookie` headers together, and none of them is read. (Browsers keep a site below 16 KiB; servers
/// refuse headers of about that size.)
const MAX_BYTES: usize = 16 * 1024;
/// Cookies of ours beyond this many are not considered.
const MAX_COOKIES: usize = 100;

/// The cookies of a request, as names and values. HTTP/2 may split them over several headers (RFC 9113 section 8.2.3).
#[derive(Debug)]
pub(super) struct ReceivedCookies<'a>(Option<GetAll<'a, HeaderValue>>);

impl<'a> ReceivedCookies<'a> {
    /// Reads nothing yet, and never will when the headers are too long.
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(header::COOKIE);
        let length: usize = lines.iter().map(HeaderValue::len).sum();
        Self((length <= MAX_BYTES).then_some(lines))
    }

    /// The value of the cookie with this name, if exactly one has it.
    pub(super) fn only(&self, name: &str) -> Option<&'a str> {
        let mut values = self.beginning_with(name).filter(|(other, _)| *other == name).map(|(_, value)| value);
        values.next().filter(|_| values.next().is_none())
    }

    /// The rest of all names that begin with `prefix`.
    pub(super) fn names_after(&self, prefix: &str) -> impl Iterator<Item = &'a str> {
        self.beginning_with(prefix).filter_map(|(name, _)| name.get(prefix.len()..))
    }

    /// What is not a cookie of ours is passed over, whatever it holds: other people's cookies hide none of ours.
    fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let lines = self.0.iter().flat_map(GetAll::iter);
        let texts = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        let ours = texts.map(<[u8]>::trim_ascii_start).filter(|text| text.starts_with(prefix.as_bytes()));
        ours.filter_map(pair).take(MAX_COOKIES)
    }
}

/// One `name=value`. None of our values needs decoding, so nothing is decoded.
fn pair(text: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = std::str::from_utf8(text).ok()?.split_once('=')?;
    Some((name.trim(), value.trim()))
}
