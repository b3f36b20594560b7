//! A directory written as TOML.

mod app;
mod credentials;
mod group;
mod reader;
mod tenant;
mod user;

use serde::Deserialize;

use super::Directory;
use super::error::DirectoryError;
use super::validate;

use self::app::WrittenApp;
use self::credentials::WrittenIdentity;
use self::group::WrittenGroup;
use self::reader::{Reader, line_of};
use self::tenant::WrittenTenant;
use self::user::WrittenUser;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    tenant: Vec<WrittenTenant>,
    #[serde(default)]
    user: Vec<WrittenUser>,
    #[serde(default)]
    group: Vec<WrittenGroup>,
    #[serde(default)]
    app: Vec<WrittenApp>,
    #[serde(default)]
    managed_identity: Vec<WrittenIdentity>,
}

impl Directory {
    /// Reads a directory from TOML, see the crate's README for the tables.
    ///
    /// # Errors
    ///
    /// The text is not TOML, has an unknown key, or contradicts itself; the error names line and key.
    pub fn from_toml(text: &str) -> Result<Self, DirectoryError> {
        read(text)
    }
}

fn read(text: &str) -> Result<Directory, DirectoryError> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        DirectoryError::Text { line: line_of(text, start), message: error.message().to_owned() }
    })?;
    let mut directory = Directory::empty();
    for tenant in written.tenant {
        let tenant = tenant.into_tenant().map_err(|wrong| DirectoryError::Text {
            line: line_of(text, wrong.start),
            message: wrong.message.to_owned(),
        })?;
        directory.tenants.push(tenant);
    }
    let mut reader = Reader { text, directory };
    for user in written.user {
        reader.user(user)?;
    }
    for group in written.group {
        reader.group(&group)?;
    }
    for app in written.app {
        reader.app(app)?;
    }
    for identity in written.managed_identity {
        reader.managed_identity(&identity)?;
    }
    validate::check(&reader.directory)?;
    Ok(reader.directory)
}
