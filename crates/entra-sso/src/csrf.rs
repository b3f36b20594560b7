//! One rule for every request that changes something: it must come from our own origin.

use http::{HeaderMap, header};

use crate::{callback_url::Origin, errors::RefusalKind, refusal::Refusal};

/// `Sec-Fetch-Site` must be `same-origin`; where a browser does not send it, `Origin` must be ours.
/// Neither, `null`, `same-site` and everything else is refused.
///
/// # Errors
/// E322 `CrossSiteRequest`.
pub(crate) fn check(headers: &HeaderMap, ours: &Origin) -> Result<(), Refusal> {
    let site = single(headers, "sec-fetch-site");
    let allowed = match site {
        Sent::Once(site) => site == "same-origin",
        Sent::Never => {
            matches!(single(headers, header::ORIGIN.as_str()), Sent::Once(origin) if origin == ours.to_string())
        }
        Sent::Badly => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::CrossSiteRequest, "expected Sec-Fetch-Site: same-origin, or our own Origin"))
}

enum Sent<'a> {
    Never,
    Once(&'a str),
    Badly,
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Sent<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Sent::Never,
        (Some(value), None) => value.to_str().map_or(Sent::Badly, Sent::Once),
        (Some(_), Some(_)) => Sent::Badly,
    }
}
