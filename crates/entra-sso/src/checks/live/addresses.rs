//! The addresses to register, the cookie, and where an administrator consents.

use super::{
    super::registered_urls::{RegisteredUrls, fixed_base},
    LiveCheck, LiveLine,
};
use crate::{context::Context, provider::Provider};

pub(super) fn check(context: &Context) -> Vec<LiveLine> {
    let urls = RegisteredUrls::new(&context.settings, stand_in(context));
    let mut lines = of_site(&urls, fixed_base(&context.settings).is_some());
    for (table, site) in context.settings.site.iter().zip(&urls.sites) {
        let is_fixed = fixed_base(&context.settings.at_site(table)).is_some();
        lines.extend(of_site(&site.urls, is_fixed).into_iter().map(|line| line.at(&site.domain)));
    }
    lines
}

fn of_site(urls: &RegisteredUrls, is_fixed: bool) -> Vec<LiveLine> {
    let line = |check, url: &str| {
        if is_fixed {
            LiveLine::passed(check, url)
        } else {
            LiveLine::not_checked(check, format!("{url}, with the host of each request: `public_url` is not set"))
        }
    };
    let mut lines = vec![
        line(LiveCheck::RedirectUri, &urls.callback),
        line(LiveCheck::PostLogout, &urls.post_logout),
        line(LiveCheck::FrontChannelLogout, &urls.front_channel_logout),
    ];
    for provider in &urls.providers {
        let of_provider = [
            line(LiveCheck::RedirectUri, &provider.callback),
            line(LiveCheck::PostLogout, &provider.post_logout),
            line(LiveCheck::FrontChannelLogout, &provider.front_channel_logout),
            line(LiveCheck::BackChannelLogout, &provider.back_channel_logout),
        ];
        lines.extend(of_provider.map(|line| line.about(Some(&provider.name))));
    }
    lines
}

/// For the host that only a request names; beside a local Microsoft it is this machine.
fn stand_in(context: &Context) -> &'static str {
    if context.sites.default().main().client().authority().is_loopback() {
        "http://localhost:YOUR-PORT"
    } else {
        "https://YOUR-HOST"
    }
}

/// As a browser gets it, without value and times.
pub(super) fn cookies(context: &Context) -> LiveLine {
    let base = fixed_base(&context.settings).unwrap_or_else(|| stand_in(context).to_owned());
    let is_https = base.starts_with("https:");
    let header = context.cookies.over(is_https).clear_session();
    let text = header.to_str().unwrap_or_default();
    let parts = text.split("; ").filter(|part| !part.starts_with("Max-Age") && !part.starts_with("Expires"));
    let policy = parts.collect::<Vec<_>>().join("; ");
    if is_https {
        LiveLine::passed(LiveCheck::Cookies, policy)
    } else {
        LiveLine::passed(
            LiveCheck::Cookies,
            format!("{policy} (plain http, which only this machine itself is served over)"),
        )
    }
}

pub(super) fn admin_consent(provider: &Provider) -> LiveLine {
    let client = provider.client();
    match client.authority().admin_consent_url(client.registration().client_id()) {
        Some(url) => LiveLine::passed(LiveCheck::AdminConsent, url),
        None => LiveLine::not_checked(LiveCheck::AdminConsent, "there is no such page at this authority"),
    }
}
