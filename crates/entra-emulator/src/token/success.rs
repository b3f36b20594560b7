//! The token endpoint's success body.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::directory::User;
use crate::faults::{Fault, Point};
use crate::grants::{Access, Login};
use crate::scope::{Resource, Scopes};

use super::access_token::{self, LIFE};
use super::grant::Grant;
use super::id_token;

/// What is given out.
pub(super) struct Tokens {
    access_token: String,
    id_token: Option<String>,
    refresh_token: Option<String>,
    /// Absent for client credentials.
    scope: Option<String>,
    client_info: Option<String>,
}

impl Tokens {
    /// An access token and nothing else.
    pub(super) fn bare(access_token: String) -> Self {
        Self { access_token, id_token: None, refresh_token: None, scope: None, client_info: None }
    }

    /// The body; lifetimes are numbers, unless a fault makes them strings.
    pub(super) fn body(self, faults: &[Fault]) -> Value {
        let as_strings = faults.contains(&Fault::NumbersAsStrings);
        let number = |seconds: i64| if as_strings { json!(seconds.to_string()) } else { json!(seconds) };
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("token_type", json!("Bearer"));
        put("expires_in", number(LIFE));
        put("ext_expires_in", number(LIFE));
        put("access_token", json!(self.access_token));
        let texts = [
            ("scope", self.scope),
            ("id_token", self.id_token),
            ("refresh_token", self.refresh_token),
            ("client_info", self.client_info),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        for fault in faults {
            if let Fault::NoTokenMember(name) = fault {
                body.remove(name);
            }
        }
        Value::Object(body)
    }
}

/// The tokens of a signed-in user: an ID token with `openid`, a refresh token with `offline_access`.
pub(super) fn for_user(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> Tokens {
    let service = grant.call.service;
    let now = grant.call.now();
    let resource = scopes.resource();
    let access_token = access_token::for_user(grant, user, login, scopes);
    let access = Access {
        login: Some(Login { scopes: scopes.clone(), ..login.clone() }),
        tenant: user.tenant.clone(),
        resource: resource.clone(),
        expires: now + LIFE,
    };
    service.grants.add_access(&access_token, access, now);
    let id_token = scopes.has("openid").then(|| {
        let faults = service.faults.take(Point::IdToken);
        if faults.contains(&Fault::AccessTokenAsIdToken) {
            access_token.clone()
        } else {
            id_token::issue(grant, user, login, scopes, &faults)
        }
    });
    let refresh_token = scopes.has("offline_access").then(|| service.grants.add_refresh(login.clone(), now));
    let client_info = (grant.call.form.get("client_info") == Some("1")).then(|| client_info(user));
    let scope = Some(granted(scopes, &resource));
    Tokens { access_token, id_token, refresh_token, scope, client_info }
}

/// `client_info`: who the account is, for clients that cache by it.
pub(crate) fn client_info(user: &User) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "uid": user.id, "utid": user.tenant }).to_string())
}

/// The scopes of the answer: permissions of the token's resource, then the OpenID ones without `offline_access`.
fn granted(scopes: &Scopes, resource: &Resource) -> String {
    let openid = scopes.openid.iter().map(String::as_str).filter(|scope| *scope != "offline_access");
    scopes.names_for(resource).into_iter().chain(openid).collect::<Vec<_>>().join(" ")
}
