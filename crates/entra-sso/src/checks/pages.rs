//! The paths that users are led to, and the logo.

use url::Url;

use crate::{
    errors::{Check, Finding},
    next_url::{NextUrl, site_path},
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = paths(settings);
    findings.extend(logo(settings));
    findings
}

fn paths(settings: &Settings) -> Vec<Finding> {
    let outside =
        [("next_url", Some(&settings.next_url)), ("new_user_redirect_url", settings.new_user_redirect_url.as_ref())];
    let anywhere = [
        ("login_failed_url", settings.login_failed_url.as_ref()),
        ("logout_redirect_path", Some(&settings.logout_redirect_path)),
    ];
    let outside = outside
        .into_iter()
        .filter(|(_, path)| path.is_some_and(|path| NextUrl::parse(path, &settings.prefix).is_none()));
    let anywhere =
        anywhere.into_iter().filter(|(_, path)| path.is_some_and(|path| !leads_to_a_page(path, &settings.prefix)));
    outside
        .chain(anywhere)
        .map(|(setting, path)| Finding::not_a_path(setting, path.map_or("", String::as_str)))
        .collect()
}

/// Our own login page and sign-out question will do; the doors that lead to Microsoft, a provider or a user flow and back
/// would be a circle (R6).
fn leads_to_a_page(path: &str, prefix: &str) -> bool {
    let outside = NextUrl::parse(path, prefix).is_some();
    let place = path.split(['?', '#']).next().unwrap_or_default();
    let ours = || place.strip_prefix(prefix).is_some_and(|rest| matches!(rest, "" | "/" | "/logout" | "/logout/"));
    outside || (site_path(path).is_some() && ours())
}

fn logo(settings: &Settings) -> Option<Finding> {
    let logo = settings.logo_url.as_ref()?;
    let https = || {
        Url::parse(logo)
            .is_ok_and(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none())
    };
    let fits = site_path(logo).is_some() || https();
    (!fits).then(|| Finding::new(Check::LogoInvalid, Some("logo_url"), format!("`logo_url` is {logo:?}.")))
}
