//! `X-Forwarded-Proto` and `X-Forwarded-Host`, as a trusted proxy wrote them.

use http::HeaderMap;

use super::Scheme;
use crate::{errors::RefusalKind, refusal::Refusal, settings::Netloc};

#[derive(Debug, Default)]
pub(super) struct Forwarded {
    pub(super) scheme: Option<Scheme>,
    pub(super) host: Option<Netloc>,
}

impl Forwarded {
    /// Each header's value is the last one; others beside it have to say the same.
    pub(super) fn read(headers: &HeaderMap) -> Result<Forwarded, Refusal> {
        let scheme = agreed(headers, "x-forwarded-proto")?
            .map(|text| Scheme::parse(&text).ok_or_else(|| conflict("X-Forwarded-Proto", "http or https")))
            .transpose()?;
        let host = agreed(headers, "x-forwarded-host")?
            .map(|text| text.parse().map_err(|_| conflict("X-Forwarded-Host", "a host with an optional port")))
            .transpose()?;
        Ok(Forwarded { scheme, host })
    }
}

fn agreed(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Refusal> {
    let mut agreed: Option<String> = None;
    for header in headers.get_all(name) {
        let text = header.to_str().map_err(|_| conflict(name, "plain text"))?;
        for value in text.split(',').map(|value| value.trim().to_ascii_lowercase()) {
            if agreed.as_ref().is_some_and(|earlier| *earlier != value) {
                return Err(conflict(name, "values that agree"));
            }
            agreed = Some(value);
        }
    }
    Ok(agreed)
}

fn conflict(name: &str, expected: &str) -> Refusal {
    Refusal::new(RefusalKind::ForwardedConflict, format!("{name}: expected {expected}"))
}
