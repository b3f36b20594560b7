//! Who is on the other end of a request: one of our own proxies, or else, as far as that can be known, whose network. That is
//! for what is counted, never for what is allowed.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{HeaderMap, request::Parts};

use crate::settings::Settings;

/// Whether it is one of `trusted_proxies`: what a proxy says of a request counts from it alone.
pub(crate) fn is_trusted_proxy(peer: IpAddr, settings: &Settings) -> bool {
    settings.trusted_proxies.iter().any(|network| network.contains(peer))
}

/// The network of whoever asks: an IPv4 address, or the half of an IPv6 address that one subscriber has all of.
///
/// A proxy in `trusted_proxies` asks for others: for whom says the last address in `X-Forwarded-For` that is none of
/// ours, since each proxy adds its peer at the end. None when nobody says.
pub(crate) fn network(parts: &Parts, settings: &Settings) -> Option<String> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let peer = peer.ip().to_canonical();
    let asking = if is_trusted_proxy(peer, settings) { forwarded_for(&parts.headers, settings)? } else { peer };
    Some(match asking {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    })
}

fn forwarded_for(headers: &HeaderMap, settings: &Settings) -> Option<IpAddr> {
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    for line in lines.into_iter().rev() {
        for text in line.to_str().ok()?.rsplit(',') {
            let address = address(text.trim())?.to_canonical();
            if !is_trusted_proxy(address, settings) {
                return Some(address);
            }
        }
    }
    None
}

/// Some proxies write the port too.
fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn x1_only_a_trusted_proxy_says_for_whom_it_asks() {
        let settings = Settings::from_toml("trusted_proxies = ['10.0.0.0/8', 'fd00::/16']").expect("settings");
        for (peer, forwarded, expected) in [
            ("192.0.2.1:1", &[][..], Some("192.0.2.1")),
            ("192.0.2.1:1", &["198.51.100.7"], Some("192.0.2.1")),
            ("[2001:db8:1:2:3::4]:1", &[], Some("2001:db8:1:2::/64")),
            ("[::ffff:192.0.2.1]:1", &[], Some("192.0.2.1")),
            ("10.0.0.1:1", &[], None),
            ("10.0.0.1:1", &["198.51.100.7"], Some("198.51.100.7")),
            ("10.0.0.1:1", &["evil, 198.51.100.7"], Some("198.51.100.7")),
            ("10.0.0.1:1", &["192.0.2.9, 198.51.100.7, 10.9.9.9"], Some("198.51.100.7")),
            ("10.0.0.1:1", &["192.0.2.9", "198.51.100.7", "10.9.9.9"], Some("198.51.100.7")),
            ("10.0.0.1:1", &["198.51.100.7:4711"], Some("198.51.100.7")),
            ("10.0.0.1:1", &["[2001:db8::7]:4711"], Some("2001:db8:0:0::/64")),
            ("[fd00::1]:1", &["2001:db8::7"], Some("2001:db8:0:0::/64")),
            ("10.0.0.1:1", &["10.1.1.1, 10.2.2.2"], None),
            ("10.0.0.1:1", &["198.51.100.7, unknown"], None),
            ("10.0.0.1:1", &["198.51.100.7,"], None),
        ] {
            let mut request = Request::get("/").extension(ConnectInfo(peer.parse::<SocketAddr>().expect("an address")));
            for line in forwarded {
                request = request.header("x-forwarded-for", *line);
            }
            let (parts, ()) = request.body(()).expect("a request").into_parts();
            assert_eq!(network(&parts, &settings).as_deref(), expected, "{peer} {forwarded:?}");
        }
        let (parts, ()) = Request::new(()).into_parts();
        assert_eq!(network(&parts, &settings), None, "nobody says who it is");
    }
}
