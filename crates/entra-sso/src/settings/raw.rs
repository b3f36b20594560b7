//! One value as its source wrote it, and the kinds it can be read as.

mod date;
mod tables;

use std::{fmt::Display, str::FromStr, time::Duration};

use entra_oidc::{Cloud, Secret};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use url::Url;

use super::choices::Choice;
use crate::errors::Finding;

/// A value before its kind is known.
pub(super) enum Raw {
    /// From the environment, or a secret's file.
    Text(String),
    /// From TOML.
    Toml(toml::Value),
}

/// Why a value cannot be read. It never holds the value of a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Present but empty; the text says what to write instead.
    Empty(&'static str),
    /// Expected and got.
    Invalid(String),
    /// Everything that is wrong inside a list of tables.
    Inside(Vec<Finding>),
}

/// No length of time is longer than this: a hundred years of seconds.
const LONGEST: u64 = 3_155_760_000;
const OR_REMOVE_IT: &str = "give it a value, or remove it altogether";

impl Raw {
    pub(super) fn text(self) -> Result<String, Problem> {
        let text = self.string("a text")?;
        if text.trim().is_empty() { Err(Problem::Empty(OR_REMOVE_IT)) } else { Ok(text) }
    }

    pub(super) fn secret(self) -> Result<Secret, Problem> {
        match self {
            Raw::Text(text) | Raw::Toml(toml::Value::String(text)) if text.trim().is_empty() => {
                Err(Problem::Empty(OR_REMOVE_IT))
            }
            Raw::Text(text) | Raw::Toml(toml::Value::String(text)) => Ok(Secret::new(text)),
            Raw::Toml(other) => Err(Problem::Invalid(format!("expected a text, got {}", kind_of(&other)))),
        }
    }

    pub(super) fn flag(self) -> Result<bool, Problem> {
        match self {
            Raw::Toml(toml::Value::Boolean(flag)) => Ok(flag),
            Raw::Toml(other) => Err(expected("true or false", kind_of(&other))),
            Raw::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "" => Err(Problem::Empty("give it true or false, or remove it altogether")),
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(expected("true or false", quoted(&text))),
            },
        }
    }

    pub(super) fn whole(self, most: u64) -> Result<u64, Problem> {
        let (number, got) = match self {
            Raw::Toml(toml::Value::Integer(number)) => (u64::try_from(number).ok(), number.to_string()),
            Raw::Toml(other) => (None, kind_of(&other).to_owned()),
            Raw::Text(text) if text.trim().is_empty() => return Err(Problem::Empty(OR_REMOVE_IT)),
            Raw::Text(text) => (plain_number(text.trim()), quoted(&text)),
        };
        number.filter(|number| *number <= most).ok_or_else(|| expected(format!("a whole number from 0 to {most}"), got))
    }

    pub(super) fn count(self) -> Result<u32, Problem> {
        let number = self.whole(u64::from(u16::MAX))?;
        u32::try_from(number).map_err(|_| expected("a smaller number", number))
    }

    pub(super) fn size(self) -> Result<usize, Problem> {
        let number = self.whole(1 << 30)?;
        usize::try_from(number).map_err(|_| expected("a smaller number", number))
    }

    pub(super) fn seconds(self) -> Result<Duration, Problem> {
        self.whole(LONGEST).map(Duration::from_secs)
    }

    pub(super) fn minutes(self) -> Result<Duration, Problem> {
        self.whole(LONGEST / 60).map(Duration::from_mins)
    }

    pub(super) fn url(self) -> Result<Url, Problem> {
        let text = self.text()?;
        let url = Url::parse(&text).map_err(|_| expected("a URL such as https://app.example.com", quoted(&text)))?;
        if matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
        {
            return Ok(url);
        }
        Err(Problem::Invalid("expected an https or http URL without user name and password".to_owned()))
    }

    pub(super) fn cloud(self) -> Result<Cloud, Problem> {
        let text = self.text()?;
        Cloud::parse(text.trim())
            .map_err(|_| expected("public, usgovernment, usgovernment-dod, china, bleu, delos or govsg", quoted(&text)))
    }

    pub(super) fn choice<T: Choice>(self) -> Result<T, Problem> {
        let text = self.text()?;
        let word = text.trim();
        let found = T::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, value)| *value);
        found.ok_or_else(|| {
            let words: Vec<&str> = T::WORDS.iter().map(|(known, _)| *known).collect();
            expected(words.join(" or "), quoted(&text))
        })
    }

    /// Anything that reads itself from text and says what it expected.
    pub(super) fn parsed<T: FromStr<Err: Display>>(self) -> Result<T, Problem> {
        let text = self.text()?;
        text.trim().parse().map_err(|error: T::Err| Problem::Invalid(format!("{error}; got {}", quoted(&text))))
    }

    /// A list; `[]` is a list of nothing, an empty text is not.
    pub(super) fn list(self) -> Result<Vec<String>, Problem> {
        match self {
            Raw::Text(text) => list_of_text(text.trim()),
            Raw::Toml(toml::Value::Array(items)) => {
                let texts = items.into_iter().map(|item| match item {
                    toml::Value::String(text) => Ok(text),
                    other => Err(expected("a list of texts", format!("a list with {}", kind_of(&other)))),
                });
                trimmed(&texts.collect::<Result<Vec<_>, _>>()?)
            }
            Raw::Toml(other) => Err(expected("a list such as [\"a\", \"b\"]", kind_of(&other))),
        }
    }

    /// A list where nothing is not a value.
    pub(super) fn filled_list(self) -> Result<Vec<String>, Problem> {
        let items = self.list()?;
        if items.is_empty() {
            Err(Problem::Empty("give it at least one entry, or remove it altogether"))
        } else {
            Ok(items)
        }
    }

    /// Keys: a list, or in a file also one on each line. What is wrong is said without the text.
    pub(super) fn secrets(self) -> Result<Vec<Secret>, Problem> {
        let keys = match self {
            Raw::Text(text) if !text.trim_start().starts_with('[') => {
                let separates = |c: char| c == ',' || c.is_whitespace();
                text.split(separates).filter(|key| !key.is_empty()).map(str::to_owned).collect()
            }
            other => other.list()?,
        };
        if keys.is_empty() {
            Err(Problem::Empty(OR_REMOVE_IT))
        } else {
            Ok(keys.into_iter().map(Secret::new).collect())
        }
    }

    /// Each a text that reads itself.
    pub(super) fn parsed_list<T: FromStr<Err: Display>>(self) -> Result<Vec<T>, Problem> {
        let items = self.filled_list()?;
        let read = |item: String| {
            item.parse().map_err(|error: T::Err| Problem::Invalid(format!("{error}; got {}", quoted(&item))))
        };
        items.into_iter().map(read).collect()
    }

    /// Names with values: a TOML table, a JSON object, or `a=b,c=d`.
    pub(super) fn pairs(self) -> Result<Vec<(String, String)>, Problem> {
        let pairs = match self {
            Raw::Toml(toml::Value::Table(table)) => {
                let texts = table.into_iter().map(|(name, value)| match value {
                    toml::Value::String(text) => Ok((name, text)),
                    other => Err(expected("a table of texts", format!("a table with {}", kind_of(&other)))),
                });
                texts.collect::<Result<Vec<_>, _>>()?
            }
            Raw::Toml(other) => {
                return Err(expected("a table such as { domain_hint = \"contoso.example\" }", kind_of(&other)));
            }
            Raw::Text(text) => pairs_of_text(text.trim())?,
        };
        for (position, (name, _)) in pairs.iter().enumerate() {
            if pairs.iter().take(position).any(|(earlier, _)| earlier == name) {
                return Err(Problem::Invalid(format!("the name {} stands there twice", quoted(name))));
            }
        }
        Ok(pairs)
    }

    fn string(self, what: &str) -> Result<String, Problem> {
        match self {
            Raw::Text(text) | Raw::Toml(toml::Value::String(text)) => Ok(text),
            Raw::Toml(other) => Err(expected(what, kind_of(&other))),
        }
    }
}

