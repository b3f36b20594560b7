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
        "unique_email",
        "true or false",
        "false",
        "true",
        "An address is one user's only. An account that is not known is linked to the user who has its trusted address and no \
         account yet; who has no trusted address, or one that belongs to somebody else, does not enter.",
        |settings, raw| raw.flag().map(|value| settings.unique_email = value),
    ),
    key(
        "staff_list",
        "list",
        "none",
        "[\"11111111-2222-3333-4444-555555555555\", \"adele@example.com\"]",
        "Who is staff: `tenant id/object id`, an object id of the one tenant that signs in, a trusted address, or `\"*\"` for \
         everybody. Judged at every sign-in; what the list gave it takes away again.",
        |settings, raw| raw.list().map(|value| settings.staff_list = value),
    ),
    key(
        "superuser_list",
        "list",
        "none",
        "[\"11111111-2222-3333-4444-555555555555/66666666-7777-8888-9999-000000000000\"]",
        "Who is a superuser, written and judged as in `staff_list`, but for `\"*\"`.",
        |settings, raw| raw.list().map(|value| settings.superuser_list = value),
    ),
    key(
        "auto_create_first_superuser",
        "true or false",
        "false",
        "true",
        "The first member of the organisation who signs in becomes a superuser: once per database, also when that user is \
         deleted later, and not when there has been a superuser before. Guests, personal accounts and customers never do.",
        |settings, raw| raw.flag().map(|value| settings.auto_create_first_superuser = value),
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
        "role_map",
        "table; in the environment a JSON object",
        "empty: roles and groups give nothing",
        "{ \"Admin\" = \"superuser\", \"4b9a3f0e-0000-4000-8000-000000000001\" = \"staff\" }",
        "What an app role or a group gives here, `staff` or `superuser` (which is staff as well), looked at in every \
         sign-in: what Microsoft takes away is taken away here, and what was given in another way stays. A GUID is a \
         group's object id, anything else the value of an app role. With `{tenant GUID}/` in front it is what that \
         tenant's administrators give; that is required where many tenants may sign in, because every tenant's \
         administrator can give himself any role. Roles and groups in tokens of B2C and of standard providers count \
         for nothing.",
        |settings, raw| raw.pairs().map(|value| settings.role_map = value),
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
        "save_basic_microsoft_info",
        "true or false",
        "true",
        "false",
        "Keep picture, user principal name and locale of the Microsoft account. `false` keeps what identifies the account and \
         nothing else; what was kept before goes at the next sign-in.",
        |settings, raw| raw.flag().map(|value| settings.save_basic_microsoft_info = value),
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
    key(
        "database_url",
        "path or URL",
        "none",
        "\"postgres://app:password@db.example/app?sslmode=verify-full\"",
        "Where users, and with `session_store = \"database\"` sessions, are kept, for `entra-sso` and for an application that \
         opens its store with it: a path or URL of an SQLite file, or the URL of a PostgreSQL database.",
        |settings: &mut Settings, raw| raw.secret().map(|value| settings.database_url = Some(value)),
    )
    .secret(),
];
