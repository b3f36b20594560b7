//! What must hold between the parts of a directory.

mod tenant;

use std::collections::BTreeSet;

use super::redirect_uri;
use super::tenant::PERSONAL_ACCOUNTS;
use super::{App, Directory, DirectoryError};

/// Checks ids, names and references.
pub(crate) fn check(directory: &Directory) -> Result<(), DirectoryError> {
    tenant::check(directory)?;
    tenant::check_customers(directory)?;
    users(directory)?;
    groups(directory)?;
    apps(directory)?;
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

fn apps(directory: &Directory) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for app in &directory.apps {
        let at = |key: &str| format!("app {}, {key}", app.name);
        guid(&app.id, || at("id"))?;
        unique(&mut seen, app.id.clone(), || at("id"))?;
        known_tenant(directory, &app.tenant, || at("tenant"))?;
        for uri in &app.redirect_uris {
            redirect_uri::check(uri, app.audience)?;
        }
        for assignment in &app.role_assignments {
            if !app.roles.iter().any(|role| role.value == assignment.role) {
                return Err(value(at("role_assignments"), format!("no role {:?}", assignment.role)));
            }
        }
        federated_credentials(app)?;
        if let Some(url) = &app.logout_url {
            web_address(url).map_err(|message| value(at("logout_url"), message))?;
        }
    }
    Ok(())
}

/// Microsoft's rules: at most 20, names of 3 to 120 characters, each pair of issuer and subject once.
fn federated_credentials(app: &App) -> Result<(), DirectoryError> {
    let (mut names, mut pairs) = (BTreeSet::new(), BTreeSet::new());
    let at = |key: &str| format!("app {}, {key}", app.name);
    if app.federated_credentials.len() > 20 {
        return Err(value(at("federated_credentials"), "an application has at most 20".to_owned()));
    }
    for credential in &app.federated_credentials {
        let key = format!("federated_credentials, {:?}", credential.name);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !(3..=120).contains(&credential.name.len()) || !credential.name.chars().all(is_name) {
            return Err(value(at(&key), "a name has 3 to 120 letters, digits, - and _".to_owned()));
        }
        let texts =
            [("issuer", &credential.issuer), ("subject", &credential.subject), ("audience", &credential.audience)];
        for (name, text) in texts {
            if text.is_empty() || text.len() > 600 {
                return Err(value(at(&key), format!("{name} has 1 to 600 characters")));
            }
        }
        web_address(&credential.issuer).map_err(|message| value(at(&key), format!("issuer: {message}")))?;
        unique(&mut names, credential.name.clone(), || at(&key))?;
        unique(&mut pairs, format!("{} {}", credential.issuer, credential.subject), || at(&key))?;
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

/// Microsoft wants https even for localhost. The emulator serves http on loopback, so http on loopback is let pass.
fn web_address(text: &str) -> Result<(), String> {
    let url = url::Url::parse(text).map_err(|_| format!("{text:?} is not a URL"))?;
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) | ("http", Some("localhost" | "127.0.0.1" | "[::1]")) => Ok(()),
        _ => Err(format!("{text:?} is neither https nor http on loopback")),
    }
}

fn guid(text: &str, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    let canonical = uuid::Uuid::try_parse(text).is_ok_and(|guid| guid.hyphenated().to_string() == text);
    if canonical { Ok(()) } else { Err(value(at(), format!("{text:?} is not a GUID (lower case, with hyphens)"))) }
}

fn known_tenant(directory: &Directory, id: &str, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    let known = id == PERSONAL_ACCOUNTS || directory.tenants.iter().any(|tenant| tenant.id == id);
    if known { Ok(()) } else { Err(value(at(), format!("no tenant {id:?}"))) }
}

fn unique(seen: &mut BTreeSet<String>, key: String, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    if seen.contains(&key) {
        return Err(value(at(), format!("{key:?} is taken")));
    }
    seen.insert(key);
    Ok(())
}

fn value(at: String, message: String) -> DirectoryError {
    DirectoryError::Value { at, message }
}
