//! The address that nearly all requests come to, judged once.
//!
//! What a request's address is depends on what the request says of it, on whether a trusted proxy says so, and on the settings. Most
//! requests say the same, byte by byte, and so does the first one that is not refused: its address is kept for all of them.

use std::sync::OnceLock;

use http::{
    HeaderMap, HeaderName, HeaderValue, header,
    request::Parts,
    uri::{Authority, Scheme},
};

use super::{Origin, from_trusted_proxy};
use crate::{refusal::Refusal, settings::Settings};

/// The headers that count: the first one alone, when no trusted proxy has written them.
static HEADERS: [HeaderName; 3] =
    [header::HOST, HeaderName::from_static("x-forwarded-host"), HeaderName::from_static("x-forwarded-proto")];

/// The address of the first request, and what that request said.
#[derive(Debug, Default)]
pub(crate) struct UsualOrigin(OnceLock<(Said, Origin)>);

#[derive(Debug)]
struct Said {
    by_proxy: bool,
    scheme: Option<Scheme>,
    authority: Option<Authority>,
    /// In the order of [`HEADERS`].
    headers: Vec<Option<HeaderValue>>,
}

impl UsualOrigin {
    /// The address of this request. `own` is where a request keeps which one it is, whatever its parts say later: none of its own is
    /// the usual one.
    ///
    /// # Errors
    /// As [`Origin::of_request`].
    pub(crate) fn of_request<'a>(
        &'a self,
        parts: &Parts,
        settings: &Settings,
        own: &'a OnceLock<Option<Origin>>,
    ) -> Result<&'a Origin, Refusal> {
        let own = if let Some(own) = own.get() {
            own
        } else {
            let judged = self.judge(parts, settings)?;
            own.get_or_init(|| judged)
        };
        Ok(own.as_ref().unwrap_or_else(|| &self.0.get().expect("it was the usual one").1))
    }

    /// None: the usual one.
    fn judge(&self, parts: &Parts, settings: &Settings) -> Result<Option<Origin>, Refusal> {
        let by_proxy = from_trusted_proxy(parts, settings)?;
        if self.kept(parts, by_proxy).is_some() {
            return Ok(None);
        }
        let origin = Origin::of_request(parts, settings)?;
        self.keep(parts, by_proxy, &origin);
        Ok(Some(origin))
    }

    /// The address that is kept, if this request says what the first one said.
    fn kept(&self, parts: &Parts, by_proxy: bool) -> Option<&Origin> {
        let (said, origin) = self.0.get()?;
        said.is_said_by(parts, by_proxy).then_some(origin)
    }

    /// Keeps the address of the first request. One that says something twice is not like others, nor one that came to another
    /// host than the callback's.
    fn keep(&self, parts: &Parts, by_proxy: bool, origin: &Origin) {
        if self.0.get().is_some() || origin.elsewhere {
            return;
        }
        let said = Said::by(parts, by_proxy);
        if said.is_said_by(parts, by_proxy) {
            let _ = self.0.set((said, origin.clone()));
        }
    }
}

impl Said {
    /// Copies: what a request holds is a part of all that came with it.
    fn by(parts: &Parts, by_proxy: bool) -> Said {
        Said {
            by_proxy,
            scheme: parts.uri.scheme().cloned(),
            authority: parts.uri.authority().and_then(|authority| authority.as_str().parse().ok()),
            headers: names(by_proxy).iter().map(|name| copied(parts.headers.get(name)?)).collect(),
        }
    }

    fn is_said_by(&self, parts: &Parts, by_proxy: bool) -> bool {
        self.by_proxy == by_proxy
            && self.scheme.as_ref() == parts.uri.scheme()
            && self.authority.as_ref() == parts.uri.authority()
            && names(by_proxy).iter().zip(&self.headers).all(|(name, value)| says(&parts.headers, name, value.as_ref()))
    }
}

fn names(by_proxy: bool) -> &'static [HeaderName] {
    &HEADERS[..if by_proxy { HEADERS.len() } else { 1 }]
}

