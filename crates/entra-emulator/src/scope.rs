//! Scopes: which resource, which permissions.

use crate::aadb2c;
use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::cloud::Cloud;
use crate::directory::{App, Directory};
use crate::params::Params;
use crate::version::Version;

/// Microsoft Graph's application id, the same in every cloud.
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scopes of a request, without duplicates, in their order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Scopes {
    /// `openid`, `profile`, `email`, `offline_access` as far as asked for.
    pub(crate) openid: Vec<String>,
    /// Permissions of resources.
    pub(crate) permissions: Vec<Permission>,
}

/// A permission of a resource.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Permission {
    pub(crate) resource: Resource,
    /// Such as `User.Read`, or `.default`.
    pub(crate) name: String,
}

/// What an access token is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Resource {
    Graph,
    /// An application's own API, by its client id.
    App(String),
}

impl Scopes {
    /// What a request asks for: by `scope` at v2, by `resource` at v1. Nothing when it names neither.
    pub(crate) fn asked(
        version: Version,
        segment: &Segment,
        parameters: &Params,
        app: &App,
        cloud: Cloud,
        directory: &Directory,
    ) -> Result<Option<Self>, Refusal> {
        let (scope, resource) = (parameters.get("scope"), parameters.get("resource"));
        match version {
            Version::V1 => {
                let resource = resource.map(|resource| Resource::parse(resource, cloud, directory)).transpose()?;
                Ok(resource.map(|resource| Self::of_resource(&resource, app)))
            }
            Version::V2 if resource.is_some() && segment.flow().is_none() => Err(Refusal::of(901_002)),
            Version::V2 => {
                let parse = |scope| match segment.flow() {
                    Some(flow) => Self::parse_for_flow(scope, &flow.tenant, directory),
                    None => Self::parse(scope, cloud, directory),
                };
                scope.map(parse).transpose()
            }
        }
    }

    /// What v1 gives: a sign-in with everything of OpenID Connect, and the permissions of one resource that the
    /// application was given; scopes are not heard there.
    pub(crate) fn of_resource(resource: &Resource, app: &App) -> Self {
        let openid = ["openid", "profile", "offline_access"].map(str::to_owned).to_vec();
        let of_graph = |scope: &&String| !scope.contains('/') && !OPENID.contains(&scope.as_str());
        let names: Vec<&str> = match resource {
            Resource::Graph => app.consented_scopes.iter().filter(of_graph).map(String::as_str).collect(),
            Resource::App(id) => {
                let prefix = format!("api://{id}/");
                app.consented_scopes.iter().filter_map(|scope| scope.strip_prefix(&prefix)).collect()
            }
        };
        let names = if names.is_empty() { vec![".default"] } else { names };
        let permission = |name: &str| Permission { resource: resource.clone(), name: name.to_owned() };
        Self { openid, permissions: names.into_iter().map(permission).collect() }
    }

    /// Reads a `scope` parameter.
    pub(crate) fn parse(text: &str, cloud: Cloud, directory: &Directory) -> Result<Self, Refusal> {
        let scopes = Self::read(text, |word| Permission::parse(word, cloud, directory))?;
        let defaults = scopes.permissions.iter().filter(|permission| permission.name == ".default").count();
        if defaults > 0 && defaults != scopes.permissions.len() {
            return Err(Refusal::of(70011).about(".default cannot be combined with other scopes"));
        }
        Ok(scopes)
    }

    /// Reads a `scope` parameter at a user flow: besides the OpenID scopes a client id, or a scope of an application
    /// in the same tenant, `https://{domain}/{client id}/{name}` or `api://{client id}/{name}`.
    pub(crate) fn parse_for_flow(text: &str, tenant: &str, directory: &Directory) -> Result<Self, Refusal> {
        let scopes = Self::read(text, |word| Permission::parse_for_flow(word, tenant, directory))?;
        if !scopes.is_one_resource() {
            return Err(Refusal::of(700_022));
        }
        if !scopes.has("openid") && scopes.permissions.is_empty() {
            return Err(aadb2c::own(aadb2c::NO_TOKEN_ASKED));
        }
        Ok(scopes)
    }

