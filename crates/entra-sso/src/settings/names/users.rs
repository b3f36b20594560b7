//! Who becomes a user, and what is kept of him.

use super::super::{
    Settings,
    key::{Key, key},
};

pub(super) static KEYS: &[Key<Settings>] = &[
    key(
        "auto_create_users",
        "true or false",
        "true",
        "false",
        "Whether an account that is not known becomes a user.",
        |settings, raw| raw.flag().map(|value| settings.auto_create_users = value),
    ),
    key(
        "allowable_domains",
        "list",
        "not set: the tenant rule alone decides",
        "[\"example.com\", \"*.example.org\", \"adele@example.net\"]",
        "Who may enter, by the domain of a trusted address: exact domains, `*.example.com` for subdomains, single \
         addresses, `[\"*\"]` for everyone, \
         `[]` for nobody. Required with `consumers` and with `allow_any_tenant`.",
        |settings, raw| raw.list().map(|value| settings.allowable_domains = Some(value)),
    ),
    key(
        "trusted_email_tenants",
        "list of GUIDs",
        "none",
        "[\"11111111-2222-3333-4444-555555555555\"]",
        "Tenants, beside the pinned one, whose own members' addresses are trusted.",
        |settings, raw| raw.filled_list().map(|value| settings.trusted_email_tenants = value),
    ),
    key(
        "always_update_user_data",
        "true or false",
        "false",
        "true",
        "Refresh names, e-mail and picture at every sign-in, not only when the user is created. What Microsoft does \
         not send never erases anything.",
        |settings, raw| raw.flag().map(|value| settings.always_update_user_data = value),
    ),
    key(
        "profile_source",
        "`graph` or `claims`",
        "`graph`",
        "\"claims\"",
        "Where names, e-mail and picture come from: Microsoft Graph, or the ID token alone (no picture, no call).",
        |settings, raw| raw.choice().map(|value| settings.profile_source = value),
    ),
    key(
        "photo_limit",
        "bytes",
        "4194304",
        "1048576",
        "The largest picture that is fetched and kept.",
        |settings, raw| raw.size().map(|value| settings.photo_limit = value),
    ),
];
