//! One setting: its names, what its value looks like, and how it is read.

use super::raw::{Problem, Raw};

/// A setting of `T`: of the settings themselves, or of one table in a list of tables.
pub(super) struct Key<T: 'static> {
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
    /// Never shown.
    pub(super) secret: bool,
    /// Accepted as a file too, with `_file` behind the name.
    pub(super) file: bool,
    /// Reads a value into its field.
    pub(super) read: fn(&mut T, Raw) -> Result<(), Problem>,
}

impl<T> Key<T> {
    /// The name and its aliases.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// Every name that is accepted in TOML, those of files included.
    pub(super) fn accepted(&self) -> impl Iterator<Item = String> {
        let files = self.names().filter(|_| self.file).map(|name| format!("{name}_file"));
        self.names().map(str::to_owned).chain(files)
    }

    pub(super) const fn alias(mut self, aliases: &'static [&'static str]) -> Key<T> {
        self.aliases = aliases;
        self
    }

    pub(super) const fn ambient(mut self, variable: &'static str) -> Key<T> {
        self.ambient = Some(variable);
        self
    }

    /// Never shown, and accepted as a file.
    pub(super) const fn secret(mut self) -> Key<T> {
        self.secret = true;
        self.file = true;
        self
    }

    /// A secret that another setting takes as a file.
    pub(super) const fn without_file(mut self) -> Key<T> {
        self.file = false;
        self
    }
}

pub(super) const fn key<T>(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    example: &'static str,
    doc: &'static str,
    read: fn(&mut T, Raw) -> Result<(), Problem>,
) -> Key<T> {
    Key { name, aliases: &[], ambient: None, kind, default, example, doc, secret: false, file: false, read }
}
