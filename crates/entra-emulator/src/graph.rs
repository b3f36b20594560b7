//! Microsoft Graph, below `/graph`.

mod access;
mod batch;
mod failure;
mod member_objects;
mod photo;
mod user;
mod userinfo;

use bytes::Bytes;
use http::Method;
use http::header::WWW_AUTHENTICATE;

use crate::call::{Answer, Call, add_header};
use crate::directory::{Directory, User};
use crate::params::Params;

use self::access::Caller;
use self::failure::Failure;
pub(crate) use self::failure::failure;

/// A request to Graph, by itself or inside a batch.
struct Ask<'a> {
    call: &'a Call<'a>,
    directory: &'a Directory,
    caller: &'a Caller,
    method: Method,
    query: Params,
    body: Bytes,
}

/// `/graph/…`
pub(crate) fn answer(call: &Call<'_>, segments: &[&str]) -> Answer {
    let directory = call.service.directory.read();
    let caller = match Caller::of(call) {
        Ok(caller) => caller,
        Err(failure) => return refuse(call, &failure),
    };
    let ask = Ask {
        call,
        directory: &directory,
        caller: &caller,
        method: call.method.clone(),
        query: call.query.clone(),
        body: call.body.clone(),
    };
    match segments {
        ["oidc", "userinfo"] => userinfo::answer(&ask),
        ["v1.0", "$batch"] => batch::answer(&ask),
        ["v1.0", rest @ ..] => ask.resource(rest),
        _ => ask.failure(400, "BadRequest", "Invalid version."),
    }
}

const DENIED: Failure = Failure {
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
};

/// A failure as an answer; 401 says where tokens come from.
fn refuse(call: &Call<'_>, failure: &Failure) -> Answer {
    let mut answer = self::failure(call.now(), failure.status, failure.code, failure.message);
    if failure.status == 401 {
        let authorize = format!("{}/common/oauth2/authorize", call.base);
        let challenge = format!("Bearer realm=\"\", authorization_uri=\"{authorize}\"");
        add_header(&mut answer, WWW_AUTHENTICATE, &challenge);
    }
    answer
}

impl Ask<'_> {
    /// Anything below `/v1.0`.
    fn resource(&self, segments: &[&str]) -> Answer {
        let (user, rest) = match segments {
            ["me", rest @ ..] => (self.me(), rest),
            ["users", id, rest @ ..] => (self.other(id), rest),
            _ => return self.failure(400, "BadRequest", "Resource not found for the segment."),
        };
        let user = match user {
            Ok(user) => user,
            Err(failure) => return refuse(self.call, &failure),
        };
        let get = matches!(self.method, Method::GET | Method::HEAD);
        match rest {
            [] if get => user::answer(self, user, segments.first() == Some(&"me")),
            ["photo", "$value"] if get => photo::value(self, user, photo::DEFAULT),
            ["photo"] if get => photo::metadata(self, user, photo::DEFAULT),
            ["photos", size] if get => photo::metadata(self, user, size),
            ["photos", size, "$value"] if get => photo::value(self, user, size),
            ["memberOf"] if get => member_objects::list(self, user),
            ["getMemberObjects"] if self.method == Method::POST => member_objects::answer(self, user),
            _ => self.failure(400, "BadRequest", "Resource not found for the segment."),
        }
    }

    /// The signed-in user. An application by itself is nobody, and the scope must allow reading.
    fn me(&self) -> Result<&User, Failure> {
        let Some(login) = &self.caller.access.login else {
            let message = "/me request is only valid with delegated authentication flow.";
            return Err(Failure { status: 400, code: "BadRequest", message });
        };
        let user = self.directory.users.iter().find(|user| user.id == login.user && user.tenant == login.tenant);
        let gone = Failure { status: 401, code: "InvalidAuthenticationToken", message: "The user is gone." };
        let user = user.ok_or(gone)?;
        if self.caller.reads_profile(user.is_personal()) { Ok(user) } else { Err(DENIED) }
    }

    /// A user of the caller's tenant, by object id or UPN.
    fn other(&self, id: &str) -> Result<&User, Failure> {
        let mut users = self.directory.users.iter().filter(|user| user.tenant == self.caller.access.tenant);
        let user = users.find(|user| user.id.eq_ignore_ascii_case(id) || user.upn.eq_ignore_ascii_case(id));
        let is_self = user.is_some_and(|user| self.caller.is(user));
        if !(self.caller.reads_others() || is_self && self.caller.reads_profile(false)) {
            return Err(DENIED);
        }
        let message = "There is no such user.";
        user.ok_or(Failure { status: 404, code: "Request_ResourceNotFound", message })
    }

    fn failure(&self, status: u16, code: &str, message: &str) -> Answer {
        failure(self.call.now(), status, code, message)
    }

    /// `@odata.context`
    fn context(&self, of: &str) -> String {
        format!("{}/graph/v1.0/$metadata#{of}", self.call.base)
    }
}
