//! The two layers that can hold a setting, and the variables below them.

use std::collections::BTreeMap;

use super::super::{
    Settings, foreign,
    given::Given,
    key::Key,
    names::PREFIX,
    place::{Place, Value, in_table},
    raw::Raw,
};
use crate::errors::{Check, Finding};

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
    name.starts_with(PREFIX) || name.starts_with("AZURE_") || foreign::is_credential(name)
}

pub(super) struct Layers {
    pub(super) variables: Variables,
    pub(super) table: toml::Table,
}

impl Layers {
    pub(super) fn in_variables(&self, key: &Key<Settings>) -> Vec<Place> {
        let names = key.names().map(|name| format!("{PREFIX}{}", name.to_ascii_uppercase()));
        names.flat_map(|name| self.variable_and_file(key, name)).collect()
    }

    pub(super) fn ambient(&self, key: &Key<Settings>) -> Vec<Place> {
        let Some(name) = key.ambient else { return Vec::new() };
        if self.is_aside(key.name) { Vec::new() } else { self.variable_and_file(key, name.to_owned()) }
    }

    pub(super) fn in_toml(&self, key: &Key<Settings>) -> Vec<Place> {
        in_table(key, &self.table)
    }

    /// Whether a setting is written, by its own name, in one of the two layers.
    pub(super) fn has(&self, name: &str) -> bool {
        let variable = format!("{PREFIX}{}", name.to_ascii_uppercase());
        self.table.contains_key(name) || self.variables.value(&variable).is_some()
    }

    /// An explicit authority leaves the ambient tenant and host aside, and an explicit list of credentials the ambient
    /// ones: they belong to the platform's own identity.
    fn is_aside(&self, name: &str) -> bool {
        match name {
            "tenant_id" | "authority_host" => self.has("authority") || self.has("b2c_tenant_name"),
            "client_secret" | "client_certificate_path" | "client_certificate_password" => self.has("credential"),
            _ => false,
        }
    }

    fn variable_and_file(&self, key: &Key<Settings>, name: String) -> Vec<Place> {
        let file = key.file.then(|| self.variables.place(format!("{name}_FILE"), Value::File)).flatten();
        self.variables.place(name, Value::Direct).into_iter().chain(file).collect()
    }
}
