//! What must hold of applications.

use std::collections::BTreeSet;

use crate::directory::Directory;
use crate::directory::app::App;
use crate::directory::error::DirectoryError;
use crate::directory::redirect_uri;

use super::value::{guid, known_tenant, unique, value, web_address};

pub(super) fn check(directory: &Directory) -> Result<(), DirectoryError> {
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
