//! Which paths of a protected application are public.
//!
//! A path is public only when every reader of it (a proxy in front, axum's router, a proxy behind) takes it as the same
//! one. Whatever could be read in two ways is protected.

use std::sync::Arc;

/// Paths that a guard lets everybody through to.
#[derive(Clone, Debug, Default)]
pub(super) struct PublicPaths(Arc<[PublicPath]>);

#[derive(Clone, Debug)]
enum PublicPath {
    /// This path, letter for letter.
    Exactly(String),
    /// Everything that begins with this, which ends with a slash.
    Below(String),
}

impl PublicPaths {
    /// Reads `/about` and `/assets/*`. What is neither is nobody's path: it stays protected, and the log says so.
    pub(super) fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> PublicPaths {
        PublicPaths(patterns.into_iter().filter_map(|pattern| PublicPath::read(pattern.as_ref())).collect())
    }

    /// Whether everybody may ask for this path, as the request has it: encoded, without query.
    pub(super) fn contain(&self, path: &str) -> bool {
        !self.0.is_empty() && is_unambiguous(path) && self.0.iter().any(|public| public.is(path))
    }
}

impl PublicPath {
    fn read(pattern: &str) -> Option<PublicPath> {
        let read = match pattern.strip_suffix('*') {
            Some(below) if below.ends_with('/') => PublicPath::Below(below.to_owned()),
            Some(_) => PublicPath::Exactly(String::new()),
            None => PublicPath::Exactly(pattern.to_owned()),
        };
        let (PublicPath::Exactly(text) | PublicPath::Below(text)) = &read;
        if is_unambiguous(text) && !text.contains('*') {
            return Some(read);
        }
        let shown: String = pattern.chars().take(80).collect();
        tracing::error!("{shown:?} is no public path and stays protected: write it as `/about` or `/assets/*`");
        None
    }

    fn is(&self, path: &str) -> bool {
        match self {
            PublicPath::Exactly(one) => one == path,
            PublicPath::Below(below) => path.starts_with(below),
        }
    }
}

/// Whether `path` lies at or below our own routes.
pub(super) fn is_ours(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix);
    is_unambiguous(path) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether nobody can read this path in another way: segments that are neither empty (but for the last) nor dots alone,
/// in the characters of RFC 3986 section 3.3 without the semicolon, and nothing encoded that need not be.
fn is_unambiguous(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    let mut segments = rest.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        if !(is_plain(segment) || last && segment.is_empty()) {
            return false;
        }
    }
    true
}

/// A segment that is not empty, does not end with a dot or a space (Windows drops them), and decodes to one text.
fn is_plain(segment: &str) -> bool {
    let Some(decoded) = decoded(segment) else { return false };
    let Ok(text) = String::from_utf8(decoded) else { return false };
    !text.is_empty() && !text.ends_with(['.', ' '])
}

/// None where a byte stands for itself although it should be encoded, or is encoded although it need not or must not be.
fn decoded(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => encoded(hex(bytes.next()?)? << 4 | hex(bytes.next()?)?)?,
            byte => Some(byte).filter(|byte| is_itself(*byte))?,
        });
    }
    Some(decoded)
}

/// A letter, a digit, or a sign that has no meaning in a path.
fn is_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte)
}

/// What may stand behind a percent sign: nothing that stands for itself, that separates segments, or that controls.
fn encoded(byte: u8) -> Option<u8> {
    let free = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let never = b"/\\;%".contains(&byte) || byte.is_ascii_control();
    (!free && !never).then_some(byte)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
