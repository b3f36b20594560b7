//! The emulator's own pages.

mod account;
pub(crate) mod customer;
mod render;

use serde_json::{Value, json};

use crate::aadsts::Refusal;
use crate::answer::Answer;
use crate::call::Call;
use crate::directory::{App, Directory, Tenant, User, UserFlow};
use crate::login_hint::hint_of;
use crate::params::Params;
use crate::session::{Session, SignedIn};

use self::account::{ListedAccount, listed, publisher, signed_in};
use self::render::render;

/// What the account page shows.
pub(crate) struct AccountsPage<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) app: &'a App,
    /// Where the form posts to.
    pub(crate) action: String,
    /// The authorization request, form-encoded.
    pub(crate) request: String,
    pub(crate) accounts: Vec<&'a User>,
    pub(crate) session: &'a Session,
    pub(crate) hint: Option<&'a str>,
    pub(crate) problem: Option<&'a str>,
    /// Customers can sign up.
    pub(crate) customers: bool,
    /// A password can be forgotten.
    pub(crate) forgets: bool,
}

/// What the consent page shows.
pub(crate) struct ConsentPage<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) app: &'a App,
    pub(crate) action: String,
    pub(crate) request: String,
    pub(crate) user: &'a User,
    pub(crate) scopes: Vec<String>,
}

/// Which account?
pub(crate) fn accounts(page: &AccountsPage<'_>) -> Answer {
    let mut accounts: Vec<ListedAccount> =
        page.accounts.iter().map(|user| listed(page.directory, user, page.session)).collect();
    // The account that was hinted at comes first, then those that are signed in.
    let hinted = |account: &ListedAccount| page.hint.is_some_and(|hint| account.address.eq_ignore_ascii_case(hint));
    accounts.sort_by_key(|account| (!hinted(account), !account.signed_in));
    let unlisted = page.hint.filter(|_| !accounts.first().is_some_and(hinted));
    let values = json!({
        "app": page.app.name,
        "publisher": publisher(page.directory, page.app),
        "action": page.action,
        "request": page.request,
        "accounts": accounts,
        "unlisted": unlisted,
        "problem": page.problem,
        "customers": page.customers,
        "forgets": page.forgets,
    });
    render("accounts.html", values)
}

/// May the application?
pub(crate) fn consent(page: &ConsentPage<'_>) -> Answer {
    let values = json!({
        "app": page.app.name,
        "publisher": publisher(page.directory, page.app),
        "action": page.action,
        "request": page.request,
        "account": page.user.signs_in_as(),
        "scopes": page.scopes,
    });
    render("consent.html", values)
}

/// An error that the application is not told, with status 200 as Microsoft sends it.
pub(crate) fn error(call: &Call<'_>, refusal: &Refusal) -> Answer {
    let trace = call.trace();
    let refusal = call.worded(refusal);
    let values = json!({
        "prefix": refusal.family.prefix(),
        "number": refusal.number,
        "text": refusal.text,
        "lines": trace.lines(),
    });
    render("error.html", values)
}

/// Which code does the device show?
pub(crate) fn device(call: &Call<'_>, problem: Option<&str>) -> Answer {
    let action = format!("{}/common/oauth2/deviceauth", call.base);
    render("device.html", json!({ "action": action, "problem": problem }))
}

/// The device may go on, or not.
pub(crate) fn device_done(app: &str, approved: bool) -> Answer {
    render("device_done.html", json!({ "app": app, "approved": approved }))
}

/// A page that posts itself to the application.
pub(crate) fn form_post(action: &str, parameters: &[(&str, &str)]) -> Answer {
    render("form_post.html", json!({ "action": action, "fields": parameters }))
}

/// Which account signs out?
pub(crate) fn sign_out(parameters: &Params, path: &str, accounts: &[&SignedIn]) -> Answer {
    let accounts = accounts.iter().map(|account| (account.name.as_str(), hint_of(&account.name)));
    let accounts: Vec<(&str, String)> = accounts.collect();
    let fields: Vec<(&str, &str)> = parameters.iter().filter(|(name, _)| *name != "logout_hint").collect();
    render("sign_out.html", json!({ "action": path, "accounts": accounts, "fields": fields }))
}

/// Signed out; `frames` tell applications so.
pub(crate) fn signed_out(frames: &[String], next: Option<&str>) -> Answer {
    render("signed_out.html", json!({ "frames": frames, "next": next }))
}

/// The emulator's first page.
pub(crate) fn home(call: &Call<'_>, directory: &Directory) -> Answer {
    let session = call.session();
    let users: Vec<ListedAccount> = directory.users.iter().map(|user| listed(directory, user, &session)).collect();
    let apps: Vec<(&str, &str)> = directory.apps.iter().map(|app| (app.id.as_str(), app.name.as_str())).collect();
    let values = json!({
        "base": call.base,
        "tenants": directory.tenants.iter().map(listed_tenant).collect::<Vec<_>>(),
        "apps": apps,
        "users": users,
        "signed_in": signed_in(&session),
    });
    render("home.html", values)
}

/// A tenant with the addresses of its discovery documents: one, or one for each user flow.
fn listed_tenant(tenant: &Tenant) -> Value {
    let places: Vec<Value> = match tenant.as_b2c() {
        Some(b2c) => {
            let path = |flow: &UserFlow| json!({ "path": format!("{}/{}", tenant.id, flow.name), "name": flow.name });
            b2c.user_flows.iter().map(path).collect()
        }
        None => vec![json!({ "path": tenant.id, "name": tenant.id })],
    };
    json!({ "name": tenant.name, "domains": tenant.domains, "places": places })
}
