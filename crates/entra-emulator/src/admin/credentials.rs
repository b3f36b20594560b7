//! Credentials of applications, and the tokens that another process brings as assertions.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, json as json_answer};
use crate::call::Call;
use crate::directory::{DirectoryError, FederatedCredential};
use crate::managed_identity;
use crate::workload;

use super::reply::{result, with_body};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificate {
    app: String,
    pem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trust {
    app: String,
    name: String,
    issuer: String,
    subject: String,
    audience: String,
    jwks: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Projected {
    subject: String,
    audience: String,
}

/// Registers a certificate.
pub(super) fn certificate(call: &Call<'_>) -> Answer {
    with_body(call, |body: Certificate| result(call.service.directory.add_certificate(&body.app, &body.pem)))
}

/// Adds a federated identity credential.
pub(super) fn trust(call: &Call<'_>) -> Answer {
    with_body(call, |body: Trust| {
        let add = || -> Result<(), DirectoryError> {
            let mut credential = FederatedCredential::new(&body.name, &body.issuer, &body.subject, &body.audience);
            if let Some(jwks) = &body.jwks {
                credential = credential.jwks(&jwks.to_string())?;
            }
            call.service.directory.add_federated_credential(&body.app, credential)
        };
        result(add())
    })
}

/// A token of the cluster that the emulator plays.
pub(super) fn workload_token(call: &Call<'_>) -> Answer {
    with_body(call, |body: Projected| {
        let token = workload::token(call.service, &body.subject, &body.audience);
        json_answer(200, &json!({ "issuer": workload::issuer(call.service), "token": token }))
    })
}

/// What App Service would put into the environment.
pub(super) fn app_service(call: &Call<'_>) -> Answer {
    let variables = managed_identity::environment(call.service).into_iter();
    let variables = variables.map(|(name, value)| (name.to_owned(), Value::from(value)));
    json_answer(200, &Value::Object(variables.collect()))
}
