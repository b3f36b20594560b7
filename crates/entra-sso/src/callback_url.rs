//! Under which address the browser reached us, and where the callback is.
//!
//! Rules:
//!
//! 1. `public_url` fixes scheme and host. Without it, the scheme is what a trusted proxy says in `X-Forwarded-Proto`,
//!    else the request's own.
//! 2. The callback's host is the first there is: the `domain` of the site that the request's host is, `callback_domain`,
//!    `public_url`, the request's host.
//! 3. The request's host is what a trusted proxy says in `X-Forwarded-Host`, else `Host` or `:authority`. Where it
//!    decides, it has to be one of `allowed_hosts` or of the sites.
//! 4. Headers of anyone but `trusted_proxies` count for nothing. A proxy that contradicts itself is refused.
//! 5. Sign-in is https; plain http is for loopback.
//!
//! When the callback's host is not the request's, [`Origin::elsewhere`] names the address where the sign-in has
//! to begin, so that its cookie and its callback meet.

mod forwarded;
mod request_host;
mod usual;

use std::{fmt, net::SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;
use url::Url;

pub(crate) use self::usual::UsualOrigin;
use self::{forwarded::Forwarded, request_host::request_host};
use crate::{
    errors::RefusalKind,
    paths,
    peer::is_trusted_proxy,
    refusal::Refusal,
    settings::{Netloc, Settings},
};

/// Added to the login address when the browser is sent to the callback's host, so that it is sent there at most once:
/// behind a proxy that does not pass the host on, it never seems to arrive.
const ARRIVED: &str = "here=1";

/// This application's address for this request: where its callback is. Shown as `https://app.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: Scheme,
    netloc: Netloc,
    /// The browser is at another host.
    elsewhere: bool,
    /// Which table of `[[site]]` this is, if it is one.
    site: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Https,
    Http,
}

impl Origin {
    /// From the request line, its headers and the peer's address.
    ///
    /// # Errors
    /// E325 `PeerUnknown`, E326 `HostNotAllowed`, E327 `ForwardedConflict`, E328 `PlainHttp`.
    pub(crate) fn of_request(parts: &Parts, settings: &Settings) -> Result<Origin, Refusal> {
        let forwarded =
            if from_trusted_proxy(parts, settings)? { Forwarded::read(&parts.headers)? } else { Forwarded::default() };
        let scheme = scheme(parts, settings, &forwarded)?;
        let here = match forwarded.host {
            Some(host) => Some(host),
            None => request_host(parts)?,
        };
        let here = here.map(|host| host.without_default_port(scheme.as_str()));
        let site = here.as_ref().and_then(|host| site_at(host, scheme, settings));
        if site.is_none() && !settings.allowed_hosts.is_empty() {
            here.as_ref().map_or(Ok(()), |host| allow(host, scheme, settings))?;
        }
        let (netloc, elsewhere) = match (here, configured(scheme, settings)) {
            (Some(here), _) if site.is_some() => (here, false),
            (here, Some(netloc)) => {
                let elsewhere = here.is_some_and(|host| host != netloc);
                (netloc, elsewhere)
            }
            (here, None) => (from_request(here, scheme, settings)?, false),
        };
        if scheme == Scheme::Http && !netloc.is_loopback() {
            return Err(Refusal::new(RefusalKind::PlainHttp, format!("expected https for {netloc}, got http")));
        }
        Ok(Origin { scheme, netloc, elsewhere, site })
    }

    /// The place in [`Settings::site`] of the site that the request's host is; none is the default site.
    pub(crate) fn site(&self) -> Option<usize> {
        self.site
    }

    /// The redirect URI of a provider; Microsoft's routes have no name.
    pub(crate) fn callback_url(&self, prefix: &str, provider: Option<&str>) -> Url {
        self.url(&paths::callback(prefix, provider))
    }

    /// Where a journey has to begin, when the browser is not at the callback's host: the same `door` there, with the same
    /// query. `None` when it is, or when it was sent there already.
    pub(crate) fn elsewhere(&self, parts: &Parts, door: &str) -> Option<String> {
        let query = parts.uri.query().filter(|query| !query.is_empty());
        let was_sent = query.is_some_and(|query| query.split('&').any(|pair| pair == ARRIVED));
        if !self.elsewhere || was_sent {
            return None;
        }
        let mut url = self.url(door);
        url.set_query(Some(&query.map_or_else(|| ARRIVED.to_owned(), |query| format!("{query}&{ARRIVED}"))));
        // The browser would carry a fragment of its own to the new address.
        url.set_fragment(Some(""));
        Some(url.into())
    }

    /// A path of ours as an address.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{self}{path}")).expect("a checked host behind a known scheme makes a URL")
    }

    pub(crate) fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }
}

/// As in an `Origin` header.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.netloc)
    }
}

impl Scheme {
    fn as_str(self) -> &'static str {
        match self {
            Scheme::Https => "https",
            Scheme::Http => "http",
        }
    }

    fn parse(text: &str) -> Option<Scheme> {
        match text {
            "https" => Some(Scheme::Https),
            "http" => Some(Scheme::Http),
            _ => None,
        }
    }
}

fn from_trusted_proxy(parts: &Parts, settings: &Settings) -> Result<bool, Refusal> {
    if settings.trusted_proxies.is_empty() {
        return Ok(false);
    }
    let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
        return Err(Refusal::new(RefusalKind::PeerUnknown, "expected the peer's address in the request's extensions"));
    };
    Ok(is_trusted_proxy(peer.ip(), settings))
}

fn scheme(parts: &Parts, settings: &Settings, forwarded: &Forwarded) -> Result<Scheme, Refusal> {
    if let Some(url) = &settings.public_url {
        return Scheme::parse(url.scheme())
            .ok_or_else(|| Refusal::new(RefusalKind::PlainHttp, "expected https in the public address"));
    }
    let own = parts.uri.scheme_str().and_then(Scheme::parse).unwrap_or(Scheme::Http);
    Ok(forwarded.scheme.unwrap_or(own))
}

fn site_at(host: &Netloc, scheme: Scheme, settings: &Settings) -> Option<usize> {
    let is_here = |domain: &Netloc| domain.serves(host, scheme.as_str());
    settings.site.iter().position(|site| site.domain.as_ref().is_some_and(is_here))
}

fn configured(scheme: Scheme, settings: &Settings) -> Option<Netloc> {
    let public = || settings.public_url.as_ref().and_then(Netloc::of_url);
    settings.callback_domain.clone().or_else(public).map(|netloc| netloc.without_default_port(scheme.as_str()))
}

fn from_request(here: Option<Netloc>, scheme: Scheme, settings: &Settings) -> Result<Netloc, Refusal> {
    let host = here.ok_or_else(|| Refusal::new(RefusalKind::HostNotAllowed, "expected a Host header, got none"))?;
    allow(&host, scheme, settings)?;
    Ok(host)
}

/// Without any names, loopback alone is served.
fn allow(host: &Netloc, scheme: Scheme, settings: &Settings) -> Result<(), Refusal> {
    let fits = |allowed: &Netloc| allowed.serves(host, scheme.as_str());
    let allowed = if settings.allowed_hosts.is_empty() {
        matches!(host.host(), "localhost" | "127.0.0.1" | "[::1]")
    } else {
        settings.allowed_hosts.iter().chain(configured(scheme, settings).as_ref()).any(fits)
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::HostNotAllowed, format!("expected one of the allowed hosts, got {host}")))
}

#[cfg(test)]
mod tests;
