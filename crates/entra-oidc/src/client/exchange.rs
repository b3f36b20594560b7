//! One exchange at the token endpoint, in the name of the application.

use crate::{
    app::{AssertionAsk, Credential},
    client::EntraClient,
    error::{RequestIds, SignInError, SignInErrorKind},
    http_client::{HttpErrorKind, Limits, retry_after},
    provider::Metadata,
    token::{
        request::{Grant, token_request},
        response::{LIMIT, TokenResponse, token_response},
    },
};

impl EntraClient {
    /// Tries the credentials in their order; the next one only when this one cannot be had or is not accepted. A
    /// refusal of the application comes before the grant is looked at, so the code is still good for the next one.
    pub(super) async fn redeem(&self, metadata: &Metadata, grant: &Grant<'_>) -> Result<TokenResponse, SignInError> {
        let credentials = self.0.registration.credentials();
        for credential in &credentials[..credentials.len() - 1] {
            match self.redeem_with(credential, metadata, grant).await {
                Err(error) if is_about_the_credential(&error) => {
                    tracing::warn!(credential = credential.kind().as_str(), %error, "trying the next credential");
                }
                outcome => return outcome,
            }
        }
        self.redeem_with(&credentials[credentials.len() - 1], metadata, grant).await
    }

    /// As this credential and no other.
    pub(super) async fn redeem_with(
        &self,
        credential: &Credential,
        metadata: &Metadata,
        grant: &Grant<'_>,
    ) -> Result<TokenResponse, SignInError> {
        let inside = &*self.0;
        let client_id = inside.registration.client_id();
        let ask = AssertionAsk {
            client_id,
            token_endpoint: metadata.token_endpoint(),
            federated_audience: inside.authority.credential_audience(),
            now: inside.clock.now(),
        };
        let proof = credential.prove(&ask).await?;
        let mut request =
            token_request(metadata.token_endpoint(), client_id, &proof, grant, inside.authority.resource())?;
        let ids = self.names_requests().then(|| RequestIds::name(request.headers_mut()));
        let response = inside.http.send(request, Limits::new(LIMIT, inside.http_timeout)).await.map_err(|error| {
            let kind = match error.kind() {
                HttpErrorKind::TooLarge => SignInErrorKind::TokenResponseInvalid,
                _ => SignInErrorKind::TokenEndpointUnreachable,
            };
            SignInError::new(kind, error.to_string()).asked_as(ids.clone())
        })?;
        let ids = ids.map(|ids| ids.answered(response.headers()));
        match token_response(response.status(), response.body(), inside.clock.now()) {
            Ok(answer) => Ok(TokenResponse { ids, ..answer }),
            Err(error) => {
                let error = error.without(grant.secrets().iter().chain([proof.secret()]));
                Err(error.after(retry_after(response.headers())).asked_as(ids))
            }
        }
    }

    /// Nobody but Microsoft knows what `client-request-id` is.
    fn names_requests(&self) -> bool {
        !self.0.authority.asks_user_info()
    }
}

/// Whether another credential may do better: this one cannot be had, or the token endpoint does not accept it.
fn is_about_the_credential(error: &SignInError) -> bool {
    match error.kind() {
        SignInErrorKind::CredentialUnavailable | SignInErrorKind::CredentialExpired => true,
        SignInErrorKind::TokenEndpointRefused => {
            error.microsoft().is_some_and(|microsoft| microsoft.error == "invalid_client")
        }
        _ => false,
    }
}
