//! The name of a language (BCP 47, RFC 5646), as far as it has to be understood here.

use std::fmt;

/// Such as `de` or `pt-BR`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct LanguageTag(String);

/// As long as any tag that is in use (RFC 5646 section 4.4.1).
const LONGEST: usize = 35;

impl LanguageTag {
    /// Letters, then subtags of one to eight letters and digits.
    pub(super) fn parse(text: &str) -> Option<LanguageTag> {
        let mut subtags = text.split('-');
        let is_subtag =
            |subtag: &str| matches!(subtag.len(), 1..=8) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let language = subtags.next()?;
        let is_language = matches!(language.len(), 2..=8) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
        let fits = text.len() <= LONGEST && is_language && subtags.all(is_subtag);
        fits.then(|| LanguageTag(text.to_owned()))
    }

    pub(super) fn of_this_crate(tag: &str) -> LanguageTag {
        LanguageTag(tag.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    /// Basic filtering (RFC 4647 section 3.3.1): the range is the whole tag, or its beginning up to a hyphen.
    pub(super) fn is_in(&self, range: &str) -> bool {
        let Some(beginning) = self.0.get(..range.len()) else { return false };
        beginning.eq_ignore_ascii_case(range) && matches!(self.0.as_bytes().get(range.len()), None | Some(b'-'))
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_what_rfc_5646_writes() {
        for (text, fits) in [
            ("de", true),
            ("pt-BR", true),
            ("zh-Hant-TW", true),
            ("de-CH-1996", true),
            ("x", false),
            ("", false),
            ("de-", false),
            ("-de", false),
            ("de_AT", false),
            ("d3", false),
            ("de--AT", false),
            ("de-abcdefghi", false),
            ("de\"><script>", false),
            ("de-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd", false),
        ] {
            assert_eq!(LanguageTag::parse(text).is_some(), fits, "{text:?}");
        }
    }

    #[test]
    fn a_range_is_a_beginning_up_to_a_hyphen() {
        for (tag, range, expected) in [
            ("de", "de", true),
            ("de", "DE", true),
            ("de-AT", "de", true),
            ("de-AT", "de-at", true),
            ("de", "de-AT", false),
            ("den", "de", false),
            ("de", "", false),
            ("de", "é", false),
        ] {
            assert_eq!(LanguageTag::of_this_crate(tag).is_in(range), expected, "{tag} in {range}");
        }
    }
}
