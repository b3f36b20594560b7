//! Certificate authorities to trust beside the system's.

use super::{Settings, file};
use crate::errors::{Check, Finding};

impl Settings {
    /// The content of `ca_file`; none when it is not set.
    pub(crate) fn extra_roots(&self) -> Result<Option<Vec<u8>>, Finding> {
        let Some(path) = &self.ca_file else { return Ok(None) };
        let unreadable = |why| {
            Finding::new(
                Check::CaFile,
                Some("ca_file"),
                format!("The file {} of `ca_file` cannot be read: {why}.", path.display()),
            )
        };
        file::text(path, file::CA_LIMIT).map(|text| Some(text.into_bytes())).map_err(unreadable)
    }
}
