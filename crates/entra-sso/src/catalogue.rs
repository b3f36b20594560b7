//! What users read, in one language: pages, buttons, messages, and a text for every error.

mod accept_language;
mod language_tag;
mod languages;
mod placeholders;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use entra_oidc::ErrorEntry;

pub(crate) use self::languages::{Languages, not_tags};
use self::{language_tag::LanguageTag, placeholders::fill};
use crate::errors::{Check, Finding, SsoError, register};

/// Texts by their short names (`sign_in`) and by codes (`E310`, `AADSTS50105`).
type Texts = BTreeMap<String, Cow<'static, str>>;

/// What users read, in one language.
///
/// English and German come with the crate. Another language is a TOML file of `name = "text"`, for which the shipped ones
/// are the pattern ([`Catalogue::ENGLISH`], [`Catalogue::GERMAN`]):
///
/// * Names are short names, codes of errors (`docs/errors.md`), and Microsoft's numbers (`AADSTS50105`).
/// * `{name}` in a text stands for a value. A translation may use those that the English text has.
/// * A name that does not exist is an error; one that is missing is told in English, and [`Catalogue::missing`] lists it.
/// * Texts are plain: what looks like markup is shown as it is written.
///
/// The same language given again replaces the shipped texts: with `Catalogue::from_toml("en", "sign_in = \"Enter\"")` an
/// application changes one English text and keeps the others.
///
/// ```
/// use entra_sso::Catalogue;
///
/// let french = Catalogue::from_toml("fr", r#"
///     sign_in = "Connexion"
///     sign_in_with = "Se connecter avec {name}"
///     E310 = "Les comptes invités ne peuvent pas se connecter ici."
/// "#)?;
/// assert_eq!(french.language(), "fr");
/// assert!(french.missing().any(|name| name == "sign_out"));
/// # Ok::<(), entra_sso::SsoError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    language: LanguageTag,
    texts: Texts,
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| {
    let own = read(Catalogue::ENGLISH).expect("the texts of this crate are TOML");
    let register = register().into_iter().map(|entry| (entry.code.to_owned(), Cow::Borrowed(entry.public)));
    Catalogue { language: LanguageTag::of_this_crate("en"), texts: own.into_iter().chain(register).collect() }
});

static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| {
    let texts = read(Catalogue::GERMAN).expect("the texts of this crate are TOML");
    Catalogue { language: LanguageTag::of_this_crate("de"), texts }
});

impl Catalogue {
    /// The English texts as TOML, without those of errors, which stand in the register ([`register`]).
    pub const ENGLISH: &str = include_str!("catalogue/en.toml");

    /// The German texts as TOML.
    pub const GERMAN: &str = include_str!("catalogue/de.toml");

    /// The English texts.
    #[must_use]
    pub fn english() -> Catalogue {
        ENGLISH.clone()
    }

    /// The English texts, for who has no settings at hand.
    pub(crate) fn of_nobody() -> &'static Catalogue {
        &ENGLISH
    }

    /// The German texts.
    #[must_use]
    pub fn german() -> Catalogue {
        GERMAN.clone()
    }

    /// Texts in the language with this tag (BCP 47, such as `fr` or `pt-BR`).
    ///
    /// # Errors
    /// Everything that is wrong in the file at once: TOML's syntax, names that do not exist, placeholders that the English
    /// text does not have, texts that are empty.
    pub fn from_toml(language: &str, toml: &str) -> Result<Catalogue, SsoError> {
        let place = format!("the catalogue `{}`", language.chars().take(40).collect::<String>());
        let refuse = |cause: String| SsoError::refused(vec![invalid(&place, &cause)]);
        let language = LanguageTag::parse(language).ok_or_else(|| refuse("this is no language tag".to_owned()))?;
        let texts = read(toml).map_err(refuse)?;
        let wrong = texts.iter().filter_map(|(name, text)| fault(name, text));
        let wrong: Vec<Finding> = wrong.map(|cause| invalid(&place, &cause)).collect();
        if wrong.is_empty() { Ok(Catalogue { language, texts }) } else { Err(SsoError::refused(wrong)) }
    }

    /// The language's tag, as it stands in a page's `lang` and in `Content-Language`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.language.as_str()
    }

    /// The names that this catalogue has no text for, and that are told in English.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        ENGLISH.texts.keys().filter(|name| !self.texts.contains_key(*name)).map(String::as_str)
    }

    /// The text of this name; `arguments` stand where it has `{…}`. None of a name that does not exist.
    pub(crate) fn find(&self, name: &str, arguments: &[(&str, &str)]) -> Option<String> {
        let text = self.texts.get(name).or_else(|| ENGLISH.texts.get(name))?;
        Some(fill(text, arguments))
    }

    /// The text of a name that this crate uses.
    pub(crate) fn text(&self, name: &str, arguments: &[(&str, &str)]) -> String {
        let found = self.find(name, arguments);
        debug_assert!(found.is_some(), "there is no text {name:?}");
        found.unwrap_or_default()
    }

    /// What the public reads of an error.
    pub(crate) fn error(&self, entry: &ErrorEntry) -> String {
        self.find(entry.code, &[]).unwrap_or_else(|| entry.public.to_owned())
    }

    /// What the public reads of Microsoft's own number; none where the user can do nothing with it.
    pub(crate) fn number(&self, number: u32) -> Option<String> {
        self.find(&format!("AADSTS{number}"), &[])
    }
}

/// A flat table of texts.
fn read(toml: &str) -> Result<Texts, String> {
    let table: toml::Table = toml.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let text = |(name, value): (String, toml::Value)| match value {
        toml::Value::String(text) => Ok((name, Cow::Owned(text))),
        other => Err(format!("`{name}` is no text but a {}", other.type_str())),
    };
    table.into_iter().map(text).collect()
}

/// What is wrong with one text.
fn fault(name: &str, text: &str) -> Option<String> {
    let Some(english) = ENGLISH.texts.get(name) else { return Some(format!("there is no text `{name}`")) };
    if text.trim().is_empty() {
        return Some(format!("`{name}` is empty"));
    }
    let known = placeholders::names(english);
    let unknown = placeholders::names(text).into_iter().find(|placeholder| !known.contains(placeholder))?;
    Some(format!("`{name}` has `{{{unknown}}}`, which has no value there"))
}

fn invalid(place: &str, cause: &str) -> Finding {
    Finding::new(Check::CatalogueInvalid, None, format!("In {place}: {}.", cause.trim_end_matches(['.', '\n'])))
}