fn copied(value: &HeaderValue) -> Option<HeaderValue> {
    HeaderValue::from_bytes(value.as_bytes()).ok()
}

/// This once, or nothing.
fn says(headers: &HeaderMap, name: &HeaderName, value: Option<&HeaderValue>) -> bool {
    let mut values = headers.get_all(name).iter();
    values.next() == value && values.next().is_none()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use http::Request;

    use super::*;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn only_who_says_the_same_has_the_address_that_is_kept() {
        const HOST: (&str, &str) = ("host", "localhost:8000");
        let settings = Settings::default();
        let first = parts("/", &[HOST]);
        let origin = Origin::of_request(&first, &settings).expect("loopback");
        let (usual, by_proxy) = (UsualOrigin::default(), false);
        assert_eq!(usual.kept(&first, by_proxy), None, "nothing is kept");
        usual.keep(&first, by_proxy, &origin);
        usual.keep(&parts("/", &[("host", "localhost:9000")]), by_proxy, &origin);
        for (what, uri, headers, by_proxy, is_usual) in [
            ("the same", "/", &[HOST][..], false, true),
            ("another path", "/a?b", &[HOST], false, true),
            ("a header that is nobody's", "/", &[HOST, ("x-forwarded-host", "evil.example")], false, true),
            ("another host", "/", &[("host", "localhost:9000")], false, false),
            ("the host in other letters", "/", &[("host", "LOCALHOST:8000")], false, false),
            ("two hosts", "/", &[HOST, HOST], false, false),
            ("no host", "/", &[], false, false),
            ("a whole address", "http://localhost:8000/", &[HOST], false, false),
            ("through a proxy", "/", &[HOST], true, false),
        ] {
            assert_eq!(usual.kept(&parts(uri, headers), by_proxy).is_some(), is_usual, "{what}");
        }
    }

    /// What is left of a request when a late answer is made names no host.
    #[test]
    fn a_request_keeps_its_address() {
        for toml in ["", "trusted_proxies = ['127.0.0.1']"] {
            let settings = Settings::from_toml(toml).expect("settings");
            let usual = UsualOrigin::default();
            for host in ["localhost:8000", "localhost:8000", "localhost:9000"] {
                let (own, mut request) = (OnceLock::new(), parts("/", &[("host", host)]));
                request.extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
                let origin = usual.of_request(&request, &settings, &own).expect("loopback");
                assert_eq!(origin.to_string(), format!("http://{host}"));
                assert_eq!(usual.of_request(&parts("/", &[]), &settings, &own).expect("the same"), origin, "{toml}");
            }
        }
    }

    #[test]
    fn what_a_proxy_says_counts_too() {
        const SAID: [(&str, &str); 3] =
            [("host", "localhost"), ("x-forwarded-host", "localhost:1"), ("x-forwarded-proto", "http")];
        let origin = Origin::of_request(&parts("/", &[SAID[0]]), &Settings::default()).expect("loopback");
        let usual = UsualOrigin::default();
        usual.keep(&parts("/", &[SAID[0], SAID[1], SAID[1]]), true, &origin);
        assert_eq!(usual.kept(&parts("/", &[SAID[0], SAID[1], SAID[1]]), true), None, "said twice");
        usual.keep(&parts("/", &SAID), true, &origin);
        assert!(usual.kept(&parts("/", &SAID), true).is_some(), "the same");
        for left_out in 0..SAID.len() {
            let mut said = SAID;
            assert_eq!(
                usual.kept(&parts("/", &[&said[..left_out], &said[left_out + 1..]].concat()), true),
                None,
                "less"
            );
            said[left_out].1 = "other";
            assert_eq!(usual.kept(&parts("/", &said), true), None, "another {}", said[left_out].0);
            assert_eq!(usual.kept(&parts("/", &[&SAID[..], &SAID[left_out..=left_out]].concat()), true), None, "twice");
        }
    }
}
