//! The token endpoint's success body.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::authority::Segment;
use crate::directory::User;
use crate::faults::{Fault, Point};
use crate::grants::{Access, Login};
use crate::scope::{Resource, Scopes};
use crate::version::Version;

use super::access_token::{self, LIFE};
use super::b2c;
use super::grant::Grant;
use super::id_token::{self, BACKDATED};

/// The members of a success body; lifetimes are numbers.
pub(super) struct Tokens(pub(super) Map<String, Value>);

impl Tokens {
    /// A body without any token.
    pub(super) fn empty() -> Self {
        Self(Map::new()).with("token_type", "Bearer")
    }

    /// An access token and nothing else. v1 says more of it, and its numbers are strings.
    pub(super) fn new(grant: &Grant<'_>, access_token: String, resource: &Resource) -> Self {
        let tokens = Self::empty().with("expires_in", LIFE).with("ext_expires_in", LIFE);
        let tokens = tokens.with("access_token", access_token);
        if grant.version == Version::V2 {
            return tokens;
        }
        let (now, cloud) = (grant.call.now(), grant.call.service.cloud);
        let tokens = tokens.with("expires_on", now + LIFE).with("not_before", now - BACKDATED);
        tokens.with("resource", resource.identifier(cloud)).with_numbers_as_strings()
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Every number becomes a string, as some of Microsoft's endpoints send them.
    pub(super) fn with_numbers_as_strings(mut self) -> Self {
        for value in self.0.values_mut().filter(|value| value.is_number()) {
            *value = json!(value.to_string());
        }
        self
    }

    /// The body, spoiled.
    pub(super) fn body(self, faults: &[Fault]) -> Value {
        let as_strings = faults.contains(&Fault::NumbersAsStrings);
        let Self(mut body) = if as_strings { self.with_numbers_as_strings() } else { self };
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
    if let Some(flow) = grant.segment.flow() {
        return b2c::for_user(grant, flow, user, login, scopes);
    }
    let service = grant.call.service;
    let now = grant.call.now();
    let resource = scopes.resource();
    let access_token = access_token::for_user(grant, user, login, scopes);
    remember(grant, user, login, scopes, &access_token);
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

/// Notes what an access token allows.
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

/// `client_info`: who the account is, for clients that cache by it.
pub(crate) fn client_info(segment: &Segment, user: &User) -> String {
    let uid = match segment.flow() {
        Some(flow) => format!("{}-{}", user.id, flow.policy),
        None => user.id.clone(),
    };
    URL_SAFE_NO_PAD.encode(json!({ "uid": uid, "utid": user.tenant }).to_string())
}

/// The scopes of the answer: permissions of the token's resource, then the OpenID ones without `offline_access`.
fn granted(scopes: &Scopes, resource: &Resource) -> String {
    let openid = scopes.openid.iter().map(String::as_str).filter(|scope| *scope != "offline_access");
    scopes.names_for(resource).into_iter().chain(openid).collect::<Vec<_>>().join(" ")
}
