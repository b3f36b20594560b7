//! The application, its credential and its authority.

use super::{Key, key};

const NONE: &str = "none";

pub(super) static KEYS: &[Key] = &[
    key(
        "application_id",
        "GUID",
        "required",
        "\"11111111-2222-3333-4444-555555555555\"",
        "The Application (client) ID of the registration.",
        |settings, raw| raw.text().map(|value| settings.application_id = Some(value)),
    )
    .alias(&["client_id"])
    .ambient("AZURE_CLIENT_ID"),
    key(
        "client_secret",
        "text",
        "required",
        "\"the value of a client secret\"",
        "A client secret of the registration: its Value, not its Secret ID.",
        |settings, raw| raw.secret().map(|value| settings.client_secret = Some(value)),
    )
    .ambient("AZURE_CLIENT_SECRET")
    .secret(),
    key(
        "tenant_id",
        "text",
        "required, or `authority`",
        "\"contoso.example\"",
        "Who may sign in: a tenant's GUID or one of its verified domains; `organizations` (any work or school \
         account), `common` (those and \
         personal accounts), `consumers` (personal accounts only).",
        |settings, raw| raw.text().map(|value| settings.tenant_id = Some(value)),
    )
    .ambient("AZURE_TENANT_ID"),
    key(
        "authority",
        "URL",
        NONE,
        "\"https://login.microsoftonline.com/contoso.example\"",
        "The authority as one URL, instead of `tenant_id`, `cloud` and `authority_host`.",
        |settings, raw| raw.url().map(|value| settings.authority = Some(value)),
    ),
    key(
        "allowed_tenants",
        "list of GUIDs",
        NONE,
        "[\"11111111-2222-3333-4444-555555555555\"]",
        "The tenants that may sign in with `organizations` or `common`. Those two need this or `allow_any_tenant`.",
        |settings, raw| raw.filled_list().map(|value| settings.allowed_tenants = value),
    ),
    key(
        "allow_any_tenant",
        "true or false",
        "false",
        "true",
        "Every tenant of the world may sign in; then `allowable_domains` has to be set.",
        |settings, raw| raw.flag().map(|value| settings.allow_any_tenant = value),
    ),
    key(
        "cloud",
        "`public`, `usgovernment`, `usgovernment-dod` or `china`",
        "that of `authority_host`, else `public`",
        "\"usgovernment\"",
        "Microsoft's cloud: it sets login host, Graph and the rules for issuers together.",
        |settings, raw| raw.cloud().map(|value| settings.cloud = Some(value)),
    ),
    key(
        "authority_host",
        "host or URL without path",
        "the cloud's",
        "\"login.microsoftonline.us\"",
        "Another login host. http and loopback (an emulator) are accepted only while everything that is served is \
         loopback too.",
        |settings, raw| raw.text().map(|value| settings.authority_host = Some(value)),
    )
    .ambient("AZURE_AUTHORITY_HOST"),
    key(
        "graph_url",
        "URL",
        "the cloud's",
        "\"https://graph.microsoft.us\"",
        "Microsoft Graph's base, without version or path.",
        |settings, raw| raw.url().map(|value| settings.graph_url = Some(value)),
    ),
    key(
        "scopes",
        "list",
        "`User.ReadBasic.All` for work accounts, `User.Read` with `common` and `consumers`",
        "[\"User.Read\"]",
        "Scopes to ask for beside `openid profile email`.",
        |settings, raw| raw.list().map(|value| settings.scopes = Some(value)),
    ),
    key(
        "auth_extra_arguments",
        "table of texts",
        NONE,
        "{ domain_hint = \"contoso.example\" }",
        "Parameters added to every authorization request. In the environment: a JSON object, or \
         `name=value,name=value`. The protocol's own \
         parameters cannot be changed.",
        |settings, raw| raw.pairs().map(|value| settings.auth_extra_arguments = value),
    ),
    key(
        "guests",
        "`allow` or `deny`",
        "`allow`",
        "\"deny\"",
        "Whether guests of the tenant may sign in.",
        |settings, raw| raw.choice().map(|value| settings.guests = value),
    ),
    key(
        "personal_accounts",
        "`allow` or `deny`",
        "`deny`, but `allow` with `consumers`",
        "\"allow\"",
        "Whether personal Microsoft accounts may sign in.",
        |settings, raw| raw.choice().map(|value| settings.personal_accounts = Some(value)),
    ),
    key(
        "http_timeout",
        "seconds",
        "10",
        "5",
        "The longest that one request to Microsoft's login hosts may take.",
        |settings, raw| raw.seconds().map(|value| settings.http_timeout = value),
    ),
    key(
        "graph_timeout",
        "seconds",
        "10",
        "5",
        "The longest that one request to Microsoft Graph may take.",
        |settings, raw| raw.seconds().map(|value| settings.graph_timeout = value),
    ),
    key(
        "ca_file",
        "path",
        NONE,
        "\"/etc/ssl/private-ca.pem\"",
        "A PEM file with certificate authorities to trust beside the system's.",
        |settings, raw| raw.text().map(|value| settings.ca_file = Some(value.into())),
    ),
    key(
        "clock_skew",
        "seconds",
        "300",
        "120",
        "How far Microsoft's clock and this machine's may differ.",
        |settings, raw| raw.seconds().map(|value| settings.clock_skew = value),
    ),
    key(
        "key_grace",
        "seconds",
        "3600",
        "600",
        "How long a signing key stays usable after Microsoft last published it. 0 switches it off.",
        |settings, raw| raw.seconds().map(|value| settings.key_grace = value),
    ),
];
