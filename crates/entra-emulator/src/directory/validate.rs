//! What must hold between the parts of a directory.

mod app;
mod tenant;
mod value;

use std::collections::BTreeSet;

use super::Directory;
use super::error::DirectoryError;

use self::value::{guid, known_tenant, unique, value};

/// Checks ids, names and references.
pub(crate) fn check(directory: &Directory) -> Result<(), DirectoryError> {
    tenant::check(directory)?;
    tenant::check_customers(directory)?;
    users(directory)?;
    groups(directory)?;
    app::check(directory)?;
    managed_identities(directory)
}

fn users(directory: &Directory) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for user in &directory.users {
        let at = |key: &str| format!("user {}, {key}", user.upn);
        guid(&user.id, || at("id"))?;
        known_tenant(directory, &user.tenant, || at("tenant"))?;
        unique(&mut seen, format!("{}/{}", user.tenant, user.id), || at("id"))?;
        if user.upn.is_empty() {
            return Err(value(at("upn"), "is empty".to_owned()));
        }
        let name = format!("{}/{}", user.tenant, user.signs_in_as().to_lowercase());
        unique(&mut seen, name, || at("upn"))?;
    }
    Ok(())
}

fn groups(directory: &Directory) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for group in &directory.groups {
        let at = |key: &str| format!("group {}, {key}", group.name);
        guid(&group.id, || at("id"))?;
        known_tenant(directory, &group.tenant, || at("tenant"))?;
        unique(&mut seen, group.id.clone(), || at("id"))?;
        for member in &group.members {
            if !directory.users.iter().any(|user| user.id == *member && user.tenant == group.tenant) {
                return Err(value(at("members"), format!("no user with id {member:?} in the group's tenant")));
            }
        }
    }
    Ok(())
}

fn managed_identities(directory: &Directory) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for identity in &directory.managed_identities {
        let at = |key: &str| format!("managed identity {}, {key}", identity.name);
        for (key, id) in [("client_id", &identity.client_id), ("id", &identity.id)] {
            guid(id, || at(key))?;
            unique(&mut seen, id.clone(), || at(key))?;
        }
        known_tenant(directory, &identity.tenant, || at("tenant"))?;
    }
    Ok(())
}
