//! What stands in a table `[[site]]`, beside its credential and its authority.

pub(in super::super) mod authority;

use super::{
    super::{
        SiteTable,
        key::{Key, key},
    },
    credentials,
};

const OUTSIDE: &str = "as outside the table";

pub(in super::super) static KEYS: &[Key<SiteTable>] = &[
    key(
        "domain",
        "host with an optional port",
        "required",
        "\"shop.example\"",
        "The host under which browsers reach the site.",
        |site, raw| raw.parsed().map(|value| site.domain = Some(value)),
    ),
    key(
        "application_id",
        "GUID",
        OUTSIDE,
        "\"11111111-2222-3333-4444-555555555555\"",
        "The application that signs users in here. It needs a credential in the table.",
        |site: &mut SiteTable, raw| raw.text().map(|value| site.application_id = Some(value)),
    )
    .alias(&["client_id"]),
    key(
        "credential",
        "list of tables",
        OUTSIDE,
        "[{ client_secret = \"its value\" }]",
        "Credentials that are tried in this order, each a table `[[site.credential]]`.",
        |site, raw| credentials(raw).map(|value| site.credential = value),
    ),
    key(
        "auth_extra_arguments",
        "table of texts",
        OUTSIDE,
        "{ domain_hint = \"contoso.example\" }",
        "Parameters that are added to every authorization request.",
        |site, raw| raw.pairs().map(|value| site.auth_extra_arguments = Some(value)),
    ),
    key(
        "guests",
        "`allow` or `deny`",
        OUTSIDE,
        "\"deny\"",
        "Whether guests of the tenant may sign in.",
        |site, raw| raw.choice().map(|value| site.guests = Some(value)),
    ),
    key(
        "personal_accounts",
        "`allow` or `deny`",
        OUTSIDE,
        "\"allow\"",
        "Whether personal Microsoft accounts may sign in.",
        |site, raw| raw.choice().map(|value| site.personal_accounts = Some(value)),
    ),
    key("allowable_domains", "list", OUTSIDE, "[\"example.com\"]", "Who may enter.", |site, raw| {
        raw.list().map(|value| site.allowable_domains = Some(value))
    }),
    key(
        "trusted_email_tenants",
        "list of GUIDs",
        OUTSIDE,
        "[\"11111111-2222-3333-4444-555555555555\"]",
        "Tenants, beside the pinned one, whose own members' addresses are trusted.",
        |site, raw| raw.filled_list().map(|value| site.trusted_email_tenants = Some(value)),
    ),
    key(
        "auto_create_users",
        "true or false",
        OUTSIDE,
        "false",
        "Whether an account that is not known becomes a user.",
        |site, raw| raw.flag().map(|value| site.auto_create_users = Some(value)),
    ),
    key(
        "staff_list",
        "list",
        "nobody",
        "[\"adele@contoso.example\"]",
        "Who is a member of the staff here and at no other site, beside those of the `staff_list` outside the table.",
        |site, raw| raw.list().map(|value| site.staff_list = value),
    ),
    key(
        "session_cookie_age",
        "seconds",
        OUTSIDE,
        "28800",
        "The longest life of a session that begins here.",
        |site, raw| raw.seconds().map(|value| site.session_cookie_age = Some(value)),
    ),
    key(
        "session_idle_age",
        "seconds",
        "as outside the table, but no longer than `session_cookie_age`",
        "900",
        "How long such a session may go unused.",
        |site, raw| raw.seconds().map(|value| site.session_idle_age = Some(value)),
    ),
    key("next_url", "path", OUTSIDE, "\"/orders\"", "Where a sign-in without `next` leads.", |site, raw| {
        raw.text().map(|value| site.next_url = Some(value))
    }),
    key("login_failed_url", "path", OUTSIDE, "\"/sorry\"", "Where a failed sign-in leads.", |site, raw| {
        raw.text().map(|value| site.login_failed_url = Some(value))
    }),
    key("logout_redirect_path", "path", OUTSIDE, "\"/bye\"", "Where sign-out leads.", |site, raw| {
        raw.text().map(|value| site.logout_redirect_path = Some(value))
    }),
    key(
        "new_user_redirect_url",
        "path",
        OUTSIDE,
        "\"/welcome\"",
        "Where a user's first sign-in leads.",
        |site, raw| raw.text().map(|value| site.new_user_redirect_url = Some(value)),
    ),
    key("text", "text", OUTSIDE, "\"Sign in to the shop\"", "The button's text.", |site, raw| {
        raw.text().map(|value| site.text = Some(value))
    }),
    key("logo_url", "path or https URL", OUTSIDE, "\"/shop.svg\"", "A logo on the login page.", |site, raw| {
        raw.text().map(|value| site.logo_url = Some(value))
    }),
];
