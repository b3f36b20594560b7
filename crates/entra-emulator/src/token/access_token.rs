//! Access tokens: for Graph in v1 form and unreadable, for an application's own API in v2 form.

use crate::authority::issuer;
use crate::chance;
use crate::directory::User;
use crate::grants::{Access, Login};
use crate::keys::Signer;
use crate::scope::{Resource, Scopes};
use crate::subject::subject;
use crate::version::Version;

use super::claims::{BACKDATED, Claims};
use super::grant::Grant;

/// How long an access token lives, in seconds.
pub(super) const LIFE: i64 = 3599;

/// For a user.
pub(super) fn for_user(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> String {
    let token = user_token(grant, user, login, scopes);
    remember(grant, user, login, scopes, &token);
    token
}

/// For the application itself.
pub(super) fn for_app(grant: &Grant<'_>, tenant: &str, resource: Resource) -> String {
    let token = app_token(grant, tenant, &resource);
    let now = grant.call.now();
    let access = Access { login: None, tenant: tenant.to_owned(), resource, expires: now + LIFE };
    grant.call.service.grants.add_access(&token, access, now);
    token
}

/// Notes what a user's access token allows.
pub(super) fn remember(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes, access_token: &str) {
    let now = grant.call.now();
    let access = Access {
        login: Some(Login { scopes: scopes.clone(), ..login.clone() }),
        tenant: user.tenant.clone(),
        resource: scopes.resource(),
        expires: now + LIFE,
    };
    grant.call.service.grants.add_access(access_token, access, now);
}

fn user_token(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> String {
    let resource = scopes.resource();
    let mut claims = times(grant);
    claims.put("oid", &user.id);
    claims.put("tid", &user.tenant);
    claims.put("sid", &login.sid);
    claims.put("name", &user.display_name);
    claims.put("scp", scopes.names_for(&resource).join(" "));
    match &resource {
        // Microsoft Graph's tokens for personal accounts are no JWTs at all.
        Resource::Graph if user.is_personal() => format!("EwB{}", chance::text::<600>()),
        Resource::Graph => {
            claims.put("sub", subject("graph", user));
            claims.put("acct", i32::from(user.is_guest()));
            claims.put("amr", ["pwd"]);
            claims.put("idtyp", "user");
            claims.put("unique_name", &user.upn);
            claims.put("upn", &user.upn);
            for_graph(grant, claims, &user.tenant)
        }
        Resource::App(id) => {
            claims.put("sub", subject(id, user));
            claims.put("preferred_username", user.signs_in_as());
            for_api(grant, claims, id, &user.tenant)
        }
    }
}

fn app_token(grant: &Grant<'_>, tenant: &str, resource: &Resource) -> String {
    // The application's service principal, one per tenant.
    let principal = subject_guid(&format!("{tenant}/{}", grant.app.id));
    let mut claims = times(grant);
    claims.put("oid", &principal);
    claims.put("sub", &principal);
    claims.put("tid", tenant);
    match resource {
        Resource::Graph => {
            claims.put("idtyp", "app");
            for_graph(grant, claims, tenant)
        }
        Resource::App(id) => {
            claims.put("xms_ftd", chance::text::<33>());
            for_api(grant, claims, id, tenant)
        }
    }
}

fn for_graph(grant: &Grant<'_>, mut claims: Claims, tenant: &str) -> String {
    let cloud = grant.call.service.cloud;
    claims.put("aud", Resource::Graph.identifier(cloud));
    claims.put("iss", issuer(cloud, Version::V1, tenant));
    claims.put("app_displayname", &grant.app.name);
    claims.put("appid", &grant.app.id);
    claims.put("appidacr", proof(grant));
    claims.put("ver", "1.0");
    grant.call.service.keys.sign_for_graph(&claims.payload())
}

fn for_api(grant: &Grant<'_>, mut claims: Claims, audience: &str, tenant: &str) -> String {
    claims.put("aud", audience);
    claims.put("iss", grant.segment.issuer_of(grant.call.service.cloud, Version::V2, tenant));
    claims.put("azp", &grant.app.id);
    claims.put("azpacr", proof(grant));
    claims.put("ver", "2.0");
    let signer = grant.directory.app(audience).map_or(Signer::Work, Signer::of);
    grant.call.service.keys.sign(signer, &claims.payload(), &[])
}

/// How the client proved itself: not at all, or with a credential.
fn proof(grant: &Grant<'_>) -> &'static str {
    if grant.app.public_client { "0" } else { "1" }
}

fn times(grant: &Grant<'_>) -> Claims {
    let start = grant.call.now() - BACKDATED;
    let mut claims = Claims::default();
    claims.put("iat", start);
    claims.put("nbf", start);
    claims.put("exp", grant.call.now() + LIFE);
    claims.put("aio", chance::text::<24>());
    claims.put("rh", format!("1.A{}", chance::text::<24>()));
    claims.put("uti", chance::text::<16>());
    claims
}

/// A GUID that is always the same for the same text.
fn subject_guid(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().hyphenated().to_string()
}
