//! Microsoft Graph, below `/graph`.

mod access;
mod ask;
mod batch;
mod failure;
mod member_objects;
mod photo;
mod resource;
mod user;
mod userinfo;

use crate::answer::Answer;
use crate::call::Call;

use self::access::Caller;
use self::ask::Ask;
pub(crate) use self::failure::failure;
use self::failure::refuse;

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
        ["v1.0", rest @ ..] => resource::answer(&ask, rest),
        _ => ask.failure(400, "BadRequest", "Invalid version."),
    }
}
