//! The discovery document of a tenant that is no B2C tenant.

use serde_json::{Value, json};

use crate::authority::Segment;
use crate::call::Call;
use crate::directory::App;
use crate::version::Version;

/// The document as recorded, with our own address in the endpoints and Microsoft's in the issuer; `own_key` is an
/// application whose own key its list is to show.
pub(super) fn document(call: &Call<'_>, version: Version, segment: &Segment, own_key: Option<&App>) -> Value {
    let cloud = call.service.cloud;
    let base = &call.base;
    let path = segment.path();
    let at = |folder: &str, name: &str| format!("{base}/{path}/{}", version.path(folder, name));
    let mut document = json!({
        "token_endpoint": at("oauth2", "token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": at("discovery", "keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": segment.issuer(cloud, version),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": format!("{base}/graph/oidc/userinfo"),
        "authorization_endpoint": at("oauth2", "authorize"),
        "device_authorization_endpoint": at("oauth2", "devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": at("oauth2", "logout"),
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
            "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
            "c_hash", "email",
        ],
        "kerberos_endpoint": format!("{base}/{path}/kerberos"),
        "tenant_region_scope": region(call, segment),
        "cloud_instance_name": cloud.instance_name(),
        "cloud_graph_host_name": cloud.legacy_graph_host(),
        "msgraph_host": cloud.graph_host(),
        "rbac_url": "https://pas.windows.net",
    });
    if let Some(app) = own_key {
        document["jwks_uri"] = json!(format!("{}?appid={}", at("discovery", "keys"), app.id));
    }
    if version == Version::V1 {
        as_v1(&mut document, &format!("{base}/{path}"));
    }
    document
}

/// Where v1's document differs from v2's.
fn as_v1(document: &mut Value, tenant: &str) {
    if let Some(members) = document.as_object_mut() {
        members.remove("request_uri_parameter_supported");
    }
    document["response_types_supported"] = json!(["code", "id_token", "code id_token", "token id_token", "token"]);
    document["scopes_supported"] = json!(["openid"]);
    document["microsoft_multi_refresh_token"] = json!(true);
    document["check_session_iframe"] = json!(format!("{tenant}/oauth2/checksession"));
    document["userinfo_endpoint"] = json!(format!("{tenant}/openid/userinfo"));
    document["claims_supported"] = json!([
        "sub",
        "iss",
        "cloud_instance_name",
        "cloud_instance_host_name",
        "cloud_graph_host_name",
        "msgraph_host",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "nonce",
        "email",
        "given_name",
        "family_name",
        "nickname",
    ]);
}

fn region(call: &Call<'_>, segment: &Segment) -> Option<String> {
    let directory = call.service.directory.read();
    directory.tenant(segment.tenant()?).map(|tenant| tenant.region.clone())
}
