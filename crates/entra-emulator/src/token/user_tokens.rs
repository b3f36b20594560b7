//! The tokens of a signed-in user.

use crate::client_info::client_info;
use crate::directory::User;
use crate::faults::{Fault, Point};
use crate::grants::Login;
use crate::scope::{Resource, Scopes};

use super::access_token;
use super::b2c;
use super::grant::Grant;
use super::id_token;
use super::success::Tokens;

/// An access token, an ID token with `openid`, a refresh token with `offline_access`.
pub(super) fn for_user(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> Tokens {
    if let Some(flow) = grant.segment.flow() {
        return b2c::for_user(grant, flow, user, login, scopes);
    }
    let service = grant.call.service;
    let now = grant.call.now();
    let resource = scopes.resource();
    let access_token = access_token::for_user(grant, user, login, scopes);
    let id_token = scopes.has("openid").then(|| {
        let faults = service.faults.take(Point::IdToken);
        if faults.contains(&Fault::AccessTokenAsIdToken) {
            access_token.clone()
        } else {
            id_token::issue(grant, user, login, scopes, &faults)
        }
    });
    let refresh_token = scopes.has("offline_access").then(|| service.grants.add_refresh(login.clone(), now));
    let client_info = (grant.call.form.get("client_info") == Some("1")).then(|| client_info(grant.segment, user));
    Tokens::new(grant, access_token, &resource)
        .with("scope", granted(scopes, &resource))
        .with_some("id_token", id_token)
        .with_some("refresh_token", refresh_token)
        .with_some("client_info", client_info)
}

/// The scopes of the answer: permissions of the token's resource, then the OpenID ones without `offline_access`.
fn granted(scopes: &Scopes, resource: &Resource) -> String {
    let openid = scopes.openid.iter().map(String::as_str).filter(|scope| *scope != "offline_access");
    scopes.names_for(resource).into_iter().chain(openid).collect::<Vec<_>>().join(" ")
}
