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

/// `GET …/memberOf`
pub(super) fn list(ask: &Ask<'_>, user: &User) -> Answer {
    let groups = ask.directory.groups_of(user).map(|group| {
        json!({ "@odata.type": "#microsoft.graph.group", "id": group.id, "displayName": group.name,
                "securityEnabled": true })
    });
    let groups: Vec<Value> = groups.collect();
    json_answer(200, &json!({ "@odata.context": ask.context("directoryObjects"), "value": groups }))
}
