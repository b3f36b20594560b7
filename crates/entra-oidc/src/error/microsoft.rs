use crate::secret::Secret;

/// A shorter one is no secret, and stands in many texts by chance.
const SHORTEST_SECRET: usize = 8;
/// How much of a secret is looked for.
const TELLING: usize = 24;

/// What Microsoft said in an error, from the redirect or from the token endpoint. Every text is cleaned: printable
/// ASCII and other letters only, no line breaks, at most 500 characters.
///
/// Behaviour branches on `error`, `suberror` and `claims`; the AADSTS number is for people
/// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MicrosoftError {
    /// The OAuth error, such as `invalid_grant`.
    pub error: String,
    /// The finer word, such as `consent_required` or `token_expired`.
    pub suberror: Option<String>,
    /// `cancel` when the user turned back.
    pub subcode: Option<String>,
    /// The sentence for developers. Never for a public page.
    pub description: Option<String>,
    /// The first AADSTS number.
    pub aadsts: Option<u32>,
    /// The AADB2C number that the description begins with: B2C's own
    /// (<https://learn.microsoft.com/azure/active-directory-b2c/error-codes>).
    pub aadb2c: Option<u32>,
    /// A claims challenge (JSON text), to be sent back as `claims` in the next sign-in.
    pub claims: Option<String>,
    /// Microsoft's name for this event.
    pub trace_id: Option<String>,
    /// Microsoft's name for this conversation.
    pub correlation_id: Option<String>,
    /// The HTTP status, when it came from the token endpoint.
    pub status: Option<u16>,
}

impl MicrosoftError {
    /// Keeps what Microsoft sent, cleaned.
    pub(crate) fn new(error: &str, description: Option<&str>) -> Self {
        Self {
            error: clean(error, 100),
            description: description.map(|text| clean(text, 500)),
            aadsts: description.and_then(|text| number(text.split_once("AADSTS")?.1)),
            aadb2c: description.and_then(|text| number(text.strip_prefix("AADB2C")?)),
            ..Self::default()
        }
    }

    /// Drops every text that repeats this secret: some servers write out what they refuse (case Z2). The first characters
    /// are enough, for the end of a long one may have been cut off.
    pub(crate) fn hide(&mut self, secret: &Secret) {
        let secret = secret.expose();
        if secret.len() < SHORTEST_SECRET {
            return;
        }
        let telling = secret.get(..TELLING).unwrap_or(secret);
        let ids = [&mut self.trace_id, &mut self.correlation_id];
        let texts = [&mut self.description, &mut self.suberror, &mut self.claims].into_iter().chain(ids);
        let texts = texts.flatten().chain([&mut self.error]);
        for text in texts.filter(|text| text.contains(telling)) {
            "(repeats a secret)".clone_into(text);
        }
    }
}

/// The text in one line: control characters become blanks, then at most `limit` characters.
pub(crate) fn clean(text: &str, limit: usize) -> String {
    text.chars().take(limit).map(|c| if is_plain(c) { c } else { ' ' }).collect()
}

/// Not a control character, and none of those that reorder or hide text.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The number at the beginning, when it has at most nine digits.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 9 {
        return None;
    }
    text.get(..digits)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s13_texts_become_one_short_line() {
        let hostile = format!("a\r\nSet-Cookie: x=1\u{202e}{}", "é".repeat(10_000));
        let cleaned = clean(&hostile, 500);
        assert_eq!(cleaned.chars().count(), 500);
        assert!(cleaned.starts_with("a  Set-Cookie: x=1 é"), "{cleaned}");
        assert!(!cleaned.contains(['\r', '\n', '\u{202e}']));
    }

    #[test]
    fn the_number_is_read_from_the_description() {
        for (text, number) in [
            ("AADSTS7000215: Invalid client secret", Some(7_000_215)),
            ("see AADSTS50011.", Some(50_011)),
            ("AADSTS", None),
            ("AADSTSx", None),
            ("AADSTS99999999999999999999", None),
            ("no number", None),
        ] {
            assert_eq!(MicrosoftError::new("x", Some(text)).aadsts, number, "{text}");
        }
        for (text, number) in [
            ("AADB2C90118: The user has forgotten their password.", Some(90_118)),
            ("see AADB2C90118", None),
            ("AADB2C", None),
            ("AADSTS90118", None),
        ] {
            assert_eq!(MicrosoftError::new("x", Some(text)).aadb2c, number, "{text}");
        }
    }
}
