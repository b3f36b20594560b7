//! The route table.

use http::Method;

use crate::admin;
use crate::authorize;
use crate::call::{Answer, Call, text};
use crate::discovery;
use crate::graph;
use crate::home;
use crate::logout;
use crate::token;

/// Answers a request by the segments of its path.
pub(crate) fn answer(call: &Call<'_>, segments: &[&str]) -> Answer {
    match segments {
        [""] => read_only(call, home::answer),
        ["_emulator", rest @ ..] => admin::answer(call, rest),
        ["graph", rest @ ..] => graph::answer(call, rest),
        [tenant, "v2.0", ".well-known", "openid-configuration"] => {
            read_only(call, |call| discovery::configuration(call, tenant))
        }
        ["common", "discovery", "instance"] => read_only(call, discovery::instance),
        [tenant, "discovery", "v2.0", "keys"] => read_only(call, |call| discovery::keys(call, tenant)),
        [tenant, "oauth2", "v2.0", "authorize"] => authorize::answer(call, tenant),
        [tenant, "login"] => authorize::choice(call, tenant),
        [tenant, "oauth2", "v2.0", "token"] => token::answer(call, tenant),
        [_, "oauth2", "v2.0", "logout"] => logout::answer(call),
        _ => text(404, "The emulator has nothing here.\n"),
    }
}

fn read_only(call: &Call<'_>, answer: impl FnOnce(&Call<'_>) -> Answer) -> Answer {
    if matches!(call.method, Method::GET | Method::HEAD) {
        answer(call)
    } else {
        text(405, "Only GET is served here.\n")
    }
}
