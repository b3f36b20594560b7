//! The tokens of a managed identity.

use serde_json::{Value, json};

use crate::aadsts::Refusal;
use crate::authority::issuer;
use crate::call::Call;
use crate::chance;
use crate::cloud::Cloud;
use crate::directory::{Directory, ManagedIdentity};
use crate::grants::Access;
use crate::keys::Signer;
use crate::scope::Resource;
use crate::version::Version;

use super::exchange::EXCHANGE_ID;

/// `iat` and `nbf` lie this many seconds before the moment of issue.
pub(super) const BACKDATED: i64 = 300;
/// How long a token lives, in seconds: a day.
const LIFE: i64 = 86_400;

/// A token, and what the answer says of it.
pub(super) struct Issued {
    pub(super) token: String,
    pub(super) client_id: String,
    /// Unix seconds.
    pub(super) expires: i64,
    pub(super) resource: String,
}

/// What a token is for.
pub(super) enum Target {
    /// The exchange of federated identity credentials.
    Exchange,
    Resource(Resource),
}

impl Target {
    pub(super) fn of(text: &str, cloud: Cloud, directory: &Directory) -> Result<Self, Refusal> {
        if cloud.token_exchange_audience() == Some(text) || cloud == Cloud::Public && text == EXCHANGE_ID {
            return Ok(Self::Exchange);
        }
        Resource::parse(text, cloud, directory).map(Self::Resource)
    }
}

pub(super) fn issue(call: &Call<'_>, identity: &ManagedIdentity, target: &Target, resource: &str) -> Issued {
    let now = call.now();
    let expires = now + LIFE;
    let version = match target {
        Target::Resource(Resource::Graph) => Version::V1,
        Target::Exchange | Target::Resource(Resource::App(_)) => Version::V2,
    };
    let payload = claims(call, identity, target, version, expires).to_string();
    let keys = &call.service.keys;
    let token = match version {
        Version::V1 => keys.sign_for_graph(&payload),
        Version::V2 => keys.sign(Signer::Work, &payload, &[]),
    };
    if let Target::Resource(resource) = target {
        let tenant = identity.tenant.clone();
        let access = Access { login: None, tenant, resource: resource.clone(), expires };
        call.service.grants.add_access(&token, access, now);
    }
    Issued { token, client_id: identity.client_id.clone(), expires, resource: resource.to_owned() }
}

fn claims(call: &Call<'_>, identity: &ManagedIdentity, target: &Target, version: Version, expires: i64) -> Value {
    let cloud = call.service.cloud;
    let start = call.now() - BACKDATED;
    let audience = match target {
        Target::Exchange if cloud == Cloud::Public => EXCHANGE_ID.to_owned(),
        Target::Exchange => cloud.token_exchange_audience().unwrap_or(EXCHANGE_ID).to_owned(),
        Target::Resource(resource) => resource.identifier(cloud),
    };
    let mut claims = json!({
        "aud": audience,
        "iss": issuer(cloud, version, &identity.tenant),
        "iat": start,
        "nbf": start,
        "exp": expires,
        "aio": chance::text::<24>(),
        "idtyp": "app",
        "oid": identity.id,
        "rh": format!("1.A{}", chance::text::<24>()),
        "sub": identity.id,
        "tid": identity.tenant,
        "uti": chance::text::<16>(),
        "xms_mirid": identity.resource_id(),
    });
    // `2`: the client proved itself with a certificate, as the platform does.
    let rest = match version {
        Version::V1 => [("appid", identity.client_id.as_str()), ("appidacr", "2"), ("ver", "1.0")],
        Version::V2 => [("azp", identity.client_id.as_str()), ("azpacr", "2"), ("ver", "2.0")],
    };
    for (name, value) in rest {
        claims[name] = json!(value);
    }
    claims
}
