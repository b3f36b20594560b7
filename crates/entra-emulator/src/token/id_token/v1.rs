//! Where ID tokens of v1 differ.

use serde_json::json;

use crate::directory::{User, UserKind};

use super::{Claims, put};

/// The user name has other claims, names and address are there unasked, and how somebody signed in is said.
pub(super) fn rewrite(claims: &mut Claims, user: &User) {
    claims.remove("preferred_username");
    put(claims, "ver", "1.0");
    put(claims, "unique_name", user.signs_in_as());
    put(claims, "amr", json!(["pwd"]));
    put(claims, "ipaddr", "127.0.0.1");
    if user.kind == UserKind::Member {
        put(claims, "upn", user.upn.as_str());
    }
    for (name, value) in [("given_name", &user.given_name), ("family_name", &user.surname)] {
        if let Some(value) = value {
            put(claims, name, value.as_str());
        }
    }
}
