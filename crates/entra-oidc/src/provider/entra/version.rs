use crate::{
    error::{ConfigError, ConfigErrorKind},
    provider::{cloud::Cloud, issuer::IssuerTemplate, tenant::Tenant},
};

/// Microsoft Graph's application id, which names it as a resource in every cloud.
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";

/// Which endpoints of Entra ID are used: the two write other issuers, other tokens, and ask in another way for a
/// resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// One resource, named by its URI or id.
    V1 { resource: String },
    /// Scopes.
    V2,
}

impl Version {
    /// v1, for this resource or the cloud's Graph.
    ///
    /// # Errors
    /// [`EndpointVersion`](ConfigErrorKind::EndpointVersion) where there are no v1 endpoints,
    /// [`Resource`](ConfigErrorKind::Resource) for an impossible resource.
    pub(super) fn v1(cloud: Cloud, tenant: &Tenant, resource: Option<String>) -> Result<Self, ConfigError> {
        let refuse = |kind, why: &str| Err(ConfigError::new(kind, why));
        if *tenant == Tenant::Consumers {
            return refuse(ConfigErrorKind::EndpointVersion, "personal accounts have no v1 endpoints");
        }
        if cloud.v1_issuer_host().is_none() {
            return refuse(ConfigErrorKind::EndpointVersion, "this cloud has no v1 endpoints");
        }
        let graph = cloud.graph_host().map(|host| format!("https://{host}"));
        match resource.or(graph) {
            Some(resource) if is_resource(&resource) => Ok(Self::V1 { resource }),
            _ => refuse(ConfigErrorKind::Resource, "the resource is empty, long, or has other than visible ASCII"),
        }
    }

    pub(super) fn metadata_path(&self, tenant: &Tenant) -> String {
        match self {
            Self::V1 { .. } => format!("/{tenant}/.well-known/openid-configuration"),
            Self::V2 => format!("/{tenant}/v2.0/.well-known/openid-configuration"),
        }
    }

    pub(super) fn admin_consent_path(&self, tenant: &Tenant) -> String {
        match self {
            Self::V1 { .. } => format!("/{tenant}/adminconsent"),
            Self::V2 => format!("/{tenant}/v2.0/adminconsent"),
        }
    }

    pub(super) fn issuer_template(&self, cloud: Cloud) -> IssuerTemplate {
        IssuerTemplate::new(match self {
            Self::V1 { .. } => format!("https://{}/{{tenantid}}/", cloud.v1_issuer_host().unwrap_or_default()),
            Self::V2 => format!("https://{}/{{tenantid}}/v2.0", cloud.login_host()),
        })
    }

    /// The claim `ver` of its tokens.
    pub(super) const fn claim(&self) -> &'static str {
        match self {
            Self::V1 { .. } => "1.0",
            Self::V2 => "2.0",
        }
    }

    pub(super) fn resource(&self) -> Option<&str> {
        match self {
            Self::V1 { resource } => Some(resource),
            Self::V2 => None,
        }
    }

    /// Whether its access tokens are for the cloud's Graph.
    pub(super) fn is_for_graph(&self, cloud: Cloud) -> bool {
        let Self::V1 { resource } = self else { return true };
        let host = resource.strip_prefix("https://").map(|rest| rest.strip_suffix('/').unwrap_or(rest));
        resource == GRAPH_ID || (host.is_some() && host == cloud.graph_host())
    }

    /// What tells its authorities from those of the other version, and of other resources.
    pub(super) fn mark(&self) -> String {
        match self {
            Self::V1 { resource } => format!("/v1/{resource}"),
            Self::V2 => String::new(),
        }
    }
}

/// An application id URI or an application id: visible ASCII.
fn is_resource(text: &str) -> bool {
    !text.is_empty() && text.len() <= 512 && text.bytes().all(|byte| byte.is_ascii_graphic())
}
