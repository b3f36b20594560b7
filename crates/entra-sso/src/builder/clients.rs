//! The protocol clients of all sites: one for each provider and each user flow, all built once, over one HTTP client, one
//! clock and one cache of keys.

use std::sync::Arc;

use entra_oidc::{
    Authority, Clock, ConfigError, EntraClient, EntraClientBuilder, HttpClient, KeyCache, Policy, Registration,
};

use super::{one, refused};
use crate::{
    errors::SsoError,
    metrics::upstream::Measured,
    owner::Place,
    provider::{Flows, Provider, Providers},
    settings::{ProviderSettings, Settings},
};

/// The scope that brings a refresh token.
const OFFLINE_ACCESS: &str = "offline_access";

/// What all clients have in common.
pub(super) struct Clients {
    network: Network,
    clock: Clock,
    keys: KeyCache,
}

/// Puts the one HTTP client into a builder.
pub(super) struct Network(Box<dyn Fn(EntraClientBuilder) -> EntraClientBuilder + Send>);

impl Network {
    pub(super) fn new(client: impl HttpClient) -> Network {
        let client = Arc::new(Measured(client));
        Network(Box::new(move |builder| builder.http_client(client.clone())))
    }
}

impl Clients {
    pub(super) fn new(network: Network, clock: Clock) -> Clients {
        Clients { network, clock, keys: KeyCache::new() }
    }

    /// Those of the site with this name and these settings: Microsoft, and the providers beside it.
    pub(super) fn providers(&self, site: &str, settings: &Settings) -> Result<Providers, SsoError> {
        let place = Place { instance: &settings.prefix, site };
        let (authority, registration) = (settings.authority().map_err(one)?, settings.registration().map_err(one)?);
        let flows = self.flows(settings, &authority, &registration)?;
        let client = self.microsoft(settings, authority, registration)?;
        let main = Provider::microsoft(place, client, flows, settings.text.clone());
        let others = settings.providers().map_err(one)?.into_iter();
        let others = others.map(|provider| self.beside_microsoft(place, settings, provider));
        let providers = Providers::new(main, others.collect::<Result<_, _>>()?);
        // Two of the same owner could not be told apart, and one's answers would count for the other (S5).
        match providers.twins() {
            Some((one, other)) => Err(refused(format!(
                "`[[provider]]` {} and {} are the same application at the same authority",
                quoted(one),
                quoted(other)
            ))),
            None => Ok(providers),
        }
    }

    /// The same B2C directory, by its other user flows.
    fn flows(
        &self,
        settings: &Settings,
        authority: &Authority,
        registration: &Registration,
    ) -> Result<Flows, SsoError> {
        let policies = settings.policies().map_err(one)?;
        let client = |policy: Option<Policy>| match policy {
            Some(policy) => self.microsoft(settings, authority.with_policy(&policy)?, registration.clone()).map(Some),
            None => Ok(None),
        };
        Ok(Flows { reset_password: client(policies.reset)?, edit_profile: client(policies.edit)? })
    }

    /// A standard provider: nothing that the settings say of Microsoft means it.
    fn beside_microsoft(
        &self,
        place: Place<'_>,
        settings: &Settings,
        provider: ProviderSettings,
    ) -> Result<Provider, SsoError> {
        let builder = EntraClient::builder(provider.authority, provider.registration).scopes(provider.scopes);
        Ok(Provider::named(place, &provider.name, self.build(settings, builder)?, provider.text))
    }

    /// One of Microsoft's authorities, with what the settings say of Microsoft.
    fn microsoft(
        &self,
        settings: &Settings,
        authority: Authority,
        registration: Registration,
    ) -> Result<EntraClient, SsoError> {
        let scopes = scopes(settings, &authority);
        let mut builder = EntraClient::builder(authority, registration)
            .scopes(scopes)
            .allowed_tenants(settings.allowed_tenants().map_err(one)?)
            .graph_timeout(settings.graph_timeout)
            .photo_limit(settings.photo_limit);
        if let Some(graph) = &settings.graph_url {
            builder = builder.graph_url(graph.clone());
        }
        Ok(self.build(settings, builder)?)
    }

    fn build(&self, settings: &Settings, builder: EntraClientBuilder) -> Result<EntraClient, ConfigError> {
        let builder = (self.network.0)(builder)
            .clock(self.clock.clone())
            .key_cache(self.keys.clone())
            .clock_skew(settings.clock_skew)
            .key_grace(settings.key_grace)
            .http_timeout(settings.http_timeout);
        builder.build()
    }
}

/// What every sign-in asks for. A refresh token is asked for only where it is kept (F-19).
fn scopes(settings: &Settings, authority: &Authority) -> Vec<String> {
    let default = || authority.default_scopes().iter().map(|scope| (*scope).to_owned()).collect();
    let mut scopes: Vec<String> = settings.scopes.clone().unwrap_or_else(default);
    scopes.retain(|scope| scope != OFFLINE_ACCESS);
    if settings.save_access_token {
        scopes.push(OFFLINE_ACCESS.to_owned());
    }
    scopes
}

/// A provider's name as the settings have it.
fn quoted(provider: &Provider) -> String {
    provider.name().map_or_else(|| "Microsoft".to_owned(), |name| format!("`{name}`"))
}
