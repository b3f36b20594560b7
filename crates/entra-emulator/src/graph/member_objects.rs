//! The groups of a user.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, json as json_answer};
use crate::directory::User;

use super::ask::Ask;

#[derive(Deserialize)]
struct Body {
    /// Required; every group of the emulator is a security group, so it changes nothing.
    #[serde(rename = "securityEnabledOnly")]
    _security_enabled_only: bool,
}

/// `POST …/getMemberObjects`: every group is a security group. Not for personal accounts.
pub(super) fn answer(ask: &Ask<'_>, user: &User) -> Answer {
    if serde_json::from_slice::<Body>(&ask.body).is_err() {
        return ask.failure(400, "Request_BadRequest", "The body needs securityEnabledOnly.");
    }
    if user.is_personal() {
        return ask.failure(400, "BadRequest", "Not supported for personal accounts.");
    }
    let ids: Vec<&str> = ask.directory.groups_of(user).map(|group| group.id.as_str()).collect();
    json_answer(200, &json!({ "@odata.context": ask.context("Collection(Edm.String)"), "value": ids }))
}

/// The groups on a page, unless `$top` says otherwise, and the most that it can say.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;

/// `GET …/memberOf`, page by page: `$top` at a time, the next ones at `@odata.nextLink`.
pub(super) fn list(ask: &Ask<'_>, user: &User) -> Answer {
    let number = |name: &str| ask.query.get(name).map(str::parse::<usize>).transpose();
    let (Ok(top), Ok(before)) = (number("$top"), number("$skiptoken")) else {
        return ask.failure(400, "BadRequest", "Invalid page size or skip token.");
    };
    let (top, before) = (top.unwrap_or(PAGE), before.unwrap_or(0));
    if !(1..=LARGEST_PAGE).contains(&top) {
        return ask.failure(400, "BadRequest", "Invalid page size specified. Must be between 1 and 999 inclusive.");
    }
    let groups = ask.directory.groups_of(user).map(|group| {
        json!({ "@odata.type": "#microsoft.graph.group", "id": group.id, "displayName": group.name,
                "securityEnabled": true })
    });
    let mut rest = groups.skip(before);
    let page: Vec<Value> = rest.by_ref().take(top).collect();
    let mut body = json!({ "@odata.context": ask.context("directoryObjects"), "value": page });
    if rest.next().is_some() {
        let whose = if ask.caller.is(user) { "me".to_owned() } else { format!("users/{}", user.id) };
        let next = format!("{}/graph/v1.0/{whose}/memberOf?$top={top}&$skiptoken={}", ask.call.base, before + top);
        body["@odata.nextLink"] = json!(next);
    }
    json_answer(200, &body)
}
