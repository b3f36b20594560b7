//! From a list of tables to the entries of a setting, every problem in it at once.

pub(super) mod credential;
pub(super) mod provider;

use super::{
    CredentialSettings, ProviderTable,
    given::Given,
    key::Key,
    nearest::nearest,
    place::{in_table, read_value},
    raw::{Problem, Raw, quoted},
};
use crate::errors::Finding;

/// `[[credential]]`
pub(super) fn credentials(raw: Raw) -> Result<Vec<CredentialSettings>, Problem> {
    entries("credential", raw, |reader, entry| reader.read(credential::KEYS, entry))
}

/// `[[provider]]`
pub(super) fn providers(raw: Raw) -> Result<Vec<ProviderTable>, Problem> {
    entries("provider", raw, |reader, entry: &mut ProviderTable| {
        reader.read(provider::KEYS, entry);
        reader.read(credential::KEYS, &mut entry.credential);
    })
}

/// The list of tables in which this name has a meaning, if there is one.
pub(super) fn list_with(name: &str) -> Option<&'static str> {
    if credential::KEYS.iter().flat_map(Key::accepted).any(|known| known == name) {
        return Some("credential");
    }
    provider::KEYS.iter().flat_map(Key::accepted).any(|known| known == name).then_some("provider")
}

fn entries<T: Default>(
    setting: &'static str,
    raw: Raw,
    read: impl Fn(&mut Reader<'_>, &mut T),
) -> Result<Vec<T>, Problem> {
    let mut entries = Vec::new();
    let mut findings = Vec::new();
    for (position, table) in raw.tables()?.iter().enumerate() {
        let mut reader = Reader { table, known: Vec::new(), given: Given::default() };
        let mut entry = T::default();
        read(&mut reader, &mut entry);
        let place = format!("`[[{setting}]]` number {}", position + 1);
        findings.extend(reader.finish().into_iter().map(|finding| finding.inside(setting, &place)));
        entries.push(entry);
    }
    if findings.is_empty() { Ok(entries) } else { Err(Problem::Inside(findings)) }
}

/// Reads one table; in the end it knows every name that has a meaning there.
struct Reader<'a> {
    table: &'a toml::Table,
    known: Vec<String>,
    given: Given,
}

impl Reader<'_> {
    fn read<T>(&mut self, keys: &'static [Key<T>], entry: &mut T) {
        for key in keys {
            read_value(key, in_table(key, self.table), entry, &mut self.given);
        }
        self.known.extend(keys.iter().flat_map(Key::accepted));
    }

    fn finish(mut self) -> Vec<Finding> {
        for name in self.table.keys().filter(|name| !self.known.contains(name)) {
            let near = nearest(name, self.known.iter().map(String::as_str)).map(str::to_owned);
            // `authority` is `oidc_authority` here, and `secret` is `client_secret`.
            let longer = || self.known.iter().find(|known| known.ends_with(&format!("_{name}"))).cloned();
            self.given.find(Finding::unknown_setting(&quoted(name), near.or_else(longer).as_deref()));
        }
        self.given.findings().to_vec()
    }
}
