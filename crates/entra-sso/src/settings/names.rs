//! The one table of settings: what reads the environment and TOML, suggests names and prints the documentation.

mod address;
mod microsoft;
mod pages;
mod sessions;
mod users;

use super::{
    Settings,
    raw::{Problem, Raw},
};

/// One setting.
pub(super) struct Key {
    /// Its name in TOML; upper-case behind `MICROSOFT_SSO_` in the environment.
    pub(super) name: &'static str,
    /// Other names that are accepted in both.
    pub(super) aliases: &'static [&'static str],
    /// The `AZURE_…` variable that counts when nothing else is given.
    pub(super) ambient: Option<&'static str>,
    /// What it is, for the reader.
    pub(super) kind: &'static str,
    pub(super) default: &'static str,
    /// A value in TOML.
    pub(super) example: &'static str,
    pub(super) doc: &'static str,
    /// Never shown, and accepted as a file.
    pub(super) secret: bool,
    /// Reads a value into its field.
    pub(super) read: fn(&mut Settings, Raw) -> Result<(), Problem>,
}

/// Settings that belong together, under one heading of the documentation.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) keys: &'static [Key],
}

pub(super) const PREFIX: &str = "MICROSOFT_SSO_";
/// The variable that names the TOML file; it has no place in the file itself.
pub(super) const SETTINGS_FILE: &str = "MICROSOFT_SSO_SETTINGS_FILE";

pub(super) static SECTIONS: &[Section] = &[
    Section { title: "The application and Microsoft", keys: microsoft::KEYS },
    Section { title: "The address of this application", keys: address::KEYS },
    Section { title: "Sign-in and session", keys: sessions::KEYS },
    Section { title: "Users", keys: users::KEYS },
    Section { title: "Pages", keys: pages::KEYS },
];

/// Every setting.
pub(super) fn keys() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().flat_map(|section| section.keys)
}

/// Every name that is accepted in TOML, and in lower case behind the prefix in the environment.
pub(super) fn accepted() -> impl Iterator<Item = String> {
    keys().flat_map(|key| {
        let names = key.names().map(str::to_owned);
        let files = key.names().filter(|_| key.secret).map(|name| format!("{name}_file"));
        names.chain(files).collect::<Vec<_>>()
    })
}

impl Key {
    /// The name and its aliases.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    const fn alias(mut self, aliases: &'static [&'static str]) -> Key {
        self.aliases = aliases;
        self
    }

    const fn ambient(mut self, variable: &'static str) -> Key {
        self.ambient = Some(variable);
        self
    }

    const fn secret(mut self) -> Key {
        self.secret = true;
        self
    }
}

const fn key(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    example: &'static str,
    doc: &'static str,
    read: fn(&mut Settings, Raw) -> Result<(), Problem>,
) -> Key {
    Key { name, aliases: &[], ambient: None, kind, default, example, doc, secret: false, read }
}
