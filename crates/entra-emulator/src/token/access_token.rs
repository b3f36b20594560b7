//! Access tokens: for Graph in v1 form and unreadable, for an application's own API in v2 form.

use serde_json::{Map, Value, json};

use crate::authority::issuer;
use crate::chance;
use crate::directory::User;
use crate::grants::Login;
use crate::keys::{Signer, sign, sign_for_graph};
use crate::scope::{Resource, Scopes};
use crate::version::Version;

use super::grant::Grant;
use super::id_token::{BACKDATED, subject};

/// How long an access token lives, in seconds.
pub(super) const LIFE: i64 = 3599;

/// For a user.
pub(super) fn for_user(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> String {
    let resource = scopes.resource();
    let mut claims = times(grant);
    put(&mut claims, "oid", json!(user.id));
    put(&mut claims, "tid", json!(user.tenant));
    put(&mut claims, "sid", json!(login.sid));
    put(&mut claims, "name", json!(user.display_name));
    put(&mut claims, "scp", json!(scopes.names_for(&resource).join(" ")));
    match &resource {
        // Microsoft Graph's tokens for personal accounts are no JWTs at all.
        Resource::Graph if user.is_personal() => format!("EwB{}", chance::text::<600>()),
        Resource::Graph => {
            put(&mut claims, "aud", json!(resource.identifier(grant.call.service.cloud)));
            put(&mut claims, "iss", json!(issuer(grant.call.service.cloud, Version::V1, &user.tenant)));
            put(&mut claims, "sub", json!(subject("graph", user)));
            put(&mut claims, "acct", json!(i32::from(user.is_guest())));
            put(&mut claims, "amr", json!(["pwd"]));
            put(&mut claims, "app_displayname", json!(grant.app.name));
            put(&mut claims, "appid", json!(grant.app.id));
            put(&mut claims, "appidacr", json!(if grant.app.public_client { "0" } else { "1" }));
            put(&mut claims, "idtyp", json!("user"));
            put(&mut claims, "unique_name", json!(user.upn));
            put(&mut claims, "upn", json!(user.upn));
            put(&mut claims, "ver", json!("1.0"));
            sign_for_graph(&grant.call.service.keys, &Value::Object(claims).to_string(), chance::text::<32>())
        }
        Resource::App(id) => {
            put(&mut claims, "sub", json!(subject(id, user)));
            put(&mut claims, "preferred_username", json!(user.signs_in_as()));
            v2(grant, claims, id, &user.tenant)
        }
    }
}

/// For the application itself.
pub(super) fn for_app(grant: &Grant<'_>, tenant: &str, resource: &Resource) -> String {
    // The application's service principal, one per tenant.
    let principal = subject_guid(&format!("{tenant}/{}", grant.app.id));
    let mut claims = times(grant);
    put(&mut claims, "oid", json!(principal));
    put(&mut claims, "sub", json!(principal));
    put(&mut claims, "tid", json!(tenant));
    match resource {
        Resource::Graph => {
            put(&mut claims, "aud", json!(resource.identifier(grant.call.service.cloud)));
            put(&mut claims, "iss", json!(issuer(grant.call.service.cloud, Version::V1, tenant)));
            put(&mut claims, "app_displayname", json!(grant.app.name));
            put(&mut claims, "appid", json!(grant.app.id));
            put(&mut claims, "appidacr", json!("1"));
            put(&mut claims, "idtyp", json!("app"));
            put(&mut claims, "ver", json!("1.0"));
            sign_for_graph(&grant.call.service.keys, &Value::Object(claims).to_string(), chance::text::<32>())
        }
        Resource::App(id) => {
            put(&mut claims, "xms_ftd", json!(chance::text::<33>()));
            v2(grant, claims, id, tenant)
        }
    }
}

fn v2(grant: &Grant<'_>, mut claims: Map<String, Value>, audience: &str, tenant: &str) -> String {
    put(&mut claims, "aud", json!(audience));
    put(&mut claims, "iss", json!(grant.segment.issuer_of(grant.call.service.cloud, Version::V2, tenant)));
    put(&mut claims, "azp", json!(grant.app.id));
    put(&mut claims, "azpacr", json!(if grant.app.public_client { "0" } else { "1" }));
    put(&mut claims, "ver", json!("2.0"));
    let signer = grant.directory.app(audience).map_or(Signer::Work, Signer::of);
    sign(&grant.call.service.keys, signer, &Value::Object(claims).to_string(), &[])
}

fn times(grant: &Grant<'_>) -> Map<String, Value> {
    let start = grant.call.now() - BACKDATED;
    let mut claims = Map::new();
    put(&mut claims, "iat", json!(start));
    put(&mut claims, "nbf", json!(start));
    put(&mut claims, "exp", json!(grant.call.now() + LIFE));
    put(&mut claims, "aio", json!(chance::text::<24>()));
    put(&mut claims, "rh", json!(format!("1.A{}", chance::text::<24>())));
    put(&mut claims, "uti", json!(chance::text::<16>()));
    claims
}

fn put(claims: &mut Map<String, Value>, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}

/// A GUID that is always the same for the same text.
fn subject_guid(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().hyphenated().to_string()
}
