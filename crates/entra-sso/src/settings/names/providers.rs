//! Standard OpenID providers beside Microsoft.

use super::super::{
    Settings,
    key::{Key, key},
    tables,
};

pub(super) static KEYS: &[Key<Settings>] = &[key(
    "provider",
    "list of tables",
    "none",
    "[{ name = \"adfs\", oidc_authority = \"https://fs.example.com/adfs\", client_id = \"portal\", client_secret = \"its value\" }]",
    "AD FS or any standard OpenID provider, beside Microsoft. Each has a name, an issuer, an application and a credential of \
     its own, and its own routes: `{prefix}/{name}/login/` and `{prefix}/{name}/callback/`. In TOML each is a table \
     `[[provider]]`; in the environment a JSON list of objects.",
    |settings, raw| tables::providers(raw).map(|value| settings.provider = value),
)];
