//! A scripted Microsoft in memory: an `HttpClient` that answers what it was told to, counts, and remembers.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use entra_oidc::{
    AllowedTenants, Authority, Cloud, Credential, EntraClient, EntraClientBuilder, Guid, HttpClient, HttpError,
    HttpErrorKind, Limits, ManualClock, Registration, SignInOptions, Tenant, Timestamp,
};
use http::{Request, Response};
use serde_json::{Value, json};
use url::Url;

use crate::signer::{CLIENT, TEMPLATE, TENANT, issuer, key_list};

/// Where a request went.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    Metadata,
    Keys,
    Token,
    Me,
    Photo,
    Groups,
    /// Azure's metadata service, which gives a virtual machine the tokens of its identities.
    Imds,
    /// Anywhere else: a request that nobody should have sent.
    Stray,
}

#[derive(Clone)]
pub(crate) enum Reply {
    Answer(u16, Bytes),
    /// With headers.
    Headed(u16, Vec<(&'static str, String)>, Bytes),
    Fail(HttpErrorKind),
}

impl Reply {
    pub(crate) fn json(value: &Value) -> Self {
        Self::Answer(200, Bytes::from(value.to_string()))
    }

    pub(crate) fn headed(status: u16, name: &'static str, value: &str) -> Self {
        Self::Headed(status, vec![(name, value.to_owned())], Bytes::new())
    }

    pub(crate) fn status(status: u16, body: &str) -> Self {
        Self::Answer(status, Bytes::from(body.to_owned()))
    }
}

/// Clones are the same Microsoft.
#[derive(Clone)]
pub(crate) struct Microsoft(Arc<Mutex<Inside>>);

struct Inside {
    standing: BTreeMap<Endpoint, Reply>,
    once: BTreeMap<Endpoint, VecDeque<Reply>>,
    requests: Vec<(Endpoint, Request<Bytes>, Limits)>,
    in_flight: BTreeMap<Endpoint, usize>,
    most_in_flight: BTreeMap<Endpoint, usize>,
}

impl Microsoft {
    /// One that publishes what the public cloud publishes for this tenant segment.
    pub(crate) fn of(segment: &str) -> Self {
        Self::publishing(&metadata(segment), &key_list())
    }

    /// One that publishes these documents.
    pub(crate) fn publishing(document: &Value, keys: &Value) -> Self {
        let standing =
            BTreeMap::from([(Endpoint::Metadata, Reply::json(document)), (Endpoint::Keys, Reply::json(keys))]);
        Self(Arc::new(Mutex::new(Inside {
            standing,
            once: BTreeMap::new(),
            requests: Vec::new(),
            in_flight: BTreeMap::new(),
            most_in_flight: BTreeMap::new(),
        })))
    }

    /// What it answers from now on.
    pub(crate) fn set(&self, endpoint: Endpoint, reply: Reply) {
        self.0.lock().unwrap().standing.insert(endpoint, reply);
    }

    /// What it answers the next time, after what else was queued.
    pub(crate) fn once(&self, endpoint: Endpoint, reply: Reply) {
        self.0.lock().unwrap().once.entry(endpoint).or_default().push_back(reply);
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> usize {
        self.0.lock().unwrap().requests.iter().filter(|(to, ..)| *to == endpoint).count()
    }

    pub(crate) fn most_in_flight(&self, endpoint: Endpoint) -> usize {
        self.0.lock().unwrap().most_in_flight.get(&endpoint).copied().unwrap_or_default()
    }

    /// The last request to the endpoint: address, headers, body, and the bounds it was sent with.
    pub(crate) fn last(&self, endpoint: Endpoint) -> (Request<Bytes>, Limits) {
        let inside = self.0.lock().unwrap();
        let (_, request, limits) = inside.requests.iter().rev().find(|(to, ..)| *to == endpoint).unwrap();
        (request.clone(), *limits)
    }

    /// The fields of the last form that went to the token endpoint.
    pub(crate) fn last_form(&self) -> BTreeMap<String, String> {
        let (request, _) = self.last(Endpoint::Token);
        url::form_urlencoded::parse(request.body()).into_owned().collect()
    }

    fn arrive(&self, request: Request<Bytes>, limits: Limits) -> (Endpoint, Reply) {
        let endpoint = endpoint(&request);
        let mut inside = self.0.lock().unwrap();
        inside.requests.push((endpoint, request, limits));
        let now = inside.in_flight.entry(endpoint).or_default();
        *now += 1;
        let now = *now;
        let most = inside.most_in_flight.entry(endpoint).or_default();
        *most = (*most).max(now);
        let queued = inside.once.get_mut(&endpoint).and_then(VecDeque::pop_front);
        let reply = queued.or_else(|| inside.standing.get(&endpoint).cloned());
        (endpoint, reply.unwrap_or(Reply::status(404, "")))
    }
}

impl HttpClient for Microsoft {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        let (endpoint, reply) = self.arrive(request, limits);
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        *self.0.lock().unwrap().in_flight.get_mut(&endpoint).unwrap() -= 1;
        match reply {
            Reply::Answer(status, body) => Ok(Response::builder().status(status).body(body).unwrap()),
            Reply::Headed(status, headers, body) => {
                let response = Response::builder().status(status);
                let response =
                    headers.into_iter().fold(response, |response, (name, value)| response.header(name, value));
                Ok(response.body(body).unwrap())
            }
            Reply::Fail(kind) => Err(HttpError::new(kind, "scripted")),
        }
    }
}

fn endpoint(request: &Request<Bytes>) -> Endpoint {
    let uri = request.uri();
    let host = uri.host().unwrap_or_default();
    let at = |ends: [&str; 2]| LOGIN_HOSTS.contains(&host) && ends.iter().any(|end| uri.path().ends_with(end));
    match (host, uri.path()) {
        ("169.254.169.254", "/metadata/identity/oauth2/token") => Endpoint::Imds,
        ("graph.microsoft.com", "/v1.0/me") => Endpoint::Me,
        ("graph.microsoft.com", "/v1.0/me/photo/$value") => Endpoint::Photo,
        ("graph.microsoft.com", "/v1.0/me/getMemberObjects") => Endpoint::Groups,
        _ if at(["/.well-known/openid-configuration"; 2]) => Endpoint::Metadata,
        _ if at(["/discovery/v2.0/keys", "/discovery/keys"]) => Endpoint::Keys,
        _ if at(["/oauth2/v2.0/token", "/oauth2/token"]) => Endpoint::Token,
        _ => Endpoint::Stray,
    }
}

/// The hosts of the recorded documents.
const LOGIN_HOSTS: [&str; 4] =
    ["login.microsoftonline.com", "login.chinacloudapi.cn", "contoso.b2clogin.com", "contoso.ciamlogin.com"];

/// The metadata of the public cloud for a tenant segment.
pub(crate) fn metadata(segment: &str) -> Value {
    let (issuer, segment) = match segment {
        "common" | "organizations" => (TEMPLATE.to_owned(), segment),
        guid => (issuer(guid), guid),
    };
    let at = |path: &str| format!("https://login.microsoftonline.com/{segment}{path}");
    json!({
        "token_endpoint": at("/oauth2/v2.0/token"),
        "jwks_uri": at("/discovery/v2.0/keys"),
        "issuer": issuer,
        "authorization_endpoint": at("/oauth2/v2.0/authorize"),
        "end_session_endpoint": at("/oauth2/v2.0/logout"),
        "cloud_instance_name": "microsoftonline.com",
        "msgraph_host": "graph.microsoft.com",
    })
}

pub(crate) fn tenant() -> Authority {
    Authority::entra(Cloud::Public, Tenant::Id(guid(TENANT)))
}

pub(crate) fn common() -> Authority {
    Authority::entra(Cloud::Public, Tenant::Common)
}

pub(crate) fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

pub(crate) fn registration() -> Registration {
    Registration::new(guid(CLIENT), Credential::secret("canary-client-secret"))
}

/// A client of the one tenant.
pub(crate) fn client(microsoft: &Microsoft, clock: &ManualClock) -> EntraClient {
    builder(tenant(), microsoft, clock).build().unwrap()
}

pub(crate) fn builder(authority: Authority, microsoft: &Microsoft, clock: &ManualClock) -> EntraClientBuilder {
    EntraClient::builder(authority, registration()).http_client(microsoft.clone()).clock(clock.clock())
}

pub(crate) fn any_tenant(microsoft: &Microsoft, clock: &ManualClock) -> EntraClient {
    builder(common(), microsoft, clock).allowed_tenants(AllowedTenants::Any).build().unwrap()
}

/// A sign-in that may take ten minutes.
pub(crate) fn options(now: Timestamp) -> SignInOptions {
    SignInOptions::new(redirect_uri(), now.plus(Duration::from_mins(10)))
}

pub(crate) fn redirect_uri() -> Url {
    Url::parse("https://app.contoso.example/microsoft_sso/callback/").unwrap()
}
