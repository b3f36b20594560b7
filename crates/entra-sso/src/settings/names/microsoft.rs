//! The application and its authority.

use super::super::{
    Settings,
    key::{Key, key},
};

const NONE: &str = "none";

pub(super) static KEYS: &[Key<Settings>] = &[
    key(
        "application_id",
        "GUID",
        "required",
        "\"11111111-2222-3333-4444-555555555555\"",
        "The Application (client) ID of the registration.",
        |settings: &mut Settings, raw| raw.text().map(|value| settings.application_id = Some(value)),
    )
    .alias(&["client_id"])
    .ambient("AZURE_CLIENT_ID"),
    key(
        "tenant_id",
        "text",
        "required, or `authority`",
        "\"contoso.example\"",
        "Who may sign in: a tenant's GUID or one of its verified domains; `organizations` (any work or school \
         account), `common` (those and \
         personal accounts), `consumers` (personal accounts only).",
        |settings: &mut Settings, raw| raw.text().map(|value| settings.tenant_id = Some(value)),
    )
    .ambient("AZURE_TENANT_ID"),
    key(
        "authority",
        "URL",
        NONE,
        "\"https://login.microsoftonline.com/contoso.example\"",
        "The authority as one URL, instead of `tenant_id`, `cloud` and `authority_host`: an Entra tenant, an External ID \
         tenant (`https://NAME.ciamlogin.com`) or a B2C user flow \
         (`https://NAME.b2clogin.com/NAME.onmicrosoft.com/B2C_1_POLICY`). Together with a `tenant_id` that is a GUID: the \
         custom domain of an External ID tenant.",
        |settings, raw| raw.url().map(|value| settings.authority = Some(value)),
    ),
    key(
        "endpoint_version",
        "`v1` or `v2`",
        "`v2`",
        "\"v1\"",
        "The version of Entra's endpoints. v1 is for applications that still ask by `resource`.",
        |settings, raw| raw.choice().map(|value| settings.endpoint_version = value),
    ),
    key(
        "resource",
        "text",
        "Microsoft Graph",
        "\"https://graph.microsoft.com\"",
        "With `endpoint_version = \"v1\"` only: the API that the access token is for. When it is another one than Microsoft \
         Graph, the profile comes from the ID token.",
        |settings, raw| raw.text().map(|value| settings.resource = Some(value)),
    ),
    key(
        "app_signing_keys",
        "true or false",
        "false",
        "true",
        "The registration has signing keys of its own, as claims mapping asks for: metadata and keys are asked for with \
         `appid`.",
        |settings, raw| raw.flag().map(|value| settings.app_signing_keys = value),
    ),
    key(
        "b2c_tenant_name",
        "text",
        NONE,
        "\"contoso\"",
        "The name of an Azure AD B2C tenant, without `.onmicrosoft.com`. Goes with `b2c_policy`; `tenant_id` may give its \
         GUID, `authority_host` its custom domain. AZURE_TENANT_ID and AZURE_AUTHORITY_HOST are left aside.",
        |settings, raw| raw.text().map(|value| settings.b2c_tenant_name = Some(value)),
    ),
    key(
        "b2c_policy",
        "text",
        NONE,
        "\"B2C_1_susi\"",
        "The B2C user flow or custom policy that signs users in. It begins with `b2c_`, in any case.",
        |settings, raw| raw.text().map(|value| settings.b2c_policy = Some(value)),
    ),
    key(
        "reset_password_policy",
        "text",
        NONE,
        "\"B2C_1_reset\"",
        "The B2C user flow for who clicks \"Forgot your password?\". It leads back into the sign-in.",
        |settings, raw| raw.text().map(|value| settings.reset_password_policy = Some(value)),
    ),
    key(
        "edit_profile_policy",
        "text",
        NONE,
        "\"B2C_1_edit\"",
        "The B2C user flow behind `{prefix}/edit_profile/`. It leads back into the sign-in.",
        |settings, raw| raw.text().map(|value| settings.edit_profile_policy = Some(value)),
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
        "`public`, `usgovernment`, `usgovernment-dod`, `china`, `bleu`, `delos` or `govsg`",
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
        |settings: &mut Settings, raw| raw.text().map(|value| settings.authority_host = Some(value)),
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
        "`User.ReadBasic.All` for work accounts, `User.Read` with `common`, `consumers` and External ID, none without Microsoft Graph",
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
