//! The discovery document of a user flow.

use serde_json::{Value, json};

use crate::authority::{FlowPath, Segment};
use crate::call::Call;
use crate::version::Version;

/// The document, with endpoints in the form in which it was asked for. Nothing in it speaks of devices, userinfo, PKCE
/// or clouds.
pub(super) fn document(call: &Call<'_>, path: FlowPath) -> Value {
    let policy_claim = path.flow.policy_claim.name();
    let segment = Segment::Flow(path);
    let at = |rest: &str| segment.endpoint(&call.base, rest);
    json!({
        "issuer": segment.issuer(call.service.cloud, Version::V2),
        "authorization_endpoint": at("oauth2/v2.0/authorize"),
        "token_endpoint": at("oauth2/v2.0/token"),
        "end_session_endpoint": at("oauth2/v2.0/logout"),
        "jwks_uri": at("discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": [
            "code", "code id_token", "code token", "code id_token token", "id_token", "id_token token", "token",
            "token id_token",
        ],
        "scopes_supported": ["openid"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "oid", "sub", "newUser", "name", "given_name", "family_name", "emails", "idp", policy_claim, "iss", "iat",
            "exp", "aud", "nonce", "auth_time",
        ],
    })
}
