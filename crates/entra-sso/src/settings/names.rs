//! The one table of settings: what reads the environment and TOML, suggests names and prints the documentation.

mod address;
mod credential;
mod microsoft;
mod pages;
mod providers;
mod sessions;
mod sites;
mod users;

use super::{Settings, key::Key};

/// Settings that belong together, under one heading of the documentation.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) keys: &'static [Key<Settings>],
}

pub(super) const PREFIX: &str = "MICROSOFT_SSO_";
/// The variable that names the TOML file; it has no place in the file itself.
pub(super) const SETTINGS_FILE: &str = "MICROSOFT_SSO_SETTINGS_FILE";

pub(super) static SECTIONS: &[Section] = &[
    Section { title: "The application and Microsoft", keys: microsoft::KEYS },
    Section { title: "The application's credential", keys: credential::KEYS },
    Section { title: "Other sign-in providers", keys: providers::KEYS },
    Section { title: "The address of this application", keys: address::KEYS },
    Section { title: "Other sites", keys: sites::KEYS },
    Section { title: "Sign-in and session", keys: sessions::KEYS },
    Section { title: "Users", keys: users::KEYS },
    Section { title: "Pages", keys: pages::KEYS },
];

/// Every setting.
pub(super) fn keys() -> impl Iterator<Item = &'static Key<Settings>> {
    SECTIONS.iter().flat_map(|section| section.keys)
}

/// Every name that is accepted in TOML, and in lower case behind the prefix in the environment.
pub(super) fn accepted() -> impl Iterator<Item = String> {
    keys().flat_map(Key::accepted)
}
