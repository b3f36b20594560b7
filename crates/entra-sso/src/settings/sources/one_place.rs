//! From the places of one layer to one value: given once, and out of its file.

use super::{
    super::{file, given::Given, names::Key, raw::Raw},
    layers::{Place, Value},
};
use crate::errors::{Check, Finding};

/// The one value of this layer with the name it has there. Two places are a finding, and so is a file that cannot be
/// used.
pub(super) fn settle(key: &'static Key, mut places: Vec<Place>, given: &mut Given) -> Option<(String, Raw)> {
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

fn twice(key: &'static Key, places: &[Place]) -> Finding {
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
