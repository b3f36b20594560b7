//! Our own paths under the prefix.

use std::fmt::Display;

use axum::extract::OriginalUri;
use http::request::Parts;
use url::form_urlencoded;

use crate::{errors::RefusalKind, next_url::NextUrl, refusal::Refusal};

/// `{prefix}/`, with where to go afterwards.
pub(crate) fn login_page(prefix: &str, next: Option<&NextUrl>) -> String {
    with_next(format!("{prefix}/"), next)
}

/// `{prefix}/login/`, or a provider's `{prefix}/{name}/login/`, with where to go afterwards.
pub(crate) fn login(prefix: &str, provider: Option<&str>, next: Option<&NextUrl>) -> String {
    with_next(of_provider(prefix, provider, "login"), next)
}

/// `{prefix}/login/`, where Microsoft lets the user choose an account.
pub(crate) fn another_account(prefix: &str, next: Option<&NextUrl>) -> String {
    with_parameter(&login(prefix, None, next), "prompt", "select_account")
}

/// The same, by who comes from a callback that could not be finished; `mark` says what becomes of that.
pub(crate) fn again(prefix: &str, provider: Option<&str>, next: &NextUrl, mark: impl Display) -> String {
    with_parameter(&login(prefix, provider, Some(next)), "again", mark)
}

/// The same, to prove more than before: `step` is what has to be proved, sealed.
pub(crate) fn step_up(prefix: &str, provider: Option<&str>, next: Option<&NextUrl>, step: &str) -> String {
    with_parameter(&login(prefix, provider, next), "step", step)
}

/// `{prefix}/callback/`, or a provider's `{prefix}/{name}/callback/`: to each its own, so that no provider's answer can
/// arrive as another's (S7).
pub(crate) fn callback(prefix: &str, provider: Option<&str>) -> String {
    of_provider(prefix, provider, "callback")
}

/// `{prefix}/logout/`
pub(crate) fn logout(prefix: &str) -> String {
    of_provider(prefix, None, "logout")
}

/// `{prefix}/reset_password/`, with where to go afterwards.
pub(crate) fn reset_password(prefix: &str, next: Option<&NextUrl>) -> String {
    with_next(of_provider(prefix, None, "reset_password"), next)
}

/// `{prefix}/edit_profile/`, with where to go afterwards.
pub(crate) fn edit_profile(prefix: &str, next: Option<&NextUrl>) -> String {
    with_next(of_provider(prefix, None, "edit_profile"), next)
}

fn of_provider(prefix: &str, provider: Option<&str>, door: &str) -> String {
    match provider {
        Some(name) => format!("{prefix}/{name}/{door}/"),
        None => format!("{prefix}/{door}/"),
    }
}

fn with_parameter(path: &str, name: &str, value: impl Display) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}{name}={value}")
}

fn with_next(path: String, next: Option<&NextUrl>) -> String {
    let Some(next) = next else { return path };
    let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
    format!("{path}?next={next}")
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
