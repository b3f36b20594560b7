//! The only place of this crate that reads the environment.

use std::ffi::OsString;

/// Every variable of the process, in no order. A value that is not UTF-8 is handed on as an error, with its name.
pub(super) fn variables() -> impl Iterator<Item = Result<(String, String), String>> {
    all().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        Some(value.into_string().map(|value| (name.clone(), value)).map_err(|_| name))
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the one door to the environment")]
fn all() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}
