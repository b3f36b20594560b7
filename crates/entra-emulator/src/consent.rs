//! What was agreed to, for whom.

use crate::directory::{App, User};
use crate::scope::Scopes;
use crate::service::Service;

/// The scopes that neither an administrator nor the user agreed to. Administrators do not speak for personal accounts,
/// and customers are never asked.
pub(crate) fn missing(service: &Service, app: &App, scopes: &Scopes, user: &User) -> Vec<String> {
    if user.is_customer() {
        return Vec::new();
    }
    let mut scopes = scopes.all();
    scopes.retain(|scope| {
        let by_admin = !user.is_personal() && app.consented_scopes.iter().any(|consented| consented == scope);
        let configured = scope.ends_with(".default");
        !by_admin && !configured && !service.grants.has_consent(&app.id, &owner(user), scope)
    });
    scopes
}

/// The user agrees to all of these scopes.
pub(crate) fn record(service: &Service, app: &App, scopes: &Scopes, user: &User) {
    service.grants.add_consents(&app.id, &owner(user), &scopes.all());
}

fn owner(user: &User) -> String {
    format!("{}/{}", user.tenant, user.id)
}