    /// Each scope once; what is none of the OpenID scopes is a permission.
    fn read(text: &str, permission: impl Fn(&str) -> Result<Permission, Refusal>) -> Result<Self, Refusal> {
        let mut scopes = Self::default();
        for word in text.split_ascii_whitespace() {
            if OPENID.contains(&word) {
                if !scopes.has(word) {
                    scopes.openid.push(word.to_owned());
                }
                continue;
            }
            let permission = permission(word)?;
            if !scopes.permissions.contains(&permission) {
                scopes.permissions.push(permission);
            }
        }
        Ok(scopes)
    }

    /// Whether one of the four OpenID scopes was asked for.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.openid.iter().any(|scope| scope == name)
    }

    /// The first resource; Graph when no permission was asked for.
    pub(crate) fn resource(&self) -> Resource {
        self.permissions.first().map_or(Resource::Graph, |permission| permission.resource.clone())
    }

    pub(crate) fn is_one_resource(&self) -> bool {
        self.permissions.windows(2).all(|pair| pair[0].resource == pair[1].resource)
    }

    /// The names of one resource's permissions.
    pub(crate) fn names_for(&self, resource: &Resource) -> Vec<&str> {
        let ours = self.permissions.iter().filter(|permission| permission.resource == *resource);
        ours.map(|permission| permission.name.as_str()).collect()
    }

    /// Every scope as consent pages and the consent record name it.
    pub(crate) fn all(&self) -> Vec<String> {
        let permissions = self.permissions.iter().map(Permission::full_name);
        self.openid.iter().cloned().chain(permissions).collect()
    }
}

impl Permission {
    fn parse_for_flow(word: &str, tenant: &str, directory: &Directory) -> Result<Self, Refusal> {
        let (resource, name) = word.rsplit_once('/').unwrap_or((word, ""));
        let id = resource.rsplit('/').next().unwrap_or_default();
        let app = directory.app(id).filter(|app| app.tenant == tenant);
        let app = app.ok_or_else(|| Refusal::of(70011).about(word))?;
        Ok(Self { resource: Resource::App(app.id.clone()), name: name.to_owned() })
    }

    fn parse(word: &str, cloud: Cloud, directory: &Directory) -> Result<Self, Refusal> {
        let invalid = || Refusal::of(70011).about(word);
        let (resource, name) = match word.rsplit_once('/') {
            None => (Resource::Graph, word),
            Some((resource, name)) => (Resource::parse(resource, cloud, directory)?, name),
        };
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        // Scopes of OpenID Connect that Microsoft does not support.
        if !is_name || matches!(name, "address" | "phone") {
            return Err(invalid());
        }
        Ok(Self { resource, name: name.to_owned() })
    }

    /// The name that consent is given to: short for Graph.
    pub(crate) fn full_name(&self) -> String {
        match &self.resource {
            Resource::Graph => self.name.clone(),
            Resource::App(id) if self.name.is_empty() => id.clone(),
            Resource::App(id) => format!("api://{id}/{}", self.name),
        }
    }
}

impl Resource {
    /// `aud` of Graph's tokens and v1's `resource`: a URI, or the application id.
    pub(crate) fn identifier(&self, cloud: Cloud) -> String {
        match self {
            Self::Graph => cloud.graph_host().map_or_else(|| GRAPH_ID.to_owned(), |host| format!("https://{host}")),
            Self::App(id) => id.clone(),
        }
    }

    /// Reads a resource as scopes and `resource` name it.
    pub(crate) fn parse(text: &str, cloud: Cloud, directory: &Directory) -> Result<Self, Refusal> {
        let trimmed = text.trim_end_matches('/');
        if trimmed.eq_ignore_ascii_case(&Self::Graph.identifier(cloud)) || trimmed == GRAPH_ID {
            return Ok(Self::Graph);
        }
        let id = trimmed.strip_prefix("api://").unwrap_or(trimmed);
        let app = directory.app(id).ok_or_else(|| Refusal::of(500_011).about(text))?;
        Ok(Self::App(app.id.clone()))
    }
}
