//! A path on this site: where a sign-in leads when it is over.
//!
//! What the address bar or a link brings is refused unless every reader of it (browsers, proxies, routers) takes it as
//! a path of this site outside our own routes. The redirect always writes its own fragment, because a browser would
//! carry on the old one.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

/// The longest `next`, in bytes, before and after encoding.
const LONGEST: usize = 1024;

/// A path on this site outside the prefix, with its query and fragment: nothing but [`NextUrl::parse`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NextUrl(String);

impl NextUrl {
    /// Takes what a link asks for. `prefix` is where our own routes are.
    pub(crate) fn parse(raw: &str, prefix: &str) -> Option<NextUrl> {
        let text = site_path(raw)?;
        let path = text.split(['?', '#']).next().unwrap_or_default();
        if readings(path)?.iter().any(|reading| is_under(reading, prefix)) {
            return None;
        }
        Some(NextUrl(text))
    }

    /// The path with query and fragment, as it was asked for.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// For the `Location` header: with a fragment in any case, an empty one if need be.
    pub(crate) fn location(&self) -> String {
        location(&self.0)
    }
}

impl fmt::Display for NextUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As text. There is no way back but [`NextUrl::parse`], so that what travelled is judged again.
impl Serialize for NextUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A path on this site, our own routes included, with everything encoded that has to be.
pub(crate) fn site_path(raw: &str) -> Option<String> {
    if raw.len() > LONGEST || !raw.starts_with('/') || raw.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    let text = encoded(raw);
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let plain = text.len() <= LONGEST && readings(path)?.iter().all(|reading| is_plain(reading));
    plain.then_some(text)
}

/// `path` for the `Location` header, with a fragment in any case: without one the browser would keep its own.
pub(crate) fn location(path: &str) -> String {
    if path.contains('#') { path.to_owned() } else { format!("{path}#") }
}

/// Encodes what a URL does not have in it: spaces, quotes, angle brackets and everything beyond ASCII.
fn encoded(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for c in raw.chars() {
        if c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^') {
            text.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The path as it stands, and as it reads after each round of decoding: some readers decode once, some twice.
fn readings(path: &str) -> Option<Vec<Vec<u8>>> {
    let mut readings = vec![path.as_bytes().to_vec()];
    for round in 0..4 {
        let before = readings.last()?;
        let Some(after) = decoded(before) else {
            // A lone `%` may be left over from decoding, but the path itself has to be well-formed.
            return if round == 0 { None } else { Some(readings) };
        };
        if after == *before {
            return Some(readings);
        }
        readings.push(after);
    }
    None
}

fn decoded(path: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.iter();
    while let Some(byte) = rest.next() {
        if *byte == b'%' {
            bytes.push(hex(*rest.next()?)? << 4 | hex(*rest.next()?)?);
        } else {
            bytes.push(*byte);
        }
    }
    Some(bytes)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// One slash first, no backslash, no control byte, no `.` or `..` segment.
fn is_plain(reading: &[u8]) -> bool {
    let starts = reading.first() == Some(&b'/') && reading.get(1) != Some(&b'/');
    let bytes = reading.iter().all(|byte| *byte != b'\\' && !byte.is_ascii_control());
    starts && bytes && !reading.split(|byte| *byte == b'/').any(|segment| matches!(bare(segment), b"." | b".."))
}

/// Without what some servers cut off behind a semicolon.
fn bare(segment: &[u8]) -> &[u8] {
    segment.split(|byte| *byte == b';').next().unwrap_or_default()
}

/// Whether the path lies at or under the prefix, for a reader who merges slashes and does not mind case.
fn is_under(reading: &[u8], prefix: &str) -> bool {
    let segments = |path| <[u8]>::split(path, |byte: &u8| *byte == b'/').filter(|segment| !segment.is_empty());
    let mut path = segments(reading);
    segments(prefix.as_bytes()).all(|ours| path.next().is_some_and(|theirs| bare(theirs).eq_ignore_ascii_case(ours)))
}

#[cfg(test)]
mod tests;
