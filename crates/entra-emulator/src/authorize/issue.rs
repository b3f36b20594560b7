//! The code that ends a sign-in.

use crate::aadsts::Refusal;
use crate::answer::Answer;
use crate::call::Call;
use crate::client_info::client_info;
use crate::directory::User;
use crate::faults::{Fault, Point};
use crate::grants::{Code, Login};
use crate::pages;
use crate::session::SignedIn;

use super::request::Request;

/// Gives out a code and sends it to the application.
pub(super) fn code(call: &Call<'_>, request: &Request, user: &User, account: &SignedIn, new_user: bool) -> Answer {
    let faults = call.service.faults.take(Point::AuthorizationResponse);
    for fault in &faults {
        match fault {
            Fault::AuthorizePage(number) => return pages::error(call, &Refusal::of(*number)),
            Fault::AuthorizeError(error) => return request.reply.refuse(call, &Refusal::from(error)),
            _ => {}
        }
    }
    let long = faults.iter().find_map(|fault| match fault {
        Fault::LongCode(length) => Some(*length),
        _ => None,
    });
    let code = Code {
        login: Login { new_user, ..login(call, request, user, account) },
        redirect_uri: request.reply.requested.clone(),
        challenge: request.wanted.challenge.clone(),
        reusable: faults.contains(&Fault::ReusableCode),
        issued: call.now(),
        redeemed: false,
    };
    let code = call.service.grants.add_code(code, long.unwrap_or_default());
    let client_info = request.wanted.client_info.then(|| client_info(&request.segment, user));
    // User flows know no session id.
    let session_state = request.segment.flow().is_none().then_some(account.sid.as_str());
    request.reply.succeed(&code, session_state, client_info.as_deref(), &faults)
}

fn login(call: &Call<'_>, request: &Request, user: &User, account: &SignedIn) -> Login {
    Login {
        number: call.service.grants.new_login(),
        app: request.app.id.clone(),
        user: user.id.clone(),
        tenant: user.tenant.clone(),
        segment: request.segment.clone(),
        scopes: request.wanted.scopes.clone(),
        nonce: request.wanted.nonce.clone(),
        sid: account.sid.clone(),
        auth_time: account.auth_time,
        wants_auth_time: request.wanted.max_age.is_some(),
        new_user: false,
        acrs: request.wanted.acrs.clone(),
    }
}
