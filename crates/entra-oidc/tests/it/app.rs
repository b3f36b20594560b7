//! How the application proves itself: what each credential puts on the wire, and what cannot be one.

#[cfg(all(feature = "managed-identity", feature = "reqwest"))]
mod app_service;
mod assertion_source;
mod certificate;
mod credential;
mod log;
#[cfg(feature = "managed-identity")]
mod managed_identity;
pub(crate) mod papers;
#[cfg(feature = "pfx")]
mod pfx;
mod registration;
mod token_file;

use std::collections::BTreeMap;

use entra_oidc::{
    ConfigError, Credential, EntraClient, EntraClientBuilder, ManualClock, Registration, SignInError, Timestamp,
};
use serde_json::json;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, guid, tenant},
    signer::{CLIENT, TENANT},
};

pub(crate) use papers::{Papers, key, with_key};

const START: Timestamp = Timestamp::from_unix(1_790_000_000);
const SCOPE: &str = "https://graph.microsoft.com/.default";
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client with this credential at a Microsoft that gives a token to everybody.
struct World {
    microsoft: Microsoft,
    clock: ManualClock,
    client: EntraClient,
}

fn world(credential: impl Into<Credential>) -> World {
    world_of(Registration::new(guid(CLIENT), credential.into())).unwrap()
}

fn world_of(registration: Registration) -> Result<World, ConfigError> {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let answer = json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": "app" });
    microsoft.set(Endpoint::Token, Reply::json(&answer));
    let client = builder(registration, &microsoft, &clock).build()?;
    Ok(World { microsoft, clock, client })
}

fn builder(registration: Registration, microsoft: &Microsoft, clock: &ManualClock) -> EntraClientBuilder {
    EntraClient::builder(tenant(), registration).http_client(microsoft.clone()).clock(clock.clock())
}

fn refused(credential: impl Into<Credential>) -> ConfigError {
    match world_of(Registration::new(guid(CLIENT), credential.into())) {
        Ok(_) => panic!("accepted"),
        Err(error) => error,
    }
}

impl World {
    /// What goes into the form of one exchange.
    async fn exchange(&self) -> Result<BTreeMap<String, String>, SignInError> {
        self.client.app_token(SCOPE).await?;
        Ok(self.microsoft.last_form())
    }

    async fn assertion(&self) -> String {
        let form = self.exchange().await.unwrap();
        assert_eq!(form["client_assertion_type"], JWT_BEARER);
        assert_eq!(form["client_id"], CLIENT);
        assert!(!form.contains_key("client_secret"));
        form["client_assertion"].clone()
    }
}
