//! What must hold of one value.

use std::collections::BTreeSet;

use crate::directory::Directory;
use crate::directory::error::DirectoryError;
use crate::directory::tenant::PERSONAL_ACCOUNTS;

/// Microsoft wants https even for localhost. The emulator serves http on loopback, so http on loopback is let pass.
pub(super) fn web_address(text: &str) -> Result<(), String> {
    let url = url::Url::parse(text).map_err(|_| format!("{text:?} is not a URL"))?;
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) | ("http", Some("localhost" | "127.0.0.1" | "[::1]")) => Ok(()),
        _ => Err(format!("{text:?} is neither https nor http on loopback")),
    }
}

pub(super) fn guid(text: &str, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    let canonical = uuid::Uuid::try_parse(text).is_ok_and(|guid| guid.hyphenated().to_string() == text);
    if canonical { Ok(()) } else { Err(value(at(), format!("{text:?} is not a GUID (lower case, with hyphens)"))) }
}

pub(super) fn known_tenant(directory: &Directory, id: &str, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    let known = id == PERSONAL_ACCOUNTS || directory.tenants.iter().any(|tenant| tenant.id == id);
    if known { Ok(()) } else { Err(value(at(), format!("no tenant {id:?}"))) }
}

pub(super) fn unique(seen: &mut BTreeSet<String>, key: String, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    if seen.contains(&key) {
        return Err(value(at(), format!("{key:?} is taken")));
    }
    seen.insert(key);
    Ok(())
}

pub(super) fn value(at: String, message: String) -> DirectoryError {
    DirectoryError::Value { at, message }
}
