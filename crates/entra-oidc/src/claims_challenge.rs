//! Claims challenges: an API, or Conditional Access behind it, asks for more than the access token proves
//! (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).

use std::fmt;

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, header::WWW_AUTHENTICATE};
use serde_json::Value;

use crate::json;

/// The most a challenge may be, in bytes, as text and as JSON.
const LIMIT: usize = 8 * 1024;
/// How many headers are looked at.
const HEADERS: usize = 8;

/// What the next sign-in has to prove: a JSON object, for [`SignInOptions::claims`](crate::SignInOptions::claims).
///
/// It comes from the API that was asked, and goes to Microsoft as it came; it decides nothing here.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimsChallenge(String);

impl ClaimsChallenge {
    /// The challenge of an answer with status 401 or 403, when it has one: `error="insufficient_claims"` and `claims` in
    /// base64, in any of its forms, in one of the `WWW-Authenticate` headers.
    ///
    /// ```
    /// use entra_oidc::ClaimsChallenge;
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert(
    ///     "www-authenticate",
    ///     r#"Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ""#.parse().unwrap(),
    /// );
    /// assert_eq!(ClaimsChallenge::of(&headers).unwrap().as_json(), r#"{"access_token":{}}"#);
    /// ```
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let headers = headers.get_all(WWW_AUTHENTICATE).iter().take(HEADERS).filter_map(|header| header.to_str().ok());
        headers.filter(|header| header.len() <= 2 * LIMIT).flat_map(challenges).find_map(|challenge| {
            let asks = challenge.scheme.eq_ignore_ascii_case("bearer")
                && challenge.one("error").is_some_and(|error| error == "insufficient_claims");
            if asks { Self::decode(challenge.one("claims")?) } else { None }
        })
    }

    /// A challenge that is JSON already, such as [`SignInError::claims`](crate::SignInError::claims).
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        if text.len() > LIMIT {
            return None;
        }
        let object = json::object(text.as_bytes()).ok()?;
        Some(Self(Value::Object(object).to_string()))
    }

    /// The JSON object, in one line.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    fn decode(text: &str) -> Option<Self> {
        if text.len() > 2 * LIMIT {
            return None;
        }
        let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let url_safe = text.contains(['-', '_']);
        let alphabet = if url_safe { &URL_SAFE } else { &STANDARD };
        let bytes = GeneralPurpose::new(alphabet, lenient).decode(text).ok()?;
        Self::from_json(std::str::from_utf8(&bytes).ok()?)
    }
}

/// The names that are asked for, and no values.
impl fmt::Debug for ClaimsChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimsChallenge({} bytes)", self.0.len())
    }
}

/// One challenge of a header (RFC 9110 section 11.6.1).
struct Challenge<'a> {
    scheme: &'a str,
    parameters: Vec<(&'a str, String)>,
}

impl Challenge<'_> {
    /// The parameter, if it is there once.
    fn one(&self, name: &str) -> Option<&str> {
        let mut values = self.parameters.iter().filter(|(named, _)| named.eq_ignore_ascii_case(name));
        let (value, second) = (values.next(), values.next());
        value.filter(|_| second.is_none()).map(|(_, value)| value.as_str())
    }
}

/// The challenges of one header: schemes, each followed by its parameters. What follows anything odd is left aside.
fn challenges(header: &str) -> Vec<Challenge<'_>> {
    let mut challenges: Vec<Challenge<'_>> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (word, after) = token(rest);
        if word.is_empty() {
            return challenges;
        }
        let Some(value) = after.trim_start_matches([' ', '\t']).strip_prefix('=') else {
            challenges.push(Challenge { scheme: word, parameters: Vec::new() });
            rest = after;
            continue;
        };
        let value = value.trim_start_matches([' ', '\t']);
        let Some((value, after)) = parameter_value(value) else { return challenges };
        if let Some(challenge) = challenges.last_mut() {
            challenge.parameters.push((word, value));
        }
        rest = after;
    }
}

/// A quoted string or a token, and what follows.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, after) = token(text);
        // One of the older form (`token68`) ends in `=`.
        return Some((word.to_owned(), after.trim_start_matches('=')));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            _ => value.push(character),
        }
    }
    None
}

/// The token (RFC 9110 section 5.6.2) that the text begins with, and what follows; `/` stands in the older form.
fn token(text: &str) -> (&str, &str) {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(c);
    text.split_at(text.find(|c| !is_of_token(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests;
