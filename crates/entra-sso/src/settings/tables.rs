//! From a list of tables to the entries of a setting, every problem in it at once.

pub(super) mod credential;
pub(super) mod provider;
pub(super) mod site;

use super::{
    AuthoritySettings, CredentialSettings, ProviderTable, SiteTable,
    given::Given,
    key::Key,
    nearest::nearest,
    place::{in_table, read_value},
    raw::{Problem, Raw, quoted},
};
use crate::errors::{Check, Finding};

/// `[[credential]]`
pub(super) fn credentials(raw: Raw) -> Result<Vec<CredentialSettings>, Problem> {
    entries("credential", raw, numbered, |reader, entry| reader.read(credential::KEYS, entry))
}

/// `[[provider]]`
pub(super) fn providers(raw: Raw) -> Result<Vec<ProviderTable>, Problem> {
    entries("provider", raw, numbered, |reader, entry: &mut ProviderTable| {
        reader.read(provider::KEYS, entry);
        reader.read(credential::KEYS, &mut entry.credential);
    })
}

/// `[[site]]`; `is_setting` knows the names that have a meaning outside the table.
pub(super) fn sites(raw: Raw, is_setting: fn(&str) -> bool) -> Result<Vec<SiteTable>, Problem> {
    entries("site", raw, by_domain, |reader, entry: &mut SiteTable| {
        reader.read(site::KEYS, entry);
        reader.read(site_credential(), &mut entry.own_credential);
        if reader.has(site::authority::KEYS) {
            reader.read(site::authority::KEYS, entry.authority.insert(AuthoritySettings::default()));
        }
        reader.known.extend(site::authority::KEYS.iter().flat_map(Key::accepted));
        reader.refuse(is_setting);
    })
}

/// A site has the credential settings that stand outside a list.
pub(super) fn site_credential() -> impl Iterator<Item = &'static Key<CredentialSettings>> + Clone {
    credential::KEYS.iter().filter(|key| key.name != "secret_in_header")
}

/// The list of tables in which this name has a meaning, if there is one.
pub(super) fn list_with(name: &str) -> Option<&'static str> {
    if credential::KEYS.iter().flat_map(Key::accepted).any(|known| known == name) {
        return Some("credential");
    }
    if provider::KEYS.iter().flat_map(Key::accepted).any(|known| known == name) {
        return Some("provider");
    }
    site::KEYS.iter().flat_map(Key::accepted).any(|known| known == name).then_some("site")
}

/// How a finding names a table of the list.
type Place = fn(&'static str, usize, &toml::Table) -> String;

fn numbered(setting: &'static str, position: usize, _: &toml::Table) -> String {
    format!("`[[{setting}]]` number {}", position + 1)
}

fn by_domain(setting: &'static str, position: usize, table: &toml::Table) -> String {
    match table.get("domain").and_then(toml::Value::as_str) {
        Some(domain) => format!("`[[{setting}]]` {}", quoted(domain)),
        None => numbered(setting, position, table),
    }
}

fn entries<T: Default>(
    setting: &'static str,
    raw: Raw,
    place: Place,
    read: impl Fn(&mut Reader<'_>, &mut T),
) -> Result<Vec<T>, Problem> {
    let mut entries = Vec::new();
    let mut findings = Vec::new();
    for (position, table) in raw.tables()?.iter().enumerate() {
        let mut reader = Reader { table, known: Vec::new(), given: Given::default() };
        let mut entry = T::default();
        read(&mut reader, &mut entry);
        let place = place(setting, position, table);
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
    fn read<T: 'static>(&mut self, keys: impl IntoIterator<Item = &'static Key<T>>, entry: &mut T) {
        for key in keys {
            read_value(key, in_table(key, self.table), entry, &mut self.given);
            self.known.extend(key.accepted());
        }
    }

    /// Whether one of these is there.
    fn has<T: 'static>(&self, keys: &'static [Key<T>]) -> bool {
        keys.iter().flat_map(Key::accepted).any(|name| self.table.contains_key(&name))
    }

    /// Names that have a meaning outside the table alone.
    fn refuse(&mut self, is_setting: fn(&str) -> bool) {
        let outside = self.table.keys().filter(|name| !self.known.contains(name) && is_setting(name));
        for name in outside.cloned().collect::<Vec<_>>() {
            let cause = format!("`{name}` is a setting of the whole application.");
            self.given.find(Finding::new(Check::SiteKeyMisplaced, None, cause));
            self.known.push(name);
        }
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
