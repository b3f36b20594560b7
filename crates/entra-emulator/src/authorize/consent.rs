//! Consent: what was agreed to, and the page that asks.

use crate::call::{Answer, Call};
use crate::directory::{App, Directory, User};
use crate::pages;
use crate::scope::Scopes;
use crate::service::Service;

use super::request::Request;

/// The scopes that neither an administrator nor the user agreed to. Administrators do not speak for personal accounts,
/// and customers are never asked.
pub(crate) fn missing_consent(service: &Service, app: &App, scopes: &Scopes, user: &User) -> Vec<String> {
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

pub(super) fn missing(service: &Service, request: &Request, user: &User) -> Vec<String> {
    missing_consent(service, &request.app, &request.scopes, user)
}

/// The user agrees to all of these scopes.
pub(crate) fn record_consent(service: &Service, app: &App, scopes: &Scopes, user: &User) {
    service.grants.add_consents(&app.id, &owner(user), &scopes.all());
}

pub(super) fn record(service: &Service, request: &Request, user: &User) {
    record_consent(service, &request.app, &request.scopes, user);
}

/// The page that asks for everything that was requested.
pub(super) fn ask(call: &Call<'_>, directory: &Directory, request: &Request, user: &User) -> Answer {
    pages::consent(&pages::ConsentPage {
        directory,
        app: &request.app,
        action: request.action(call),
        request: request.parameters.encode(),
        user,
        scopes: request.scopes.all(),
    })
}

fn owner(user: &User) -> String {
    format!("{}/{}", user.tenant, user.id)
}
