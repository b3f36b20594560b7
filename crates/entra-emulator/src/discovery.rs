//! Discovery documents and key lists.

mod b2c;

use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::{Value, json};

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::{self, Answer, Call};
use crate::cloud::Cloud;
use crate::place::Place;
use crate::version::Version;

/// `/{tenant}/v2.0/.well-known/openid-configuration`
pub(crate) fn configuration(call: &Call<'_>, place: &Place<'_>) -> Answer {
    match resolve(call, place) {
        Ok(Segment::Flow(flow)) => cacheable(&b2c::document(call, flow)),
        Ok(segment) => cacheable(&document(call, place.version, &segment)),
        Err(refusal) => refused(call, &refusal),
    }
}

/// `/{tenant}/discovery/v2.0/keys`; `?appid=` changes nothing, because no application has its own keys.
pub(crate) fn keys(call: &Call<'_>, place: &Place<'_>) -> Answer {
    match resolve(call, place) {
        Ok(segment) => cacheable(&call.service.keys.fetch(&segment, place.version)),
        Err(refusal) => refused(call, &refusal),
    }
}

/// `/common/discovery/instance`: which host names belong together.
pub(crate) fn instance(call: &Call<'_>) -> Answer {
    let Some(endpoint) = call.query.get("authorization_endpoint").and_then(|text| url::Url::parse(text).ok()) else {
        return call::json(400, &call.trace().body(&Refusal::missing("authorization_endpoint")));
    };
    let host = endpoint.host_str().unwrap_or_default().to_ascii_lowercase();
    let ours = call.service.hosts.base(&authority(&endpoint)).is_some();
    if !ours && !Cloud::ALL.iter().any(|cloud| cloud.aliases().contains(&host.as_str())) {
        return call::json(400, &call.trace().body(&Refusal::of(50049)));
    }
    let tenant = endpoint.path().trim_start_matches('/').split('/').next().unwrap_or("common").to_owned();
    let metadata: Vec<Value> = Cloud::ALL.iter().map(|cloud| aliases(*cloud)).collect();
    cacheable(&json!({
        "tenant_discovery_endpoint": format!("{}/{tenant}/v2.0/.well-known/openid-configuration", call.base),
        "api-version": call.query.get("api-version").unwrap_or("1.1"),
        "metadata": metadata,
    }))
}

/// The document as recorded, with our own address in the endpoints and Microsoft's in the issuer.
fn document(call: &Call<'_>, version: Version, segment: &Segment) -> Value {
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

fn aliases(cloud: Cloud) -> Value {
    let names = cloud.aliases();
    let cache = names.get(1).or(names.first());
    json!({ "preferred_network": cloud.login_host(), "preferred_cache": cache, "aliases": names })
}

fn resolve(call: &Call<'_>, place: &Place<'_>) -> Result<Segment, Refusal> {
    let segment = Segment::resolve(&call.service.directory.read(), place);
    segment.ok_or_else(|| Refusal::of(90002).error("invalid_tenant").about(place.tenant))
}

/// Where there is no such user flow, B2C has nothing at all.
fn refused(call: &Call<'_>, refusal: &Refusal) -> Answer {
    let status = if call.is_b2c() { 404 } else { 400 };
    call::json(status, &call.trace().body(&call.worded(refusal)))
}

fn authority(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn cacheable(body: &Value) -> Answer {
    let mut answer = call::json(200, body);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=86400, private"));
    answer
}
