//! The addresses to enter in the application's registration.

use url::Url;

use crate::{
    paths,
    settings::{Netloc, Settings},
};

/// At Microsoft: of platform "Web", in the words of the portal; then those of each provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegisteredUrls {
    /// "Redirect URI"; with the slash at its end.
    pub callback: String,
    /// Where a sign-out comes back to; entered beside the redirect URIs.
    pub post_logout: String,
    /// "Front-channel logout URL".
    pub front_channel_logout: String,
    /// For each `[[provider]]`, at that provider.
    pub providers: Vec<ProviderUrls>,
    /// For each `[[site]]`, with the application that signs users in there.
    pub sites: Vec<SiteUrls>,
}

/// The addresses of one `[[site]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SiteUrls {
    /// Its `domain`.
    pub domain: String,
    /// Its addresses; they have no sites in them.
    pub urls: RegisteredUrls,
}

/// The addresses to register with one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderUrls {
    /// Its `name`.
    pub name: String,
    /// `redirect_uris`
    pub callback: String,
    /// `post_logout_redirect_uris`
    pub post_logout: String,
    /// `frontchannel_logout_uri`
    pub front_channel_logout: String,
    /// `backchannel_logout_uri`
    pub back_channel_logout: String,
}

impl RegisteredUrls {
    /// `here` is where the application answers, for settings that leave it to the request.
    ///
    /// ```
    /// use entra_sso::{Settings, checks::RegisteredUrls};
    ///
    /// let urls = RegisteredUrls::new(&Settings::default(), "http://localhost:8000");
    /// assert_eq!(urls.callback, "http://localhost:8000/microsoft_sso/callback/");
    /// ```
    #[must_use]
    pub fn new(settings: &Settings, here: &str) -> RegisteredUrls {
        let base = fixed_base(settings).unwrap_or_else(|| here.to_owned());
        let prefix = &settings.prefix;
        let post_logout = encoded(format!("{base}{}", settings.logout_redirect_path));
        let names = settings.provider.iter().filter_map(|provider| provider.name.clone());
        let providers = names.map(|name| ProviderUrls {
            callback: format!("{base}{}", paths::callback(prefix, Some(&name))),
            post_logout: post_logout.clone(),
            front_channel_logout: format!("{base}{prefix}/{name}/front_channel_logout/"),
            back_channel_logout: format!("{base}{prefix}/{name}/back_channel_logout/"),
            name,
        });
        let sites = settings.site.iter().filter_map(|table| {
            let domain = table.domain.as_ref()?;
            let urls = RegisteredUrls::new(&settings.at_site(table), &base_of(domain, here));
            Some(SiteUrls { domain: domain.to_string(), urls })
        });
        RegisteredUrls {
            callback: format!("{base}{}", paths::callback(prefix, None)),
            front_channel_logout: format!("{base}{prefix}/front_channel_logout/"),
            providers: providers.collect(),
            sites: sites.collect(),
            post_logout,
        }
    }
}

/// As a sign-out sends it: registered addresses are compared byte by byte.
fn encoded(address: String) -> String {
    Url::parse(&address).map_or(address, Into::into)
}

/// Where a site answers whose settings leave it to the request: under its own name, and at the port of `here`.
fn base_of(domain: &Netloc, here: &str) -> String {
    let port = here.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.starts_with('/'));
    format!("http://{domain}{}", port.map_or_else(String::new, |port| format!(":{port}")))
}

/// What the settings fix: scheme from `public_url`, host from `callback_domain` or else `public_url`.
pub(super) fn fixed_base(settings: &Settings) -> Option<String> {
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

    #[test]
    fn f66_where_a_sign_out_comes_back_to_is_written_as_it_is_sent() {
        for (path, expected) in [("/", "/"), ("/bye?a=1", "/bye?a=1"), ("/bye now/grüße", "/bye%20now/gr%C3%BC%C3%9Fe")]
        {
            let mut settings = Settings::default();
            path.clone_into(&mut settings.logout_redirect_path);
            let urls = RegisteredUrls::new(&settings, "http://localhost:8000");
            assert_eq!(urls.post_logout, format!("http://localhost:8000{expected}"));
        }
    }

    #[test]
    fn each_provider_has_its_own() {
        let toml = "public_url = 'https://portal.example'\nlogout_redirect_path = '/bye'\n[[provider]]\nname = 'adfs'";
        let urls = RegisteredUrls::new(&Settings::from_toml(toml).unwrap(), "http://localhost:8000");
        let [adfs] = urls.providers.as_slice() else { panic!("{urls:?}") };
        assert_eq!(adfs.callback, "https://portal.example/microsoft_sso/adfs/callback/");
        assert_eq!(adfs.post_logout, "https://portal.example/bye");
        assert_eq!(adfs.front_channel_logout, "https://portal.example/microsoft_sso/adfs/front_channel_logout/");
        assert_eq!(adfs.back_channel_logout, "https://portal.example/microsoft_sso/adfs/back_channel_logout/");
    }
}
