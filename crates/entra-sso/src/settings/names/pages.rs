//! What users see, and where they are led.

use super::super::{
    Settings,
    key::{Key, key},
};

pub(super) static KEYS: &[Key<Settings>] = &[
    key("next_url", "path", "`/`", "\"/dashboard\"", "Where a sign-in without `next` leads.", |settings, raw| {
        raw.text().map(|value| settings.next_url = value)
    }),
    key(
        "login_failed_url",
        "path",
        "the login page",
        "\"/sorry\"",
        "Where a failed sign-in leads.",
        |settings, raw| raw.text().map(|value| settings.login_failed_url = Some(value)),
    ),
    key("logout_redirect_path", "path", "`/`", "\"/bye\"", "Where sign-out leads.", |settings, raw| {
        raw.text().map(|value| settings.logout_redirect_path = value)
    }),
    key(
        "new_user_redirect_url",
        "path",
        "as any other sign-in",
        "\"/welcome\"",
        "Where a user's first sign-in leads.",
        |settings, raw| raw.text().map(|value| settings.new_user_redirect_url = Some(value)),
    ),
    key(
        "languages",
        "list of language tags",
        "English: `en`",
        "[\"en\", \"de\"]",
        "The languages of pages and messages; a browser gets the one that it asks for, or else the first. `en` and `de` come with the crate.",
        |settings, raw| raw.filled_list().map(|value| settings.languages = value),
    ),
    key(
        "text",
        "text",
        "`Sign in with Microsoft`, in the page's language",
        "\"Sign in with your work account\"",
        "The button's text, in every language.",
        |settings, raw| raw.text().map(|value| settings.text = Some(value)),
    ),
    key(
        "logo_url",
        "path or https URL",
        "none",
        "\"/static/logo.svg\"",
        "A logo on the login page. The button always has Microsoft's own.",
        |settings, raw| raw.text().map(|value| settings.logo_url = Some(value)),
    ),
    key(
        "enable_messages",
        "true or false",
        "true",
        "false",
        "Tell on the next page what happened: signed in, denied, cancelled, expired.",
        |settings, raw| raw.flag().map(|value| settings.enable_messages = value),
    ),
    key(
        "show_failed_login_message",
        "true or false",
        "false",
        "true",
        "Let that message say why a sign-in was refused. It tells strangers whether an account exists.",
        |settings, raw| raw.flag().map(|value| settings.show_failed_login_message = value),
    ),
    key("enabled", "true or false", "true", "false", "`false` serves none of the routes.", |settings, raw| {
        raw.flag().map(|value| settings.enabled = value)
    }),
    key(
        "silenced_checks",
        "list of ids",
        "none",
        "[\"sso.W060\"]",
        "Warnings of the checks that are not shown. Errors cannot be silenced.",
        |settings, raw| raw.filled_list().map(|value| settings.silenced_checks = value),
    ),
];
