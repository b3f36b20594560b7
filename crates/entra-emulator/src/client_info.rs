//! `client_info`: who an account is, for clients that cache by it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::authority::Segment;
use crate::directory::User;

/// The parameter and the member of a token answer; a user flow adds its name to the account's id.
pub(crate) fn client_info(segment: &Segment, user: &User) -> String {
    let uid = match segment.flow() {
        Some(flow) => format!("{}-{}", user.id, flow.policy),
        None => user.id.clone(),
    };
    URL_SAFE_NO_PAD.encode(json!({ "uid": uid, "utid": user.tenant }).to_string())
}
