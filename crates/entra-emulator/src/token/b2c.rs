//! The tokens of a user flow.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::authority::FlowPath;
use crate::client_info::client_info;
use crate::directory::User;
use crate::faults::{Fault, Point};
use crate::grants::Login;
use crate::keys::Signer;
use crate::scope::{Resource, Scopes};
use crate::version::Version;

use super::access_token::remember;
use super::claims::Claims;
use super::grant::Grant;
use super::id_token;
use super::success::Tokens;

/// How long tokens live, in seconds. Nothing is backdated.
const LIFE: i64 = 3600;
/// How long a refresh token lives, in seconds: 14 days.
const REFRESH_LIFE: i64 = 1_209_600;

/// An ID token with `openid`, an access token only when a scope of an application was asked for, a refresh token with
/// `offline_access`. Numbers are strings.
pub(super) fn for_user(grant: &Grant<'_>, flow: &FlowPath, user: &User, login: &Login, scopes: &Scopes) -> Tokens {
    let service = grant.call.service;
    let now = grant.call.now();
    let mut tokens = Tokens::empty().with("not_before", now).with("profile_info", profile_info(user));
    let access_token = access_token(grant, flow, user, login, scopes);
    if let Some((audience, token)) = &access_token {
        remember(grant, user, login, scopes, token);
        tokens = tokens
            .with("access_token", token.as_str())
            .with("expires_in", LIFE)
            .with("expires_on", now + LIFE)
            .with("resource", audience.as_str());
    }
    if scopes.has("openid") {
        let faults = service.faults.take(Point::IdToken);
        let token = access_token.as_ref().map(|(_, token)| token.as_str());
        let swapped = token.filter(|_| faults.contains(&Fault::AccessTokenAsIdToken)).map(str::to_owned);
        let id_token = swapped.unwrap_or_else(|| id_token(grant, flow, user, login, token, &faults));
        tokens = tokens.with("id_token", id_token).with("id_token_expires_in", LIFE);
    }
    if scopes.has("offline_access") {
        let refresh_token = service.grants.add_refresh(login.clone(), now);
        tokens = tokens.with("refresh_token", refresh_token).with("refresh_token_expires_in", REFRESH_LIFE);
    }
    if grant.call.form.get("client_info") == Some("1") {
        tokens = tokens.with("client_info", client_info(grant.segment, user));
    }
    let granted = if access_token.is_some() { scopes.all().join(" ") } else { String::new() };
    tokens.with("scope", granted).with_numbers_as_strings()
}

/// An unsigned relative of `client_info`, as B2C still sends it.
fn profile_info(user: &User) -> String {
    let idp = user.social().unwrap_or("LocalAccount");
    let info = json!({
        "ver": "1.0", "tid": user.tenant, "sub": null, "name": user.display_name, "preferred_username": null,
        "idp": idp,
    });
    URL_SAFE_NO_PAD.encode(info.to_string())
}

fn id_token(
    grant: &Grant<'_>,
    flow: &FlowPath,
    user: &User,
    login: &Login,
    access_token: Option<&str>,
    faults: &[Fault],
) -> String {
    let mut claims = claims(grant, flow, user, login, &grant.app.id);
    claims.put_some("nonce", login.nonce.as_ref());
    if let Some(token) = access_token {
        let hash = digest(&SHA256, token.as_bytes());
        claims.put("at_hash", URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]));
    }
    if login.new_user {
        claims.put("newUser", true);
    }
    id_token::signed(grant, user, claims, Signer::UserFlows, faults)
}

/// The application whose scopes were asked for, and a token for it; none when none were.
fn access_token(
    grant: &Grant<'_>,
    flow: &FlowPath,
    user: &User,
    login: &Login,
    scopes: &Scopes,
) -> Option<(String, String)> {
    let Resource::App(audience) = scopes.resource() else { return None };
    let mut claims = claims(grant, flow, user, login, &audience);
    claims.put("azp", grant.app.id.as_str());
    let names = scopes.names_for(&Resource::App(audience.clone())).join(" ");
    if !names.is_empty() {
        claims.put("scp", names);
    }
    let token = grant.call.service.keys.sign(Signer::UserFlows, &claims.payload(), &[]);
    Some((audience, token))
}

/// What both tokens say.
fn claims(grant: &Grant<'_>, path: &FlowPath, user: &User, login: &Login, audience: &str) -> Claims {
    let now = grant.call.now();
    let flow = &path.flow;
    let mut claims = Claims::default();
    claims.put("ver", "1.0");
    claims.put("iss", grant.segment.issuer_of(grant.call.service.cloud, Version::V2, &user.tenant));
    claims.put("sub", user.id.as_str());
    claims.put("oid", user.id.as_str());
    claims.put("aud", audience);
    claims.put("exp", now + LIFE);
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("auth_time", login.auth_time);
    claims.put(flow.policy_claim.name(), flow.name.as_str());
    if flow.tenant_claim {
        claims.put("tid", user.tenant.as_str());
    }
    // A local account's tokens do not say where it comes from.
    let texts = [
        ("idp", user.social()),
        ("name", user.display_name.as_deref()),
        ("given_name", user.given_name.as_deref()),
        ("family_name", user.surname.as_deref()),
    ];
    for (name, text) in texts {
        claims.put_some(name, text);
    }
    claims.put_some("emails", user.mail.as_ref().map(|mail| [mail]));
    claims
}
