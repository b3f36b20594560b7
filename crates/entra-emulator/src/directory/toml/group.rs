//! A group as TOML has it.

use serde::Deserialize;
use toml::Spanned;

use crate::directory::error::DirectoryError;
use crate::directory::group::Group;

use super::reader::Reader;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenGroup {
    id: String,
    tenant: Spanned<String>,
    name: String,
    #[serde(default)]
    members: Vec<Spanned<String>>,
}

impl Reader<'_> {
    pub(super) fn group(&mut self, written: &WrittenGroup) -> Result<(), DirectoryError> {
        let tenant = self.tenant(&written.tenant)?;
        let mut group = Group::new(&written.id, &tenant, &written.name);
        for name in &written.members {
            group.members.push(self.user_id(&tenant, name, "members")?);
        }
        self.directory.groups.push(group);
        Ok(())
    }
}
