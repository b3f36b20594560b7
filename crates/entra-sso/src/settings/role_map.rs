//! `role_map`, read.

use super::{Settings, raw::quoted};
use crate::{
    errors::{Check, Finding},
    roles::{Named, Permissions, RoleMap},
};

impl Settings {
    /// `role_map` as a rule.
    pub(crate) fn role_map(&self) -> Result<RoleMap, Finding> {
        let entries = self.role_map.iter().map(|(name, gives)| entry(name, gives));
        entries.collect::<Result<_, _>>().map(RoleMap::new)
    }
}

fn entry(name: &str, gives: &str) -> Result<(Named, Permissions), Finding> {
    let refuse = |why: String| Finding::new(Check::RoleMapInvalid, Some("role_map"), format!("`role_map`: {why}."));
    let named = Named::parse(name).ok_or_else(|| refuse(format!("{} is neither a role nor a group", quoted(name))))?;
    let permissions = Permissions::parse(gives)
        .ok_or_else(|| refuse(format!("{} gives {}, which is no permission", quoted(name), quoted(gives))))?;
    Ok((named, permissions))
}
