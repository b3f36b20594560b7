//! Where browsers find this application.

use super::super::{
    Settings,
    key::{Key, key},
};

pub(super) static KEYS: &[Key<Settings>] = &[
    key(
        "prefix",
        "path",
        "`/microsoft_sso`",
        "\"/portal/microsoft_sso\"",
        "Where the routes are, as the browser sees it. The redirect URI to register is \
         `{scheme}://{host}{prefix}/callback/`.",
        |settings, raw| raw.text().map(|value| settings.prefix = value),
    ),
    key(
        "public_url",
        "URL without path",
        "taken from each request",
        "\"https://app.example.com\"",
        "Scheme and host under which browsers reach this application. Recommended behind every proxy: then no header \
         decides it.",
        |settings, raw| raw.url().map(|value| settings.public_url = Some(value)),
    ),
    key(
        "callback_domain",
        "host with an optional port",
        "none",
        "\"login.example.com\"",
        "The callback's host, when it is not the request's. A sign-in that begins elsewhere is first sent to this \
         host.",
        |settings, raw| raw.parsed().map(|value| settings.callback_domain = Some(value)),
    ),
    key(
        "allowed_hosts",
        "list of hosts with optional ports",
        "the hosts of `public_url` and `callback_domain`; without them localhost, 127.0.0.1 and [::1]",
        "[\"app.example.com\", \"app.example.org\"]",
        "The hosts that requests may name, beside those of the sites. An entry without a port means the scheme's own port; for a loopback name \
         it means any port.",
        |settings, raw| raw.parsed_list().map(|value| settings.allowed_hosts = value),
    ),
    key(
        "trusted_proxies",
        "list of addresses and networks",
        "none",
        "[\"10.0.0.0/8\", \"fd00::1\"]",
        "Proxies whose `X-Forwarded-Proto`, `X-Forwarded-Host`, `X-Forwarded-For` and `X-Request-Id` count, by the address \
         they connect from. The application has to be served \
         with `into_make_service_with_connect_info::<SocketAddr>()`.",
        |settings, raw| raw.parsed_list().map(|value| settings.trusted_proxies = value),
    ),
];
