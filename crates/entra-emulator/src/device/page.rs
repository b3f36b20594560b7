//! The page where a person enters a device's code and signs in.

use http::Method;
use http::header::SET_COOKIE;

use crate::aadsts::Refusal;
use crate::answer::{Answer, add_header, text};
use crate::call::Call;
use crate::consent;
use crate::directory::{App, Directory, User};
use crate::grants::{DeviceCode, DeviceState, Login};
use crate::pages;
use crate::params::Params;
use crate::session::SignedIn;

/// A code that waits for its person, and who asked for it.
struct Entered<'a> {
    call: &'a Call<'a>,
    directory: &'a Directory,
    app: &'a App,
    code: DeviceCode,
}

/// `/{tenant}/oauth2/deviceauth`: the code first, then the account, then consent where it is missing.
pub(crate) fn answer(call: &Call<'_>) -> Answer {
    match call.method {
        Method::GET | Method::HEAD => pages::device(call, None),
        Method::POST if call.is_foreign() => text(403, "Only the emulator's own pages post here.\n"),
        Method::POST => entered(call),
        _ => text(405, "Only GET and POST are served here.\n"),
    }
}

fn entered(call: &Call<'_>) -> Answer {
    // The pages that follow carry the code along, as they carry an authorization request.
    let request = Params::parse(call.form.get("request").unwrap_or_default().as_bytes());
    let typed = call.form.get("user_code").or_else(|| request.get("user_code")).unwrap_or_default();
    let directory = call.service.directory.read();
    let unknown = || pages::device(call, Some("AADSTS70018: That code is not known. Check it and try again."));
    let Some(code) = call.service.grants.device_codes.waiting(typed, call.now()) else { return unknown() };
    let Some(app) = directory.app(&code.app) else { return unknown() };
    let entered = Entered { call, directory: &directory, app, code };
    let name = call.form.get("account").or_else(|| call.form.get("other_account"));
    match (call.form.get("decision"), name) {
        (Some("cancel" | "decline"), _) => entered.decline(),
        (Some("accept"), Some(name)) => entered.accepted(name),
        (_, Some(name)) => entered.picked(name),
        (_, None) => entered.ask(None),
    }
}

impl Entered<'_> {
    fn ask(&self, problem: Option<&str>) -> Answer {
        let call = self.call;
        pages::accounts(&pages::AccountsPage {
            directory: self.directory,
            app: self.app,
            action: action(call),
            request: self.request(),
            accounts: self.code.segment.accounts(self.directory, self.app),
            session: &call.session(),
            hint: None,
            problem,
            customers: false,
            forgets: false,
        })
    }

    fn picked(&self, name: &str) -> Answer {
        let call = self.call;
        let user = match self.code.segment.account(self.directory, self.app, name) {
            Ok(user) => user,
            Err(refusal) if refusal.number == 50034 => {
                return self.ask(Some("AADSTS50034: There is no such account here."));
            }
            Err(refusal) => return pages::error(call, &refusal),
        };
        if !user.enabled {
            return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
        }
        if !self.directory.is_assigned(self.app, user) {
            return pages::error(call, &Refusal::of(50105).about(user.signs_in_as()));
        }
        let account = call.sign_in(self.code.segment.realm(), user.signs_in_as());
        let missing = consent::missing(call.service, self.app, &self.code.scopes, user);
        let mut answer = if missing.is_empty() { self.approve(user, &account) } else { self.ask_consent(user) };
        add_header(&mut answer, SET_COOKIE, &call.service.set_cookie(&account.cookie, ""));
        answer
    }

    /// Consent was given by somebody who picked the account a moment ago.
    fn accepted(&self, name: &str) -> Answer {
        let call = self.call;
        let session = call.session();
        let account = session.find(self.code.segment.realm(), name);
        let user = self.code.segment.account(self.directory, self.app, name).ok();
        let (Some(account), Some(user)) =
            (account, user.filter(|user| user.enabled && self.directory.is_assigned(self.app, user)))
        else {
            return self.ask(Some("Please pick the account again."));
        };
        consent::record(call.service, self.app, &self.code.scopes, user);
        self.approve(user, account)
    }

    fn ask_consent(&self, user: &User) -> Answer {
        pages::consent(&pages::ConsentPage {
            directory: self.directory,
            app: self.app,
            action: action(self.call),
            request: self.request(),
            user,
            scopes: self.code.scopes.all(),
        })
    }

    fn approve(&self, user: &User, account: &SignedIn) -> Answer {
        let Self { call, code, .. } = self;
        let login = Login {
            number: call.service.grants.new_login(),
            app: code.app.clone(),
            user: user.id.clone(),
            tenant: user.tenant.clone(),
            segment: code.segment.clone(),
            scopes: code.scopes.clone(),
            nonce: None,
            sid: account.sid.clone(),
            auth_time: account.auth_time,
            wants_auth_time: false,
            new_user: false,
            acrs: Vec::new(),
        };
        self.decide(DeviceState::Approved(Box::new(login)));
        pages::device_done(&self.app.name, true)
    }

    fn decline(&self) -> Answer {
        self.decide(DeviceState::Declined);
        pages::device_done(&self.app.name, false)
    }

    fn decide(&self, state: DeviceState) {
        self.call.service.grants.device_codes.decide(&self.code.user_code, state);
    }

    fn request(&self) -> String {
        format!("user_code={}", self.code.user_code)
    }
}

fn action(call: &Call<'_>) -> String {
    format!("{}/common/oauth2/deviceauth", call.base)
}
