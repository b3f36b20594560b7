//! A place where a setting is written, and the way from the places of one layer to one value: given once, and out of its
//! file.

use super::{
    file,
    given::Given,
    key::Key,
    raw::{Problem, Raw},
};
use crate::errors::{Check, Finding};

/// A place where a setting is written.
pub(super) struct Place {
    /// The name it has there.
    pub(super) source: String,
    pub(super) value: Value,
}

pub(super) enum Value {
    Direct(Raw),
    /// A secret's file.
    File(Raw),
}

/// Where a table has a setting: under its name, its aliases, and as a file.
pub(super) fn in_table<T>(key: &Key<T>, table: &toml::Table) -> Vec<Place> {
    let mut places = Vec::new();
    for name in key.names() {
        if let Some(value) = table.get(name) {
            places.push(Place { source: name.to_owned(), value: Value::Direct(Raw::Toml(value.clone())) });
        }
        let file = format!("{name}_file");
        if let Some(value) = table.get(&file).filter(|_| key.file) {
            places.push(Place { source: file, value: Value::File(Raw::Toml(value.clone())) });
        }
    }
    places
}

/// What one layer, or one table, has of a setting.
pub(super) fn read_value<T>(key: &'static Key<T>, places: Vec<Place>, target: &mut T, given: &mut Given) {
    let Some((source, value)) = settle(key, places, given) else { return };
    given.note(key.name, &source);
    match (key.read)(target, value) {
        Ok(()) => {}
        Err(Problem::Inside(findings)) => findings.into_iter().for_each(|finding| given.find(finding)),
        Err(Problem::Empty(cure)) => given.find(
            Finding::new(Check::SettingEmpty, Some(key.name), format!("`{source}` is present but empty."))
                .cured_by(capital(cure)),
        ),
        Err(Problem::Invalid(why)) => given.find(
            Finding::new(Check::SettingInvalid, Some(key.name), format!("`{source}`: {why}."))
                .cured_by(format!("Write it as {}, in TOML for example: {} = {}", key.kind, key.name, key.example)),
        ),
    }
}

/// The one value of this layer with the name it has there. Two places are a finding, and so is a file that cannot be
/// used.
fn settle<T>(key: &'static Key<T>, mut places: Vec<Place>, given: &mut Given) -> Option<(String, Raw)> {
    if places.len() > 1 {
        given.find(twice(key, &places));
        for place in places {
            given.note(key.name, &place.source);
        }
        return None;
    }
    let Place { source, value } = places.pop()?;
    match value {
        Value::Direct(raw) => Some((source, raw)),
        Value::File(path) => match content(path, &source) {
            Ok(text) => Some((source, Raw::Text(text))),
            Err(cause) => {
                given.note(key.name, &source);
                given.find(Finding::new(Check::SecretFile, Some(key.name), cause));
                None
            }
        },
    }
}

fn twice<T>(key: &'static Key<T>, places: &[Place]) -> Finding {
    let names: Vec<String> = places.iter().map(|place| format!("`{}`", place.source)).collect();
    let is_file = |place: &Place| matches!(place.value, Value::File(_));
    let check = if places.iter().any(is_file) { Check::SecretTwice } else { Check::SettingTwice };
    Finding::new(check, Some(key.name), format!("`{}` is given twice: {}.", key.name, names.join(" and ")))
}

fn content(path: Raw, source: &str) -> Result<String, String> {
    let path = path.text().map_err(|_| format!("`{source}` is present but names no file."))?;
    let text = file::text(path.as_ref(), file::SECRET_LIMIT)
        .map_err(|why| format!("The file {path} of `{source}` cannot be read: {why}."))?;
    let text = text.trim();
    if text.is_empty() { Err(format!("The file {path} of `{source}` is empty.")) } else { Ok(text.to_owned()) }
}

fn capital(cure: &str) -> String {
    let mut chars = cure.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}
