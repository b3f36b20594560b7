//! Our own paths under the prefix.

use axum::extract::OriginalUri;
use http::request::Parts;
use url::form_urlencoded;

use crate::{errors::RefusalKind, next_url::NextUrl, refusal::Refusal};

/// `{prefix}/`, with where to go afterwards.
pub(crate) fn login_page(prefix: &str, next: Option<&NextUrl>) -> String {
    with_next(format!("{prefix}/"), next)
}

/// `{prefix}/login/`, with where to go afterwards.
pub(crate) fn login(prefix: &str, next: Option<&NextUrl>) -> String {
    with_next(format!("{prefix}/login/"), next)
}

fn with_next(path: String, next: Option<&NextUrl>) -> String {
    let Some(next) = next else { return path };
    let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
    format!("{path}?next={next}")
}

/// `{prefix}/logout/`
pub(crate) fn logout(prefix: &str) -> String {
    format!("{prefix}/logout/")
}

/// Our routes must stand where `prefix` says, or the redirect URI would lead elsewhere.
///
/// # Errors
/// E324 `PrefixMismatch`, which names both.
pub(crate) fn check(parts: &Parts, prefix: &str) -> Result<(), Refusal> {
    let path = parts.extensions.get::<OriginalUri>().map_or(parts.uri.path(), |original| original.0.path());
    if path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::PrefixMismatch, format!("expected a path under {prefix:?} (prefix), got {path:?}")))
}
