//! The two layers that can hold a setting, and the variables below them.

use std::collections::BTreeMap;

use super::super::{
    foreign::OTHER_CREDENTIALS,
    given::Given,
    names::{Key, PREFIX},
    raw::Raw,
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

/// The variables by name.
pub(super) struct Variables(BTreeMap<String, String>);

impl Variables {
    pub(super) fn sort(vars: Vec<Result<(String, String), String>>, given: &mut Given) -> Variables {
        let mut sorted = BTreeMap::new();
        for var in vars {
            match var {
                Ok((name, value)) if sorted.contains_key(&name) && is_read(&name) => {
                    let _ = value;
                    given.find(Finding::new(
                        Check::SettingTwice,
                        None,
                        format!("The variable `{name}` is given twice."),
                    ));
                }
                Ok((name, value)) => drop(sorted.insert(name, value)),
                Err(name) if is_read(&name) => {
                    given.find(Finding::new(
                        Check::SettingInvalid,
                        None,
                        format!("The variable `{name}` is not UTF-8."),
                    ));
                }
                Err(_) => {}
            }
        }
        Variables(sorted)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn place(&self, name: String, value: fn(Raw) -> Value) -> Option<Place> {
        let text = self.value(&name)?.to_owned();
        Some(Place { source: name, value: value(Raw::Text(text)) })
    }
}

/// The names that this crate looks at; others are nobody's business here.
fn is_read(name: &str) -> bool {
    name.starts_with(PREFIX) || name.starts_with("AZURE_") || OTHER_CREDENTIALS.contains(&name)
}

pub(super) struct Layers {
    pub(super) variables: Variables,
    pub(super) table: toml::Table,
}

impl Layers {
    pub(super) fn in_variables(&self, key: &Key) -> Vec<Place> {
        let names = key.names().map(|name| format!("{PREFIX}{}", name.to_ascii_uppercase()));
        names.flat_map(|name| self.variable_and_file(key, name)).collect()
    }

    /// An explicit authority leaves the ambient tenant and host aside: they belong to the platform's own identity.
    pub(super) fn ambient(&self, key: &Key) -> Vec<Place> {
        let Some(name) = key.ambient else { return Vec::new() };
        let aside = matches!(key.name, "tenant_id" | "authority_host")
            && (self.table.contains_key("authority") || self.variables.value("MICROSOFT_SSO_AUTHORITY").is_some());
        if aside { Vec::new() } else { self.variable_and_file(key, name.to_owned()) }
    }

    pub(super) fn in_toml(&self, key: &Key) -> Vec<Place> {
        let mut places = Vec::new();
        for name in key.names() {
            if let Some(value) = self.table.get(name) {
                places.push(Place { source: name.to_owned(), value: Value::Direct(Raw::Toml(value.clone())) });
            }
            let file = format!("{name}_file");
            if let Some(value) = self.table.get(&file).filter(|_| key.secret) {
                places.push(Place { source: file, value: Value::File(Raw::Toml(value.clone())) });
            }
        }
        places
    }

    fn variable_and_file(&self, key: &Key, name: String) -> Vec<Place> {
        let file = key.secret.then(|| self.variables.place(format!("{name}_FILE"), Value::File)).flatten();
        self.variables.place(name, Value::Direct).into_iter().chain(file).collect()
    }
}
