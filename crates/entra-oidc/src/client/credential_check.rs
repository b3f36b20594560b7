use crate::{
    app::CredentialKind,
    client::EntraClient,
    clock::Timestamp,
    error::{SignInError, SignInErrorKind},
    provider::Cloud,
    token::request::Grant,
};

/// What became of one credential when it was tried.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CredentialCheck {
    /// Which kind it is. The checks stand in the order of the registration's list.
    pub kind: CredentialKind,
    /// Whether the token endpoint takes it.
    pub outcome: CredentialOutcome,
    /// When it stops working, as far as that can be known.
    pub expires_at: Option<Timestamp>,
}

/// Whether the token endpoint takes a credential.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CredentialOutcome {
    /// It does.
    Accepted,
    /// It does not, or the credential cannot be had.
    Refused(SignInError),
    /// Nobody knows, for this reason.
    NotChecked(&'static str),
}

impl EntraClient {
    /// Tries every credential with a request for an application token (`client_credentials`), whose answer is thrown
    /// away. Only an organisation's authority can be asked that: where it cannot, each outcome is
    /// [`NotChecked`](CredentialOutcome::NotChecked).
    pub async fn check_credentials(&self) -> Vec<CredentialCheck> {
        let prepared = match self.application_scope() {
            Err(why) => Err(CredentialOutcome::NotChecked(why)),
            Ok(scope) => match self.0.published.metadata().await {
                Ok(metadata) => Ok((scope, metadata)),
                Err(_) => Err(CredentialOutcome::NotChecked("the authority's metadata cannot be had")),
            },
        };
        let mut checks = Vec::new();
        for credential in self.0.registration.credentials() {
            let outcome = match &prepared {
                Err(outcome) => outcome.clone(),
                Ok((scope, metadata)) => {
                    let grant = Grant::Application { scope };
                    self.redeem_with(credential, metadata, &grant)
                        .await
                        .map_or_else(judge, |_| CredentialOutcome::Accepted)
                }
            };
            checks.push(CredentialCheck { kind: credential.kind(), outcome, expires_at: credential.expires_at() });
        }
        checks
    }

    /// What an application token can be asked for.
    fn application_scope(&self) -> Result<String, &'static str> {
        let authority = &self.0.authority;
        // Federated credentials and application tokens for Graph exist at the same authorities: directories of Entra.
        if authority.credential_audience().is_none() {
            return Err("this authority gives no application tokens for Graph");
        }
        if !self.is_of_one_organisation() {
            return Err("application tokens need the authority of one organisation");
        }
        let host = authority.cloud().and_then(Cloud::graph_host);
        host.map(|host| format!("https://{host}/.default")).ok_or("the cloud's Graph is not known")
    }
}

/// Sorts a refusal. One that is about the scope says nothing of the credential.
fn judge(error: SignInError) -> CredentialOutcome {
    let refusal = error.microsoft().map(|microsoft| microsoft.error.as_str());
    match (error.kind(), refusal) {
        (SignInErrorKind::TokenEndpointUnreachable | SignInErrorKind::MicrosoftUnavailable, _) => {
            CredentialOutcome::NotChecked("the token endpoint does not answer")
        }
        (SignInErrorKind::TokenEndpointRefused, Some("invalid_resource" | "invalid_scope")) => {
            CredentialOutcome::NotChecked("the token endpoint does not like the question")
        }
        _ => CredentialOutcome::Refused(error),
    }
}
