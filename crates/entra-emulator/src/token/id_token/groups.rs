//! `roles`, `groups`, and what stands in their place when there are too many.

use serde_json::json;

use crate::cloud::Cloud;
use crate::directory::{App, Directory, User};
use crate::token::claims::Claims;

/// More groups than this do not fit in a token.
const MOST: usize = 200;

pub(super) fn add(claims: &mut Claims, directory: &Directory, app: &App, user: &User, cloud: Cloud) {
    let roles = roles(directory, app, user);
    if !roles.is_empty() {
        claims.put("roles", roles);
    }
    if !app.group_claims {
        return;
    }
    let groups: Vec<String> = directory.groups_of(user).map(|group| group.id.clone()).collect();
    match groups.len() {
        0 => {}
        1..=MOST => claims.put("groups", groups),
        _ => overage(claims, user, cloud),
    }
}

/// The values of `roles`: given to the user or to one of its groups.
fn roles(directory: &Directory, app: &App, user: &User) -> Vec<String> {
    let groups: Vec<&str> = directory.groups_of(user).map(|group| group.id.as_str()).collect();
    let has = |principal: &str| principal == user.id || groups.contains(&principal);
    let assigned = |role: &str| {
        app.role_assignments.iter().any(|assignment| assignment.role == role && has(&assignment.principal))
    };
    app.roles.iter().map(|role| role.value.clone()).filter(|role| assigned(role)).collect()
}

/// The endpoint that Microsoft names here belongs to a service that is switched off; clients must not call it.
pub(super) fn overage(claims: &mut Claims, user: &User, cloud: Cloud) {
    claims.remove("groups");
    let host = cloud.legacy_graph_host().unwrap_or("graph.windows.net");
    let endpoint = format!("https://{host}/{}/users/{}/getMemberObjects", user.tenant, user.id);
    claims.put("_claim_names", json!({ "groups": "src1" }));
    claims.put("_claim_sources", json!({ "src1": { "endpoint": endpoint } }));
}
