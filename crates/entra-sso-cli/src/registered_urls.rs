//! The addresses to enter in the application's registration.

use entra_sso::settings::Settings;

/// Of platform "Web", in the words of Microsoft's portal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RegisteredUrls {
    /// "Redirect URI"; with the slash at its end.
    pub(crate) callback: String,
    /// Where Microsoft leads back to after a sign-out; entered beside the redirect URIs.
    pub(crate) post_logout: String,
    /// "Front-channel logout URL".
    pub(crate) front_channel_logout: String,
}

impl RegisteredUrls {
    /// `here` is where the application answers, for settings that leave it to the request.
    pub(crate) fn new(settings: &Settings, here: &str) -> RegisteredUrls {
        let base = base(settings).unwrap_or_else(|| here.to_owned());
        let prefix = &settings.prefix;
        RegisteredUrls {
            callback: format!("{base}{prefix}/callback/"),
            post_logout: format!("{base}{}", settings.logout_redirect_path),
            front_channel_logout: format!("{base}{prefix}/front_channel_logout/"),
        }
    }
}

/// What the settings fix: scheme from `public_url`, host from `callback_domain` or else `public_url`.
fn base(settings: &Settings) -> Option<String> {
    let public = settings.public_url.as_ref().map(|url| url.origin().ascii_serialization());
    let Some(host) = &settings.callback_domain else { return public };
    let scheme = match &settings.public_url {
        Some(url) => url.scheme(),
        None if host.is_loopback() => "http",
        None => "https",
    };
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_before_the_address_that_answers() {
        let table: &[(&[(&str, &str)], &str)] = &[
            (&[], "http://localhost:8000/microsoft_sso/callback/"),
            (&[("PREFIX", "/sso")], "http://localhost:8000/sso/callback/"),
            (&[("PUBLIC_URL", "https://portal.example")], "https://portal.example/microsoft_sso/callback/"),
            (&[("CALLBACK_DOMAIN", "login.example")], "https://login.example/microsoft_sso/callback/"),
            (&[("CALLBACK_DOMAIN", "localhost:9000")], "http://localhost:9000/microsoft_sso/callback/"),
            (
                &[("PUBLIC_URL", "https://portal.example"), ("CALLBACK_DOMAIN", "login.example:8443")],
                "https://login.example:8443/microsoft_sso/callback/",
            ),
        ];
        for (given, expected) in table {
            let vars = given.iter().map(|(name, value)| (format!("MICROSOFT_SSO_{name}"), (*value).to_owned()));
            let settings = Settings::from_vars(vars).unwrap();
            assert_eq!(RegisteredUrls::new(&settings, "http://localhost:8000").callback, *expected, "{given:?}");
        }
    }
}
