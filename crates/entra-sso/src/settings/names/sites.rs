//! What is different under other hosts.

use super::{
    super::{
        Settings,
        key::{Key, key},
        tables,
    },
    accepted,
};

pub(super) static KEYS: &[Key<Settings>] = &[key(
    "site",
    "list of tables",
    "none",
    "[{ domain = \"shop.example\", text = \"Sign in to the shop\" }]",
    "Other hosts of this application, each with what is different there. A site is the settings outside the table with those \
     of the table laid over them; with one setting of the authority in the table, none of the authority outside counts, and \
     the same with the credential. A sign-in and a session count for the site where they began. `[[provider]]` tables are \
     everybody's. In TOML each is a table `[[site]]`; in the environment a JSON list of objects.",
    |settings, raw| tables::sites(raw, is_setting).map(|value| settings.site = value),
)];

fn is_setting(name: &str) -> bool {
    accepted().any(|known| known == name)
}