fn expected(what: impl Display, got: impl Display) -> Problem {
    Problem::Invalid(format!("expected {what}, got {got}"))
}

/// At most 60 characters of it, and nothing that moves the cursor.
pub(super) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    format!("`{shown}`")
}

fn kind_of(value: &toml::Value) -> &'static str {
    match value {
        toml::Value::String(_) => "a text",
        toml::Value::Integer(_) => "a whole number",
        toml::Value::Float(_) => "a number with a point",
        toml::Value::Boolean(_) => "true or false",
        toml::Value::Datetime(_) => "a date",
        toml::Value::Array(_) => "a list",
        toml::Value::Table(_) => "a table",
    }
}

fn plain_number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn list_of_text(text: &str) -> Result<Vec<String>, Problem> {
    if text.is_empty() {
        return Err(Problem::Empty("write [] for a list of nothing, or remove it altogether"));
    }
    if text.starts_with('[') {
        let items: Vec<String> =
            serde_json::from_str(text).map_err(|_| Problem::Invalid("expected a JSON list of texts".to_owned()))?;
        return trimmed(&items);
    }
    trimmed(&text.split(',').map(str::to_owned).collect::<Vec<_>>())
}

fn trimmed(items: &[String]) -> Result<Vec<String>, Problem> {
    let items: Vec<String> = items.iter().map(|item| item.trim().to_owned()).collect();
    if items.iter().any(String::is_empty) {
        Err(Problem::Empty("remove the empty entry from the list"))
    } else {
        Ok(items)
    }
}

fn pairs_of_text(text: &str) -> Result<Vec<(String, String)>, Problem> {
    if text.is_empty() {
        return Err(Problem::Empty("write {} for nothing, or remove it altogether"));
    }
    if text.starts_with('{') {
        let pairs: Pairs =
            serde_json::from_str(text).map_err(|_| Problem::Invalid("expected a JSON object of texts".to_owned()))?;
        return Ok(pairs.0);
    }
    let pair = |item: &str| {
        let (name, value) = item.split_once('=').ok_or_else(|| expected("name=value", quoted(item)))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    text.split(',').map(pair).collect()
}

/// A JSON object with every member it has, also one that stands there twice.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
