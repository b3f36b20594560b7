//! The answers that every endpoint gives.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use serde_json::Value;

/// A whole answer.
pub(crate) type Answer = Response<Bytes>;

/// A JSON answer that nobody caches.
pub(crate) fn json(status: u16, body: &Value) -> Answer {
    let mut answer = with_type(status, "application/json; charset=utf-8", body.to_string());
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    answer
}

/// An answer with a media type.
pub(crate) fn with_type(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// A short text.
pub(crate) fn text(status: u16, body: &str) -> Answer {
    with_type(status, "text/plain; charset=utf-8", body.to_owned())
}

/// 302 to a URL. The URL is escaped so far that it can stand in a header.
pub(crate) fn redirect(url: &str) -> Answer {
    let mut answer = text(302, "");
    let mut location = String::new();
    for character in url.chars() {
        push_escaped(&mut location, character);
    }
    if let Ok(location) = HeaderValue::try_from(location) {
        answer.headers_mut().insert(LOCATION, location);
    }
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    answer
}

pub(crate) fn add_header(answer: &mut Answer, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        answer.headers_mut().append(name, value);
    }
}

fn push_escaped(text: &mut String, character: char) {
    if character.is_ascii_graphic() {
        text.push(character);
        return;
    }
    let mut buffer = [0; 4];
    for byte in character.encode_utf8(&mut buffer).bytes() {
        text.push('%');
        text.extend(byte_as_hexadecimal(byte));
    }
}

fn byte_as_hexadecimal(byte: u8) -> [char; 2] {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).map_or('0', |digit| digit.to_ascii_uppercase());
    [digit(byte >> 4), digit(byte & 15)]
}
