//! Where ID tokens of v1 differ.

use serde_json::json;

use crate::directory::{User, UserKind};
use crate::token::claims::Claims;

/// The user name has other claims, names and address are there unasked, and how somebody signed in is said.
pub(super) fn rewrite(claims: &mut Claims, user: &User) {
    claims.remove("preferred_username");
    claims.put("ver", "1.0");
    claims.put("unique_name", user.signs_in_as());
    claims.put("amr", json!(["pwd"]));
    claims.put("ipaddr", "127.0.0.1");
    if user.kind == UserKind::Member {
        claims.put("upn", user.upn.as_str());
    }
    for (name, value) in [("given_name", &user.given_name), ("family_name", &user.surname)] {
        claims.put_some(name, value.as_ref());
    }
}
