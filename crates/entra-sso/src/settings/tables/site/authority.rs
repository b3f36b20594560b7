//! What stands in a table `[[site]]` about its authority.

use super::super::super::{
    AuthoritySettings,
    key::{Key, key},
};

const NONE: &str = "none";

pub(in super::super::super) static KEYS: &[Key<AuthoritySettings>] = &[
    key("tenant_id", "text", NONE, "\"fabrikam.example\"", "Who may sign in.", |own, raw| {
        raw.text().map(|value| own.tenant_id = Some(value))
    }),
    key(
        "authority",
        "URL",
        NONE,
        "\"https://contosocustomers.ciamlogin.com\"",
        "The authority as one URL.",
        |own, raw| raw.url().map(|value| own.authority = Some(value)),
    ),
    key(
        "authority_host",
        "host, or URL without path",
        NONE,
        "\"login.microsoftonline.us\"",
        "Another login host.",
        |own, raw| raw.text().map(|value| own.authority_host = Some(value)),
    ),
    key("cloud", "name", "`public`", "\"usgovernment\"", "Microsoft's cloud.", |own, raw| {
        raw.cloud().map(|value| own.cloud = Some(value))
    }),
    key("endpoint_version", "`v1` or `v2`", "`v2`", "\"v1\"", "The version of Entra's endpoints.", |own, raw| {
        raw.choice().map(|value| own.endpoint_version = Some(value))
    }),
    key(
        "resource",
        "text",
        "Microsoft Graph",
        "\"https://graph.microsoft.com\"",
        "The API that the access token is for; v1 only.",
        |own, raw| raw.text().map(|value| own.resource = Some(value)),
    ),
    key(
        "app_signing_keys",
        "true or false",
        "false",
        "true",
        "The registration has signing keys of its own.",
        |own, raw| raw.flag().map(|value| own.app_signing_keys = value),
    ),
    key("b2c_tenant_name", "text", NONE, "\"contoso\"", "The name of a B2C tenant.", |own, raw| {
        raw.text().map(|value| own.b2c_tenant_name = Some(value))
    }),
    key("b2c_policy", "text", NONE, "\"B2C_1_susi\"", "The user flow that signs users in.", |own, raw| {
        raw.text().map(|value| own.b2c_policy = Some(value))
    }),
    key(
        "reset_password_policy",
        "text",
        NONE,
        "\"B2C_1_reset\"",
        "The user flow for forgotten passwords.",
        |own, raw| raw.text().map(|value| own.reset_password_policy = Some(value)),
    ),
    key("edit_profile_policy", "text", NONE, "\"B2C_1_edit\"", "The user flow that edits the profile.", |own, raw| {
        raw.text().map(|value| own.edit_profile_policy = Some(value))
    }),
    key(
        "allowed_tenants",
        "list of GUIDs",
        NONE,
        "[\"11111111-2222-3333-4444-555555555555\"]",
        "The tenants that may sign in when the authority admits many.",
        |own, raw| raw.filled_list().map(|value| own.allowed_tenants = value),
    ),
    key("allow_any_tenant", "true or false", "false", "true", "Every tenant may sign in.", |own, raw| {
        raw.flag().map(|value| own.allow_any_tenant = value)
    }),
    key(
        "graph_url",
        "URL without version",
        "the cloud's",
        "\"https://graph.microsoft.us\"",
        "Microsoft Graph's base.",
        |own, raw| raw.url().map(|value| own.graph_url = Some(value)),
    ),
    key("scopes", "list", "by authority", "[\"User.Read\"]", "Scopes beside `openid profile email`.", |own, raw| {
        raw.list().map(|value| own.scopes = Some(value))
    }),
];
