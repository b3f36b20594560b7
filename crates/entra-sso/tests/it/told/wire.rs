//! What goes to Microsoft and comes back: everything secret in it is noted.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use entra_sso::oidc::{HttpClient, HttpError, Limits, ReqwestClient, ReqwestSettings};
use http::{Request, Response};
use serde_json::Value;

/// Fields of a form, and members of an answer.
const SENT: [&str; 5] = ["client_secret", "client_assertion", "code", "code_verifier", "refresh_token"];
const RECEIVED: [&str; 3] = ["access_token", "id_token", "refresh_token"];

#[derive(Clone)]
pub(super) struct Wire {
    client: Arc<ReqwestClient>,
    /// By what it is.
    pub(super) secrets: Arc<Mutex<Vec<(String, String)>>>,
    /// What our requests are called.
    pub(super) names: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    pub(super) fn new() -> Wire {
        let client = ReqwestClient::new(&ReqwestSettings::new()).expect("a client");
        Wire { client: Arc::new(client), secrets: Arc::default(), names: Arc::default() }
    }

    /// The last of this kind.
    pub(super) fn last(&self, kind: &str) -> String {
        let secrets = self.secrets.lock().unwrap();
        secrets.iter().rev().find(|(known, _)| known == kind).expect("one was seen").1.clone()
    }

    fn note(&self, name: &str, value: &str) {
        self.secrets.lock().unwrap().push((name.to_owned(), value.to_owned()));
    }

    fn read(&self, request: &Request<Bytes>) {
        for (name, value) in url::form_urlencoded::parse(request.body()) {
            if SENT.contains(&&*name) {
                self.note(&name, &value);
            }
        }
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        if let Some((_, value)) = header("authorization").and_then(|value| value.split_once(' ')) {
            self.note("authorization", value);
        }
        self.names.lock().unwrap().extend(header("client-request-id").map(str::to_owned));
    }
}

impl HttpClient for Wire {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        self.read(&request);
        let answer = self.client.send(request, limits).await?;
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        for name in RECEIVED {
            if let Some(value) = body.get(name).and_then(Value::as_str) {
                self.note(name, value);
            }
        }
        Ok(answer)
    }
}
