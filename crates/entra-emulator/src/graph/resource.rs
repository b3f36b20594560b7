//! What lies below `/v1.0`.

use http::Method;

use crate::answer::Answer;

use super::ask::Ask;
use super::failure::{DENIED, refuse};
use super::{member_objects, photo, user};

/// Answers by the segments of the path.
pub(super) fn answer(ask: &Ask<'_>, segments: &[&str]) -> Answer {
    let (user, rest) = match segments {
        ["me", rest @ ..] => (ask.me(), rest),
        ["users", id, rest @ ..] => (ask.other(id), rest),
        _ => return ask.failure(400, "BadRequest", "Resource not found for the segment."),
    };
    let user = match user {
        Ok(user) => user,
        Err(failure) => return refuse(ask.call, &failure),
    };
    let get = matches!(ask.method, Method::GET | Method::HEAD);
    match rest {
        [] if get => user::answer(ask, user, segments.first() == Some(&"me")),
        ["photo", "$value"] if get => photo::value(ask, user, photo::DEFAULT),
        ["photo"] if get => photo::metadata(ask, user, photo::DEFAULT),
        ["photos", size] if get => photo::metadata(ask, user, size),
        ["photos", size, "$value"] if get => photo::value(ask, user, size),
        ["memberOf" | "getMemberObjects"] if !ask.caller.reads_all_of(user) => refuse(ask.call, &DENIED),
        ["memberOf"] if get => member_objects::list(ask, user),
        ["getMemberObjects"] if ask.method == Method::POST => member_objects::answer(ask, user),
        _ => ask.failure(400, "BadRequest", "Resource not found for the segment."),
    }
}
