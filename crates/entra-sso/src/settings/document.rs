//! `docs/settings.md`, printed from the table of names.

use std::fmt::Write as _;

use super::{
    Settings,
    key::Key,
    names::{PREFIX, SECTIONS, SETTINGS_FILE},
    tables::{self, credential, provider, site},
};

const HEAD: &str = "\
# Settings

Printed by `entra-sso docs settings`; do not edit it by hand.

Each setting can be given in code (a field of `Settings`), in the environment, or in a TOML file. In the environment it has its
name in upper case behind `MICROSOFT_SSO_`: `MICROSOFT_SSO_CLOCK_SKEW=120`. The file is the one that `MICROSOFT_SSO_SETTINGS_FILE` names.

- **Order.** Code, then `MICROSOFT_SSO_…`, then the TOML file, then the `AZURE_…` variables below. With `authority` or `b2c_tenant_name` given,
  `AZURE_TENANT_ID` and `AZURE_AUTHORITY_HOST` are left aside.
- **One credential is used**, the first of: `client_secret`; `client_assertion`; the token file that `AZURE_FEDERATED_TOKEN_FILE`,
  `OAUTH2_FIC_TOKEN_FILE` or `OAUTH2_FEDERATED_TOKEN_FILE` names; `federated_token_file`; `client_certificate_path`;
  `managed_identity_client_id`. When it does not work, no other one is tried. A list `[[credential]]` is the way to have more than one.
- **Secrets** can also be files: `client_secret_file = \"/run/secrets/sso\"`, `MICROSOFT_SSO_CLIENT_SECRET_FILE=/run/secrets/sso`. White space
  around the content is removed. A secret and its file together are an error.
- **Lists** in the environment are JSON (`[\"a\", \"b\"]`) or have commas (`a,b`). `[]` is a list of nothing.
- **Mistakes stop the start**: unknown names (the nearest known one is suggested), a setting given twice in one place, a value that is present
  but empty, a value of the wrong kind. All of them are reported at once.
";

/// Every setting as a Markdown page.
#[must_use]
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for section in SECTIONS {
        let _ = write!(page, "\n## {}\n", section.title);
        for key in section.keys {
            key_text(&mut page, key);
        }
    }
    let _ = write!(
        page,
        "\n## Only in the environment\n\n### `{SETTINGS_FILE}`\n\nThe path of the TOML file. Default: no file.\n"
    );
    page
}

fn key_text(page: &mut String, key: &Key<Settings>) {
    let _ = write!(page, "\n### `{}`\n\n{}\n\n", key.name, key.doc);
    let _ = writeln!(page, "- kind: {}", key.kind);
    let _ = writeln!(page, "- default: {}", key.default);
    let _ = writeln!(page, "- environment: {}", variables(key).join(", "));
    if !key.aliases.is_empty() {
        let names: Vec<String> = key.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let _ = writeln!(page, "- also named: {}", names.join(", "));
    }
    let _ = writeln!(page, "- example: `{} = {}`", key.name, key.example);
    match key.name {
        "credential" => table_text(page, key.name, &members(credential::KEYS)),
        "provider" => {
            table_text(page, key.name, &[members(provider::KEYS), members(credential::KEYS)].concat());
        }
        "site" => {
            let credential: String = tables::site_credential().map(row).collect();
            table_text(
                page,
                key.name,
                &[members(site::KEYS), vec![credential], members(site::authority::KEYS)].concat(),
            );
        }
        _ => {}
    }
}

/// What can stand in each table of a list.
fn table_text(page: &mut String, name: &str, rows: &[String]) {
    let _ = write!(page, "\nIn a table `[[{name}]]`:\n\n| name | kind | default | meaning |\n|---|---|---|---|\n");
    page.extend(rows.iter().map(String::as_str));
}

fn members<T>(keys: &[Key<T>]) -> Vec<String> {
    keys.iter().map(row).collect()
}

fn row<T>(key: &Key<T>) -> String {
    let names: Vec<String> = key.accepted().map(|name| format!("`{name}`")).collect();
    format!("| {} | {} | {} | {} |\n", names.join(", "), key.kind, key.default, key.doc)
}

fn variables(key: &Key<Settings>) -> Vec<String> {
    let ours = key.names().map(|name| format!("{PREFIX}{}", name.to_ascii_uppercase()));
    let with_file = |variable: String| {
        let file = key.file.then(|| format!("`{variable}_FILE`"));
        std::iter::once(format!("`{variable}`")).chain(file)
    };
    ours.chain(key.ambient.map(str::to_owned)).flat_map(with_file).collect()
}
