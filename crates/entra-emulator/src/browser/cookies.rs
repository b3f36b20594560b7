//! A cookie jar (RFC 6265, with `SameSite` and name prefixes).

use time::PrimitiveDateTime;
use time::macros::format_description;
use url::Url;

use super::site;

/// Chromium drops a cookie whose name and value are longer than this, in bytes.
const LONGEST: usize = 4096;
/// Chromium keeps this many cookies for one host; the oldest go first.
const PER_HOST: usize = 180;

#[derive(Default)]
pub(super) struct Jar(Vec<Cookie>);

struct Cookie {
    name: String,
    value: String,
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
    same_site: SameSite,
    expires: Option<i64>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum SameSite {
    Strict,
    Lax,
    None,
}

/// Which cookies a request carries.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Reach {
    /// Typed, or from the same site.
    Everything,
    /// A top-level GET from another site: not `Strict`.
    Lax,
    /// A POST or an iframe from another site: only `SameSite=None`.
    CrossSite,
}

impl Jar {
    /// Names and values for a request, longest path first, as a browser orders them.
    pub(super) fn for_request(&mut self, url: &Url, reach: Reach, now: i64) -> Vec<(String, String)> {
        self.0.retain(|cookie| cookie.expires.is_none_or(|expires| expires > now));
        let mut sent: Vec<&Cookie> = self.0.iter().filter(|cookie| cookie.goes_to(url, reach)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        sent.into_iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect()
    }

    /// Stores or removes what one `Set-Cookie` header says; a header that breaks a rule is ignored.
    pub(super) fn store(&mut self, url: &Url, header: &str, now: i64) {
        let Some(cookie) = Cookie::parse(url, header, now) else { return };
        self.0.retain(|old| (&old.name, &old.domain, &old.path) != (&cookie.name, &cookie.domain, &cookie.path));
        if cookie.expires.is_some_and(|expires| expires <= now) {
            return;
        }
        let domain = cookie.domain.clone();
        self.0.push(cookie);
        if self.0.iter().filter(|cookie| cookie.domain == domain).count() > PER_HOST
            && let Some(oldest) = self.0.iter().position(|cookie| cookie.domain == domain)
        {
            self.0.remove(oldest);
        }
    }
}

impl Cookie {
    fn parse(url: &Url, header: &str, now: i64) -> Option<Self> {
        let host = url.host_str()?.to_ascii_lowercase();
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || name.len() + value.len() > LONGEST {
            return None;
        }
        let mut cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            domain: host.clone(),
            host_only: true,
            path: default_path(url),
            secure: false,
            same_site: SameSite::Lax,
            expires: None,
        };
        let mut max_age = None;
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "domain" if !value.is_empty() => {
                    cookie.domain = value.trim_start_matches('.').to_ascii_lowercase();
                    cookie.host_only = false;
                }
                "secure" => cookie.secure = true,
                "samesite" => cookie.same_site = SameSite::parse(value),
                "max-age" => max_age = value.parse::<i64>().ok(),
                "expires" => cookie.expires = parse_date(value),
                _ => {}
            }
        }
        cookie.expires = max_age.map(|seconds| now.saturating_add(seconds)).or(cookie.expires);
        cookie.keeps_the_rules(url, &host).then_some(cookie)
    }

    fn keeps_the_rules(&self, url: &Url, host: &str) -> bool {
        let trustworthy = site::is_trustworthy(url);
        let lower = self.name.to_ascii_lowercase();
        let host_prefix = !lower.starts_with("__host-") || (self.secure && self.host_only && self.path == "/");
        let secure_prefix = !lower.starts_with("__secure-") || self.secure;
        let named_site = self.same_site != SameSite::None || self.secure;
        let domain = self.host_only || domain_matches(host, &self.domain);
        host_prefix && secure_prefix && named_site && domain && (!self.secure || trustworthy)
    }

    fn goes_to(&self, url: &Url, reach: Reach) -> bool {
        let Some(host) = url.host_str().map(str::to_ascii_lowercase) else { return false };
        let domain = if self.host_only { host == self.domain } else { domain_matches(&host, &self.domain) };
        let same_site = match reach {
            Reach::Everything => true,
            Reach::Lax => self.same_site != SameSite::Strict,
            Reach::CrossSite => self.same_site == SameSite::None,
        };
        domain && same_site && path_matches(url.path(), &self.path) && (!self.secure || site::is_trustworthy(url))
    }
}

impl SameSite {
    fn parse(value: &str) -> Self {
        match value.to_ascii_lowercase().as_str() {
            "strict" => Self::Strict,
            "none" => Self::None,
            _ => Self::Lax,
        }
    }
}

fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn path_matches(request: &str, cookie: &str) -> bool {
    request.strip_prefix(cookie).is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => url.path()[..end].to_owned(),
    }
}

fn parse_date(text: &str) -> Option<i64> {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    PrimitiveDateTime::parse(text, format).ok().map(|date| date.assume_utc().unix_timestamp())
}
