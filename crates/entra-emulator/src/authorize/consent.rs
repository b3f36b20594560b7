//! Consent: what was agreed to, and the page that asks.

use crate::call::{Answer, Call};
use crate::directory::{Directory, User};
use crate::pages;
use crate::service::Service;

use super::request::Request;

/// The scopes that neither an administrator nor the user agreed to. Administrators do not speak for personal accounts,
/// and customers are never asked.
pub(super) fn missing(service: &Service, request: &Request, user: &User) -> Vec<String> {
    if user.is_customer() {
        return Vec::new();
    }
    let app = &request.app;
    let mut scopes = request.scopes.all();
    scopes.retain(|scope| {
        let by_admin = !user.is_personal() && app.consented_scopes.iter().any(|consented| consented == scope);
        let configured = scope.ends_with(".default");
        !by_admin && !configured && !service.grants.has_consent(&app.id, &owner(user), scope)
    });
    scopes
}

pub(super) fn record(service: &Service, request: &Request, user: &User) {
    service.grants.add_consents(&request.app.id, &owner(user), &request.scopes.all());
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
