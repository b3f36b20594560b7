//! What stands in a table `[[provider]]`, beside its credential.

use super::super::{
    ProviderTable,
    key::{Key, key},
};

pub(in super::super) static KEYS: &[Key<ProviderTable>] = &[
    key(
        "name",
        "text",
        "required",
        "\"adfs\"",
        "Stands in the routes: lower-case letters, digits and hyphens.",
        |table, raw| raw.text().map(|value| table.name = Some(value)),
    ),
    key(
        "oidc_authority",
        "URL",
        "required",
        "\"https://fs.example.com/adfs\"",
        "The issuer, exactly as the provider publishes it, with its path.",
        |table, raw| raw.text().map(|value| table.oidc_authority = Some(value)),
    ),
    key(
        "application_id",
        "text",
        "required",
        "\"portal\"",
        "The application's id at this provider.",
        |table: &mut ProviderTable, raw| raw.text().map(|value| table.application_id = Some(value)),
    )
    .alias(&["client_id"]),
    key(
        "algorithms",
        "list of `RS256`, `PS256`, `ES256`",
        "`RS256` alone",
        "[\"RS256\", \"ES256\"]",
        "The algorithms that may sign its tokens.",
        |table, raw| raw.filled_list().map(|value| table.algorithms = value),
    ),
    key(
        "endpoint_hosts",
        "list of hosts",
        "the issuer's own",
        "[\"login.example.com\"]",
        "Further hosts that its endpoints may be on.",
        |table, raw| raw.filled_list().map(|value| table.endpoint_hosts = value),
    ),
    key("scopes", "list", "none", "[\"groups\"]", "Scopes to ask for beside `openid profile email`.", |table, raw| {
        raw.list().map(|value| table.scopes = value)
    }),
    key("text", "text", "`Sign in with` and the name", "\"Sign in with AD FS\"", "The button's text.", |table, raw| {
        raw.text().map(|value| table.text = Some(value))
    }),
];
