//! One question to Graph.

use bytes::Bytes;
use http::Method;

use crate::answer::Answer;
use crate::call::Call;
use crate::directory::{Directory, User};
use crate::params::Params;

use super::access::Caller;
use super::failure::{DENIED, Failure, failure};

/// A request to Graph, by itself or inside a batch.
pub(super) struct Ask<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) directory: &'a Directory,
    pub(super) caller: &'a Caller,
    pub(super) method: Method,
    pub(super) query: Params,
    pub(super) body: Bytes,
}

impl Ask<'_> {
    /// The signed-in user. An application by itself is nobody, and the scope must allow reading.
    pub(super) fn me(&self) -> Result<&User, Failure> {
        let Some(login) = &self.caller.access.login else {
            let message = "/me request is only valid with delegated authentication flow.";
            return Err(Failure { status: 400, code: "BadRequest", message });
        };
        let user = self.directory.object(&login.tenant, &login.user);
        let gone = Failure { status: 401, code: "InvalidAuthenticationToken", message: "The user is gone." };
        let user = user.ok_or(gone)?;
        if self.caller.reads_profile(user.is_personal()) { Ok(user) } else { Err(DENIED) }
    }

    /// A user of the caller's tenant, by object id or UPN.
    pub(super) fn other(&self, id: &str) -> Result<&User, Failure> {
        let mut users = self.directory.users.iter().filter(|user| user.tenant == self.caller.access.tenant);
        let user = users.find(|user| user.id.eq_ignore_ascii_case(id) || user.upn.eq_ignore_ascii_case(id));
        let is_self = user.is_some_and(|user| self.caller.is(user));
        if !(self.caller.reads_others() || is_self && self.caller.reads_profile(false)) {
            return Err(DENIED);
        }
        let message = "There is no such user.";
        user.ok_or(Failure { status: 404, code: "Request_ResourceNotFound", message })
    }

    pub(super) fn failure(&self, status: u16, code: &str, message: &str) -> Answer {
        failure(self.call.now(), status, code, message)
    }

    /// `@odata.context`
    pub(super) fn context(&self, of: &str) -> String {
        format!("{}/graph/v1.0/$metadata#{of}", self.call.base)
    }
}
