//! A managed identity as federated credential
//! (<https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity>).

mod transport;

use std::{error::Error as _, fmt, sync::Arc};

use azure_core::{
    credentials::TokenCredential as _,
    http::{ClientOptions, RetryOptions, Transport},
};
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};

use crate::{
    app::{
        assertion_source::AssertionAsk,
        client_assertion::{JWT_BEARER, check_assertion},
        client_proof::ClientProof,
        managed_identity::transport::{OneDoor, Unanswered},
    },
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind},
    guid::Guid,
    http_client::SharedHttpClient,
    secret::Secret,
};

/// A user-assigned managed identity of the machine: a virtual machine (IMDS), App Service, Functions, Container Apps.
/// Entra takes no system-assigned one as federated credential. The environment tells which source it is.
#[derive(Clone)]
pub struct ManagedIdentity {
    client_id: Guid,
    /// There once a client has been built with it.
    source: Option<Arc<ManagedIdentityCredential>>,
}

impl ManagedIdentity {
    /// The identity with this client id (its own, not the application's).
    #[must_use]
    pub const fn user_assigned(client_id: Guid) -> Self {
        Self { client_id, source: None }
    }

    /// The identity's client id.
    #[must_use]
    pub const fn client_id(&self) -> Guid {
        self.client_id
    }

    /// `azure_identity` asks through our own client, once, so that there is one door to the network.
    pub(super) fn connect(&mut self, http: &SharedHttpClient) -> Result<(), ConfigError> {
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: Some(UserAssignedId::ClientId(self.client_id.to_string())),
            client_options: ClientOptions {
                transport: Some(Transport::new(Arc::new(OneDoor::new(http.clone())))),
                retry: RetryOptions::none(),
                ..ClientOptions::default()
            },
        };
        let source = ManagedIdentityCredential::new(Some(options)).map_err(|_| {
            ConfigError::new(
                ConfigErrorKind::CredentialSource,
                "the environment names a kind of managed identity other than App Service and IMDS",
            )
        })?;
        self.source = Some(source);
        Ok(())
    }

    pub(super) async fn prove(&self, ask: &AssertionAsk<'_>) -> Result<ClientProof, SignInError> {
        let unavailable = |detail: &str| SignInError::new(SignInErrorKind::CredentialUnavailable, detail);
        let (Some(source), Some(audience)) = (&self.source, ask.federated_audience) else {
            return Err(unavailable("no audience for a managed identity is known in this cloud"));
        };
        let scope = format!("{audience}/.default");
        let token = source.get_token(&[&scope], None).await.map_err(|error| unavailable(&told(&error)))?;
        let assertion = Secret::new(token.token.secret());
        check_assertion(assertion.expose()).map_err(unavailable)?;
        Ok(ClientProof::Assertion { of_type: JWT_BEARER.to_owned(), assertion })
    }
}

/// What may be told of an error: what our own transport put into it. Other texts may repeat what the endpoint said.
fn told(error: &azure_core::Error) -> String {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(unanswered) = error.downcast_ref::<Unanswered>() {
            return unanswered.to_string();
        }
        cause = error.source();
    }
    "the managed identity's endpoint answered with something else than a token".to_owned()
}

impl fmt::Debug for ManagedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedIdentity").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
