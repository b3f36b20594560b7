//! The languages that an application speaks, and the one for a request.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, header};

use super::{
    Catalogue,
    accept_language::{Wanted, ranges},
    language_tag::LanguageTag,
};
use crate::errors::{Check, Finding};

/// In the order of the setting `languages`; there is at least one, and the first is the default.
pub(crate) struct Languages(Vec<Arc<Catalogue>>);

impl Languages {
    /// The setting's languages, with their texts. Of two catalogues of one language the later given counts.
    ///
    /// # Errors
    /// E110 when one of them has no catalogue, or there is none.
    pub(crate) fn of(tags: &[String], given: &[Catalogue]) -> Result<Languages, Finding> {
        let catalogue = |tag: &String| {
            let shipped = [Catalogue::german as fn() -> _, Catalogue::english];
            let given = given.iter().rev().find(|catalogue| catalogue.language.is(tag)).cloned();
            let shipped = || shipped.into_iter().map(|make| make()).find(|catalogue| catalogue.language.is(tag));
            given.or_else(shipped).map(Arc::new).ok_or_else(|| without_catalogue(tag))
        };
        let languages = tags.iter().map(catalogue).collect::<Result<Vec<_>, _>>()?;
        if languages.is_empty() {
            return Err(unusable("`languages` is an empty list.".to_owned()));
        }
        Ok(Languages(languages))
    }

    /// The language of whoever says nothing.
    pub(crate) fn default(&self) -> &Arc<Catalogue> {
        &self.0[0]
    }

    /// Whether answers differ by `Accept-Language`.
    fn several(&self) -> bool {
        self.0.len() > 1
    }

    /// Says in an answer which language it is in, and what that depends on.
    pub(crate) fn label(&self, catalogue: &Catalogue, headers: &mut HeaderMap) {
        let tag = HeaderValue::from_str(catalogue.language()).expect("letters, digits and hyphens");
        headers.insert(header::CONTENT_LANGUAGE, tag);
        if self.several() {
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        }
    }

    /// The language for a request.
    pub(crate) fn of_request(&self, headers: &HeaderMap) -> &Arc<Catalogue> {
        if !self.several() {
            return self.default();
        }
        let fields = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|field| field.to_str().ok());
        // One list in several fields is one list (RFC 9110 section 5.3).
        self.accepted(&fields.take(8).collect::<Vec<_>>().join(","))
    }

    /// The language that a value of `Accept-Language` asks for: the first range, by weight, that one of ours is in. A
    /// range that none is in is cut from its end, so that `de-AT` finds `de` (RFC 4647 section 3.4). Nothing fits: the
    /// default.
    pub(crate) fn accepted(&self, accept: &str) -> &Arc<Catalogue> {
        let wanted = ranges(accept);
        let refused = |tag: &LanguageTag| {
            wanted.iter().any(|wanted| wanted.weight == 0 && wanted.range != "*" && tag.is_in(wanted.range))
        };
        let allowed = || self.0.iter().filter(|catalogue| !refused(&catalogue.language));
        let best = wanted.iter().filter(|wanted| wanted.weight > 0).find_map(|one| match one.range {
            "*" => allowed().find(|catalogue| !named(&wanted, &catalogue.language)),
            range => beginnings(range).find_map(|range| allowed().find(|catalogue| catalogue.language.is_in(range))),
        });
        best.unwrap_or_else(|| self.default())
    }
}

/// E110 for each entry that is no tag at all, whatever catalogues there are.
pub(crate) fn not_tags(tags: &[String]) -> impl Iterator<Item = Finding> {
    tags.iter().filter(|tag| LanguageTag::parse(tag).is_none()).map(|tag| without_catalogue(tag))
}

/// Whether the list speaks of this language by name: `*` means the others.
fn named(wanted: &[Wanted<'_>], tag: &LanguageTag) -> bool {
    wanted.iter().any(|wanted| wanted.range != "*" && tag.is_in(wanted.range))
}

/// The range, then without its last subtag, and so on.
fn beginnings(range: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(range), |range| range.rsplit_once('-').map(|(beginning, _)| beginning))
}

fn without_catalogue(tag: &str) -> Finding {
    if LanguageTag::parse(tag).is_none() {
        let shown: String = tag.chars().take(40).collect();
        return unusable(format!("`languages` has the entry {shown:?}, which is no language tag."));
    }
    unusable(format!("`languages` has `{tag}`, and there is no catalogue of that language."))
}

fn unusable(cause: String) -> Finding {
    Finding::new(Check::LanguageUnknown, Some("languages"), cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[&str]) -> Languages {
        let given = ["pt-BR", "fr"].map(|tag| Catalogue::from_toml(tag, "sign_in = \"x\"").unwrap());
        Languages::of(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>(), &given).unwrap()
    }

    #[test]
    fn the_language_is_the_one_that_is_wanted_most() {
        let languages = of(&["en", "de", "pt-BR", "fr"]);
        for (accept, expected) in [
            ("", "en"),
            ("de", "de"),
            ("DE", "de"),
            ("de-AT", "de"),
            ("de-Latn-AT-1996", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.8,de", "de"),
            ("en,de", "en"),
            ("it,nl", "en"),
            ("it,fr;q=0.1", "fr"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("*", "en"),
            ("it, *;q=0.1", "en"),
            ("en;q=0.1, *;q=0.5", "de"),
            ("en;q=0, *", "de"),
            ("en;q=0", "en"),
            ("*;q=0", "en"),
            ("de;q=0, de", "en"),
            ("fr;q=0.9,de;q=0.9", "fr"),
            ("<script>", "en"),
            ("d", "en"),
        ] {
            assert_eq!(languages.accepted(accept).language(), expected, "{accept:?}");
        }
    }

    #[test]
    fn several_fields_are_one_list_and_one_language_asks_nobody() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_LANGUAGE, "en;q=0.5".parse().unwrap());
        headers.append(header::ACCEPT_LANGUAGE, "de;q=0.7".parse().unwrap());
        assert_eq!(of(&["en", "de"]).of_request(&headers).language(), "de");
        assert_eq!(of(&["en"]).of_request(&headers).language(), "en");
        headers.append(header::ACCEPT_LANGUAGE, http::HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        assert_eq!(of(&["en", "de"]).of_request(&headers).language(), "de");
    }

    #[test]
    fn a_language_needs_a_catalogue() {
        for tags in [&["en", "it"][..], &[][..], &["no tag"][..]] {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let finding = Languages::of(&tags, &[]).map(|_| ()).unwrap_err();
            assert_eq!((finding.id, finding.setting), ("sso.E110", Some("languages")), "{tags:?}");
        }
    }

    #[test]
    fn a_given_catalogue_comes_before_a_shipped_one() {
        let given = [Catalogue::from_toml("en", "sign_in = \"Enter\"").unwrap()];
        let languages = Languages::of(&["EN".to_owned()], &given).unwrap();
        assert_eq!(languages.default().text("sign_in", &[]), "Enter");
        assert_eq!(languages.default().text("sign_out", &[]), "Sign out", "the others stay");
    }
}
