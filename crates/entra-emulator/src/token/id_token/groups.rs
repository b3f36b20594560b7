//! `roles`, `groups`, and what stands in their place when there are too many.

use serde_json::json;

use crate::cloud::Cloud;
use crate::directory::{App, Directory, User};

use super::{Claims, put, roles};

/// More groups than this do not fit in a token.
const MOST: usize = 200;

pub(super) fn add(claims: &mut Claims, directory: &Directory, app: &App, user: &User, cloud: Cloud) {
    let roles = roles(directory, app, user);
    if !roles.is_empty() {
        put(claims, "roles", roles);
    }
    if !app.group_claims {
        return;
    }
    let groups: Vec<String> = directory.groups_of(user).map(|group| group.id.clone()).collect();
    match groups.len() {
        0 => {}
        1..=MOST => put(claims, "groups", groups),
        _ => overage(claims, user, cloud),
    }
}

/// The endpoint that Microsoft names here belongs to a service that is switched off; clients must not call it.
pub(super) fn overage(claims: &mut Claims, user: &User, cloud: Cloud) {
    claims.remove("groups");
    let host = cloud.legacy_graph_host().unwrap_or("graph.windows.net");
    let endpoint = format!("https://{host}/{}/users/{}/getMemberObjects", user.tenant, user.id);
    put(claims, "_claim_names", json!({ "groups": "src1" }));
    put(claims, "_claim_sources", json!({ "src1": { "endpoint": endpoint } }));
}
