//! The attempt, the session, and what seals them.

use super::super::{
    Settings,
    key::{Key, key},
};

pub(super) static KEYS: &[Key<Settings>] = &[
    key(
        "timeout",
        "minutes",
        "10",
        "15",
        "How long a user may take at Microsoft before the sign-in has to begin again.",
        |settings, raw| raw.minutes().map(|value| settings.timeout = value),
    ),
    key(
        "require_secure_callback",
        "true or false",
        "false",
        "true",
        "Microsoft's answer comes as a POST of the browser (`response_mode=form_post`), so that its code never stands in an \
         address; a GET is refused. Needs https, or loopback in a browser that takes it for secure (Chromium, Firefox).",
        |settings, raw| raw.flag().map(|value| settings.require_secure_callback = value),
    ),
    key(
        "callback_cache_name",
        "`cookie`, `memory`, `database` or `redis`",
        "`cookie`",
        "\"redis\"",
        "Where it is remembered that a sign-in was used: `cookie` is beside the sessions, `memory` in this process, \
         `database` and `redis` in the stores that the application has given. The sign-in itself waits in the browser.",
        |settings: &mut Settings, raw| raw.choice().map(|value| settings.callback_cache_name = value),
    )
    .alias(&["cache_name"]),
    key(
        "session_store",
        "`memory`, `database` or `redis`",
        "the first that the application has: Redis, the database, memory",
        "\"redis\"",
        "Where sessions are kept. `database` and `redis` need `secret_keys`.",
        |settings: &mut Settings, raw| raw.choice().map(|value| settings.session_store = Some(value)),
    ),
    key(
        "redis_url",
        "URL",
        "none",
        "\"rediss://:password@cache.example:6380/0\"",
        "Where Redis is, for an application that opens its store with it. `entra-sso check` goes there when `session_store` or `callback_cache_name` is `redis`.",
        |settings: &mut Settings, raw| raw.secret().map(|value| settings.redis_url = Some(value)),
    )
    .secret(),
    key(
        "name",
        "text",
        "from `prefix`: `microsoft_sso`, or `admin_sso` for `/admin/sso`",
        "\"portal\"",
        "Begins the name of every cookie. Two applications on one host need two names.",
        |settings, raw| raw.text().map(|value| settings.name = Some(value)),
    ),
    key(
        "secret_keys",
        "list of keys",
        "drawn at every start",
        "[\"OUTPUT-OF-openssl-rand-base64-32\"]",
        "The keys that seal sign-ins and sessions, each at least 32 random bytes in base64 or hexadecimal. The first \
         seals, all open: to change \
         the key in one process, put the new one first and remove the old one later. With several, it is second in \
         all of them before it is first in one (`docs/operations.md`).",
        |settings: &mut Settings, raw| raw.secrets().map(|value| settings.secret_keys = value),
    )
    .secret(),
    key(
        "replicas",
        "whole number",
        "not said, which counts as 1; `callback_cache_name = \"memory\"` wants it said (`sso.W001`)",
        "2",
        "How many processes serve this application. With more than one, `secret_keys` and shared stores are required.",
        |settings, raw| raw.count().map(|value| settings.replicas = Some(value)),
    ),
    key(
        "session_cookie_age",
        "seconds",
        "3600",
        "28800",
        "The longest life of a session; use does not extend it.",
        |settings, raw| raw.seconds().map(|value| settings.session_cookie_age = value),
    ),
    key(
        "session_idle_age",
        "seconds",
        "`session_cookie_age`",
        "1800",
        "How long a session may go unused.",
        |settings, raw| raw.seconds().map(|value| settings.session_idle_age = Some(value)),
    ),
    key(
        "user_check_interval",
        "seconds",
        "30",
        "0",
        "How old the user in a session may be before the user store is asked again. 0 asks at each request.",
        |settings, raw| raw.seconds().map(|value| settings.user_check_interval = value),
    ),
    key(
        "save_access_token",
        "true or false",
        "false",
        "true",
        "Keep the access token of the sign-in in the session, sealed, and refresh it (the scope `offline_access` is asked \
         for). `SignedIn::microsoft_sso_access_token` gives it to the application.",
        |settings, raw| raw.flag().map(|value| settings.save_access_token = value),
    ),
    key(
        "session_ends_with_token",
        "true or false",
        "false",
        "true",
        "With `save_access_token`: a session ends with its access token when that cannot be refreshed, for whatever reason. \
         Otherwise it lives on until its own deadlines, unless Microsoft says that the sign-in is over.",
        |settings, raw| raw.flag().map(|value| settings.session_ends_with_token = value),
    ),
    key(
        "slo_enabled",
        "true or false",
        "false",
        "true",
        "Signing out here signs the user out at Microsoft (or the provider) too, and comes back to `logout_redirect_path`.",
        |settings, raw| raw.flag().map(|value| settings.slo_enabled = value),
    ),
    key(
        "metrics_listen",
        "address and port",
        "nowhere",
        "\"127.0.0.1:9464\"",
        "Where metrics are served for Prometheus, apart from the application (cargo feature `metrics`).",
        |settings: &mut Settings, raw| raw.parsed().map(|value| settings.metrics_listen = Some(value)),
    ),
];
