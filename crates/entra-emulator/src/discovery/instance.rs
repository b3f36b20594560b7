//! Instance discovery: which host names belong together.

use serde_json::{Value, json};
use url::Url;

use crate::aadsts::Refusal;
use crate::answer::{self, Answer};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::version::Version;

use super::cacheable;

/// Entries that Microsoft's list still has beside its clouds: one that is closed, one of old.
const LEFT_OVER: [&str; 2] = ["login.microsoftonline.de", "login-us.microsoftonline.com"];

/// `/common/discovery/instance`
pub(crate) fn instance(call: &Call<'_>) -> Answer {
    let Some(endpoint) = call.query.get("authorization_endpoint").and_then(|text| Url::parse(text).ok()) else {
        return answer::json(400, &call.trace().body(&Refusal::missing("authorization_endpoint")));
    };
    if !is_known(call, &endpoint) {
        return answer::json(400, &call.trace().body(&Refusal::of(50049)));
    }
    let segments: Vec<&str> = endpoint.path().trim_start_matches('/').split('/').collect();
    let tenant = segments.first().filter(|tenant| !tenant.is_empty()).unwrap_or(&"common");
    let version = if segments.contains(&"v2.0") { Version::V2 } else { Version::V1 };
    let well_known = version.well_known();
    cacheable(&json!({
        "tenant_discovery_endpoint": format!("{}/{tenant}/{well_known}", call.base),
        "api-version": call.query.get("api-version").unwrap_or("1.1"),
        "metadata": metadata(),
    }))
}

/// A host of ours, or of Microsoft's. Ports do not count: clients ask about host names.
fn is_known(call: &Call<'_>, endpoint: &Url) -> bool {
    let host = endpoint.host_str().unwrap_or_default().to_ascii_lowercase();
    let known = |name: &&str| *name == host;
    call.service.hosts.is_ours(&host)
        || Cloud::ALL.iter().any(|cloud| cloud.aliases().iter().any(known))
        || LEFT_OVER.iter().any(known)
}

fn metadata() -> Vec<Value> {
    let clouds = Cloud::ALL.iter().map(|cloud| entry(cloud.aliases()));
    clouds.chain(LEFT_OVER.iter().map(|host| entry(&[host]))).collect()
}

/// The tokens of a cloud are cached under its second name, when it has one.
fn entry(names: &[&str]) -> Value {
    json!({ "preferred_network": names.first(), "preferred_cache": names.get(1).or(names.first()), "aliases": names })
}
