//! The settings file and the files of secrets.

use std::{fs::File, io::Read as _, path::Path};

/// A settings file is at most this long.
pub(super) const SETTINGS_LIMIT: u64 = 1024 * 1024;
/// A file of certificates is at most this long.
pub(super) const CA_LIMIT: u64 = 1024 * 1024;
/// A secret's file is at most this long.
pub(super) const SECRET_LIMIT: u64 = 64 * 1024;

/// The text of a file, bounded while it is read. The error names what is wrong, without the path and without the
/// content.
pub(super) fn text(path: &Path, limit: u64) -> Result<String, String> {
    String::from_utf8(bytes(path, limit)?).map_err(|_| "it is not UTF-8".to_owned())
}

/// The bytes of a file, likewise.
pub(super) fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        return Err(format!("it is longer than {limit} bytes"));
    }
    Ok(bytes)
}

/// The TOML text as a table. The error says where and what, but not the line itself, which may hold a secret.
pub(super) fn table(text: &str) -> Result<toml::Table, String> {
    text.parse::<toml::Table>().map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| {
            let before = text.get(..span.start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
            format!("line {line}, column {column}: ")
        });
        format!("{place}{}", error.message())
    })
}
