//! The route table.

use http::Method;

use crate::admin;
use crate::answer::{Answer, text};
use crate::authorize;
use crate::call::Call;
use crate::device;
use crate::discovery;
use crate::endpoint::Endpoint;
use crate::graph;
use crate::home;
use crate::logout;
use crate::managed_identity;
use crate::place::Place;
use crate::token;
use crate::workload;

/// Answers a request by the segments of its path.
pub(crate) fn answer(call: &Call<'_>, segments: &[&str]) -> Answer {
    match segments {
        [""] => read_only(call, home::answer),
        ["_emulator", rest @ ..] => admin::answer(call, rest),
        ["_workload", rest @ ..] => read_only(call, |call| workload::answer(call, rest)),
        ["metadata", "identity", "oauth2", "token"] => read_only(call, managed_identity::virtual_machine),
        ["msi", "token"] => read_only(call, managed_identity::app_service),
        ["graph", rest @ ..] => graph::answer(call, rest),
        [_, "discovery", "instance"] => read_only(call, discovery::instance),
        _ => below_tenant(call, segments),
    }
}

fn below_tenant(call: &Call<'_>, segments: &[&str]) -> Answer {
    let Some((endpoint, place)) = Place::of(segments, call.query.get("p")) else { return nothing() };
    match endpoint {
        Endpoint::Discovery => read_only(call, |call| discovery::configuration(call, &place)),
        Endpoint::Keys => read_only(call, |call| discovery::keys(call, &place)),
        Endpoint::Authorize => authorize::answer(call, &place),
        Endpoint::SignIn => authorize::choice(call, &place),
        Endpoint::Token => token::answer(call, &place),
        Endpoint::DeviceCode => device::authorize(call, &place),
        Endpoint::DeviceLogin => device::enter(call),
        Endpoint::Logout => logout::answer(call, &place),
        Endpoint::UserInfo => graph::answer(call, &["oidc", "userinfo"]),
        _ => nothing(),
    }
}

fn nothing() -> Answer {
    text(404, "The emulator has nothing here.\n")
}

fn read_only(call: &Call<'_>, answer: impl FnOnce(&Call<'_>) -> Answer) -> Answer {
    if matches!(call.method, Method::GET | Method::HEAD) {
        answer(call)
    } else {
        text(405, "Only GET is served here.\n")
    }
}
