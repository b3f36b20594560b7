//! The host that the request itself names: `Host`, `:authority`, or an absolute request target.

use http::{header, request::Parts};

use crate::{errors::RefusalKind, refusal::Refusal, settings::Netloc};

/// `None` when the request names none, as in HTTP/1.0. Two names have to be the same.
pub(super) fn request_host(parts: &Parts) -> Result<Option<Netloc>, Refusal> {
    let mut named: Option<Netloc> = None;
    let target = parts.uri.authority().map(|authority| Ok(authority.as_str()));
    let mut headers = parts.headers.get_all(header::HOST).iter();
    let header = headers.next().map(|host| host.to_str().map_err(|_| refused("expected plain text in Host")));
    if headers.next().is_some() {
        return Err(refused("expected one Host header, got more"));
    }
    for text in [target, header].into_iter().flatten() {
        let host: Netloc = text?.parse().map_err(|_| refused("expected a host with an optional port in Host"))?;
        if named.as_ref().is_some_and(|earlier| *earlier != host) {
            return Err(refused("expected Host and the request target to agree"));
        }
        named = Some(host);
    }
    Ok(named)
}

fn refused(detail: &str) -> Refusal {
    Refusal::new(RefusalKind::HostNotAllowed, detail)
}
